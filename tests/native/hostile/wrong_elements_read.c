/* Floats are read as ints.
 *
 * call: [[0.5]]
 * expected: fails wrong_kind: the value is an array of floats
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    const int64_t *items;
    size_t length;
    return alas_ints(call, args[0], &items, &length);
}

HOSTILE_PLUGIN
