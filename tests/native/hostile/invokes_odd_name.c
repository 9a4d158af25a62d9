/* The name of a function is no UTF-8.
 *
 * expected: fails invalid_utf8: the name of a function
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, "\xff", args, 1, result);
}

HOSTILE_PLUGIN
