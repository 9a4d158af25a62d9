/* An element is asked for that there is none of.
 *
 * call: [[1, 2, 3]]
 * expected: fails out_of_bounds: element 3 of an array of 3
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_array_get(call, args[0], 3, result);
}

HOSTILE_PLUGIN
