/* There is no place for a scope.
 *
 * expected: fails null_pointer: no place for the result
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    return alas_open_scope(call, NULL);
}

HOSTILE_PLUGIN
