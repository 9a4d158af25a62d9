/* An argument is appended to.
 *
 * call: [[1, 2, 3]]
 * expected: fails read_only: an argument cannot be changed
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    return alas_array_push(call, args[0], alas_int(4));
}

HOSTILE_PLUGIN
