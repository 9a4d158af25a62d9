/* A struct lacks a field.
 *
 * signature: (value: string) -> Point
 * expected: raises native_error: declares to return `Point`
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    alas_status status = alas_new_map(call, 1, result);
    return status != ALAS_OK ? status : alas_map_put(call, *result, "x", alas_int(1));
}

HOSTILE_PLUGIN
