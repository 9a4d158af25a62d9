/* There is no place for a text.
 *
 * expected: fails null_pointer: no place for the result
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    const char *bytes = NULL;
    size_t length = 0;
    (void)bytes, (void)length;
    return alas_text(call, args[0], NULL, &length);
}

HOSTILE_PLUGIN
