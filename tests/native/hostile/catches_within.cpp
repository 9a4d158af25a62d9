/* A function that it calls throws; it goes on.
 *
 * signature: (value: int) -> int
 * call: [1]
 * expected: returns 9
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    if (args[0].as_int == 0) {
        throw args[0].as_int;
    }
    const alas_value nothing = alas_int(0);
    if (alas_invoke(call, "mistake", &nothing, 1, result) == ALAS_OK) {
        return alas_fail(call, "wrong", "it was to throw");
    }
    *result = alas_int(9);
    return ALAS_OK;
}

HOSTILE_PLUGIN
