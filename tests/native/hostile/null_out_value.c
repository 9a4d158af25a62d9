/* There is no place for a new value.
 *
 * expected: fails null_pointer: no place for the result
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    return alas_new_array(call, 0, NULL);
}

HOSTILE_PLUGIN
