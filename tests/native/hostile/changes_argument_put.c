/* Something is stored in an argument.
 *
 * call: [{"a": 1}]
 * expected: fails read_only: an argument cannot be changed
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    return alas_map_put(call, args[0], "b", alas_int(4));
}

HOSTILE_PLUGIN
