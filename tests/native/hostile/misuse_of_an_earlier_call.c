/* A null call is used and the failure ignored; a later call fails without saying why.
 *
 * signature: (value: int) -> any
 * call: [0]
 * call: [1]
 * expected: fails -: `hostile.mistake` of the plugin `hostile` failed with the status 1, without saying why
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    if (args[0].as_int == 1) {
        return ALAS_ERROR;
    }
    (void)call->host->new_array(NULL, 0, result);
    *result = alas_int(0);
    return ALAS_OK;
}

HOSTILE_PLUGIN
