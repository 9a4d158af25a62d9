/* A bool is neither 0 nor 1.
 *
 * signature: (value: string) -> bool
 * expected: returns true
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs;
    *result = alas_bool(1);
    result->as_bool = 77;
    return ALAS_OK;
}

HOSTILE_PLUGIN
