/* What an earlier call made is returned.
 *
 * call: ["first"]
 * call: ["second"]
 * expected: fails expired_handle
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    static alas_value kept;
    if (kept.tag == ALAS_VOID) {
        alas_status status = alas_new_string(call, "kept", &kept);
        *result = alas_void();
        return status;
    }
    *result = kept;
    return ALAS_OK;
}

HOSTILE_PLUGIN
