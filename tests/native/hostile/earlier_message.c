/* The message of an earlier call is not that of this one.
 *
 * call: ["a"]
 * call: ["b"]
 * expected: fails -: failed with the status 1, without saying why
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    static int calls;
    if (calls++ == 0) {
        (void)alas_fail(call, "earlier", "of an earlier call");
        return ALAS_OK;
    }
    return ALAS_ERROR;
}

HOSTILE_PLUGIN
