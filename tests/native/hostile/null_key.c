/* A key is null, and has a length.
 *
 * call: [{"a": 1}]
 * expected: fails null_pointer: null for a key
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return call->host->map_get(call, args[0], NULL, 5, result);
}

HOSTILE_PLUGIN
