/* A key is longer than memory.
 *
 * call: [{"a": 1}]
 * expected: fails too_large: bytes
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return call->host->map_get(call, args[0], "a", SIZE_MAX, result);
}

HOSTILE_PLUGIN
