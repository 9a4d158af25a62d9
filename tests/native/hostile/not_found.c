/* It fails with a status for something else.
 *
 * call: [{}]
 * expected: fails -: failed with the status 2, without saying why
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_map_get(call, args[0], "key", result);
}

HOSTILE_PLUGIN
