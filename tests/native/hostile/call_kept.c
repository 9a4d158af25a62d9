/* A call is kept, and used when it is over while another one runs.
 *
 * signature: (value: int) -> any
 * call: [1]
 * expected: fails -: `hostile.mistake` of the plugin `hostile` failed with the status 1: the plugin used a call that was over, or null
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    static alas_call *kept;
    if (args[0].as_int == 0) {
        kept = call;
        return ALAS_OK;
    }
    const alas_value nothing = alas_int(0);
    alas_status status = alas_invoke(call, "mistake", &nothing, 1, result);
    return status != ALAS_OK ? alas_fail(call, "wrong", "the first call is right") : alas_new_array(kept, 0, result);
}

HOSTILE_PLUGIN
