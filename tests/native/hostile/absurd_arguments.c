/* A function is called with endless arguments.
 *
 * expected: fails too_large: arguments
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, "twice", args, SIZE_MAX, result);
}

HOSTILE_PLUGIN
