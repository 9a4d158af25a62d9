/* There is no call.
 *
 * expected: fails -: `hostile.mistake` of the plugin `hostile` failed with the status 1: the plugin used a call that was over, or null
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    return call->host->new_array(NULL, 0, result);
}

HOSTILE_PLUGIN
