/* The message is endless.
 *
 * expected: fails endless: failed: endless
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    return call->host->fail(call, "endless", 7, "message", SIZE_MAX);
}

HOSTILE_PLUGIN
