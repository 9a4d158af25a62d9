/* An array is longer than memory.
 *
 * expected: fails too_large
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    double *items;
    return alas_new_floats(call, SIZE_MAX, &items, result);
}

HOSTILE_PLUGIN
