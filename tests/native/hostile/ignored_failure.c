/* A failure is noted, and the function returns well all the same.
 *
 * call: [[1]]
 * expected: returns 5
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    (void)alas_array_get(call, args[0], 1000, result);
    (void)alas_fail(call, "ignored", "nobody looks at this");
    *result = alas_int(5);
    return ALAS_OK;
}

HOSTILE_PLUGIN
