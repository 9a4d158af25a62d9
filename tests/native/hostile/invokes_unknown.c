/* A function is called that does not exist.
 *
 * expected: raises function_not_found: `hostile.mistake` of the plugin `hostile` called `hostile.unknown`: the module `hostile` has no function `unknown`
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, "unknown", args, 1, result);
}

HOSTILE_PLUGIN
