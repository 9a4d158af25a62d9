/* An array within an argument is appended to: that changes the plugin's own copy, and not the argument.
 *
 * call: [[[1], [2]]]
 * expected: returns [[1], [2]]
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    alas_value inner;
    alas_status status = alas_array_get(call, args[0], 0, &inner);
    if (status == ALAS_OK) {
        status = alas_array_push(call, inner, alas_int(9));
    }
    *result = args[0];
    return status;
}

HOSTILE_PLUGIN
