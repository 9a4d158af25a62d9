/* A handle with an index that was made up is returned.
 *
 * expected: fails expired_handle
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = args[0];
    result->index = 77;
    return ALAS_OK;
}

HOSTILE_PLUGIN
