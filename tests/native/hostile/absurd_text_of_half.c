/* A text is longer than memory.
 *
 * expected: fails too_large: bytes
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    return alas_new_text(call, "text", SIZE_MAX / 2, result);
}

HOSTILE_PLUGIN
