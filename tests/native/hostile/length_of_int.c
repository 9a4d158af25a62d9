/* A number has no length.
 *
 * expected: fails wrong_kind
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    size_t length;
    return alas_length(call, alas_int(5), &length);
}

HOSTILE_PLUGIN
