/* There is no place for the result of a function.
 *
 * expected: fails null_pointer: no place for the result
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    const alas_value number = alas_int(1);
    return alas_invoke(call, "twice", &number, 1, NULL);
}

HOSTILE_PLUGIN
