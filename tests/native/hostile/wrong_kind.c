/* A text is read as an array.
 *
 * expected: fails wrong_kind: asked for an array, but the value is a text
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    const int64_t *items;
    size_t length;
    return alas_ints(call, args[0], &items, &length);
}

HOSTILE_PLUGIN
