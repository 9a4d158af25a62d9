/* A text is no UTF-8.
 *
 * expected: fails invalid_utf8: a text that is no UTF-8
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    return alas_new_string(call, "\xff\xfe", result);
}

HOSTILE_PLUGIN
