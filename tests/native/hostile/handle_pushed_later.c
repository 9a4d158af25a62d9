/* What an earlier call made is put into an array.
 *
 * call: ["first"]
 * call: ["second"]
 * expected: fails expired_handle
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    static alas_value kept;
    alas_status status = alas_new_array(call, 1, result);
    if (status == ALAS_OK && kept.tag == ALAS_VOID) {
        return alas_new_string(call, "kept", &kept);
    }
    return status != ALAS_OK ? status : alas_array_push(call, *result, kept);
}

HOSTILE_PLUGIN
