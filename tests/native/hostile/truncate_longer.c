/* An array is shortened to more than it has.
 *
 * expected: fails out_of_bounds
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    alas_status status = alas_new_array(call, 1, result);
    return status != ALAS_OK ? status : alas_array_truncate(call, *result, 5);
}

HOSTILE_PLUGIN
