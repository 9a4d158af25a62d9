/* A text is null, and has a length.
 *
 * expected: fails null_pointer: null for a text
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    return alas_new_text(call, NULL, 5, result);
}

HOSTILE_PLUGIN
