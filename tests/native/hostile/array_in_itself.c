/* An array is put into itself, which puts in what it was.
 *
 * expected: returns [[]]
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    alas_status status = alas_new_array(call, 1, result);
    return status != ALAS_OK ? status : alas_array_push(call, *result, *result);
}

HOSTILE_PLUGIN
