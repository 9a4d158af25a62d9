/* There is no place for the result of a function, which therefore does not run.
 *
 * expected: fails null_pointer: no place for the result
 */
#include "hostile.h"

static int calls;

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)result;
    if (++calls > 1) {
        return ALAS_OK;
    }
    const alas_status status = alas_invoke(call, "mistake", args, nargs, NULL);
    return calls > 1 ? alas_fail(call, "has_run", "the function has run") : status;
}

HOSTILE_PLUGIN
