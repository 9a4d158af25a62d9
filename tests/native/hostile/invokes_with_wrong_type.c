/* A function is called with an argument of another type.
 *
 * expected: raises type_error: `hostile.mistake` of the plugin `hostile` called `hostile.twice`: parameter `number` of `twice`
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    return alas_invoke(call, "twice", args, 1, result);
}

HOSTILE_PLUGIN
