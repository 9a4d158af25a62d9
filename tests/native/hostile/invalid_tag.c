/* The result is of no kind.
 *
 * expected: fails invalid_value: a value with the tag 99
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs;
    result->tag = 99;
    return ALAS_OK;
}

HOSTILE_PLUGIN
