/* The function calls itself without end.
 *
 * expected: raises call_depth_exceeded
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, "mistake", args, 1, result);
}

HOSTILE_PLUGIN
