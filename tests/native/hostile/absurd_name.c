/* A function has an endless name.
 *
 * expected: fails too_large: the name of a function
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return call->host->invoke(call, "twice", SIZE_MAX, args, 1, result);
}

HOSTILE_PLUGIN
