/* A map is put into itself, which puts in what it was.
 *
 * expected: returns {"self": {}}
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    alas_status status = alas_new_map(call, 1, result);
    return status != ALAS_OK ? status : alas_map_put(call, *result, "self", *result);
}

HOSTILE_PLUGIN
