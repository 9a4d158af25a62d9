/* A scope is closed that was never opened.
 *
 * expected: fails scope_closed
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    return alas_close_scope(call, 1000);
}

HOSTILE_PLUGIN
