/* The message is no UTF-8.
 *
 * expected: fails odd: �(
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    return alas_fail(call, "odd", "\xc3\x28");
}

HOSTILE_PLUGIN
