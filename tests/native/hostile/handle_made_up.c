/* A handle was made up.
 *
 * expected: fails expired_handle
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs;
    result->tag = ALAS_TEXT;
    result->handle = 12345;
    return ALAS_OK;
}

HOSTILE_PLUGIN
