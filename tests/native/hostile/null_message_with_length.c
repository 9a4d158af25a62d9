/* The message is null, and long.
 *
 * expected: fails no_message: failed: no_message
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    return call->host->fail(call, "no_message", 10, NULL, 100);
}

HOSTILE_PLUGIN
