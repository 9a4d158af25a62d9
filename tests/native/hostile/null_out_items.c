/* There is no place for the elements.
 *
 * expected: fails null_pointer: no place for the result
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    return alas_new_floats(call, 3, NULL, result);
}

HOSTILE_PLUGIN
