/* There is no result where there should be one.
 *
 * signature: (value: string) -> string
 * expected: raises native_error: declares to return `string`: expected `string`, found void
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs, (void)result;
    return ALAS_OK;
}

HOSTILE_PLUGIN
