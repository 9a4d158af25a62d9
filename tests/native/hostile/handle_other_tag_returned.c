/* A handle is returned with another tag.
 *
 * expected: fails invalid_handle: wrong tag
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = args[0];
    result->tag = ALAS_MAP;
    return ALAS_OK;
}

HOSTILE_PLUGIN
