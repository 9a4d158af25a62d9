/* The index of a handle was made up.
 *
 * expected: fails expired_handle
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    alas_value forged = args[0];
    const char *bytes;
    size_t length;
    forged.index = 4000000000u;
    return alas_text(call, forged, &bytes, &length);
}

HOSTILE_PLUGIN
