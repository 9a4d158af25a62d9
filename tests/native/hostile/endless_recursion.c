/* The function calls one in ALaS, which calls the function, and so on.
 *
 * expected: raises call_depth_exceeded
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, "again", args, 1, result);
}

HOSTILE_PLUGIN
