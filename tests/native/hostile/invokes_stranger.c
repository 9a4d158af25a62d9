/* A function of a module is called that the plugin does not depend on.
 *
 * expected: raises permission_denied: `hostile.mistake` of the plugin `hostile` called `good.twice`: native code may call functions of its own module and of its dependencies only; add the plugin with the module `good` to its dependencies
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, "good.twice", args, 1, result);
}

HOSTILE_PLUGIN
