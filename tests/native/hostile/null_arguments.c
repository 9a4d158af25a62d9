/* Arguments are null, and there are some.
 *
 * expected: fails null_pointer: no arguments
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    return alas_invoke(call, "twice", NULL, 1, result);
}

HOSTILE_PLUGIN
