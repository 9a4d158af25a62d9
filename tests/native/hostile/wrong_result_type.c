/* The result has another type than the manifest says.
 *
 * signature: (value: string) -> string
 * expected: raises native_error: `hostile.mistake`, which native code of the plugin `hostile` implements, declares to return `string`: expected `string`, found an int
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs;
    *result = alas_int(1);
    return ALAS_OK;
}

HOSTILE_PLUGIN
