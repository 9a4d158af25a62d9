/* Something is stored in an array that is said to be a map.
 *
 * expected: fails invalid_handle: wrong tag
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    alas_value forged;
    alas_status status = alas_new_array(call, 1, &forged);
    forged.tag = ALAS_MAP;
    return status != ALAS_OK ? status : alas_map_put(call, forged, "key", alas_int(1));
}

HOSTILE_PLUGIN
