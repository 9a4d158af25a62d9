/* It fails with neither code nor message.
 *
 * expected: fails -: failed without saying why
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    return alas_fail(call, NULL, NULL);
}

HOSTILE_PLUGIN
