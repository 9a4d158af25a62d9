/* A function of the standard library is called without depending on it.
 *
 * expected: raises permission_denied: native code has its own language's
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, "math.sqrt", args, 1, result);
}

HOSTILE_PLUGIN
