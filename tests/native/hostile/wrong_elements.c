/* An array has other elements than the manifest says.
 *
 * signature: (value: string) -> array<int>
 * expected: raises native_error: declares to return `array<int>`
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    double *items;
    return alas_new_floats(call, 1, &items, result);
}

HOSTILE_PLUGIN
