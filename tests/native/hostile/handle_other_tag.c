/* The tag of a handle was changed.
 *
 * expected: fails invalid_handle: wrong tag
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    alas_value forged = args[0];
    size_t length;
    forged.tag = ALAS_ARRAY;
    return alas_length(call, forged, &length);
}

HOSTILE_PLUGIN
