/* A function without a name is called.
 *
 * expected: raises function_not_found: the module `hostile` has no function ``
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, NULL, args, 1, result);
}

HOSTILE_PLUGIN
