/* An enum has a word that is not among its own.
 *
 * signature: (value: string) -> Colour
 * expected: raises native_error: declares to return `Colour`
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    return alas_new_string(call, "blue", result);
}

HOSTILE_PLUGIN
