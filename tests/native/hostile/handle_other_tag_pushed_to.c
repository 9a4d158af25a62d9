/* Something is appended to a text that is said to be an array.
 *
 * expected: fails invalid_handle: wrong tag
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    alas_value forged;
    alas_status status = alas_new_string(call, "text", &forged);
    forged.tag = ALAS_ARRAY;
    return status != ALAS_OK ? status : alas_array_push(call, forged, alas_int(1));
}

HOSTILE_PLUGIN
