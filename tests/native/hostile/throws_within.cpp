/* An exception leaves a function that the function has called.
 *
 * signature: (value: int) -> any
 * call: [1]
 * expected: fails -: ended by an exception of C++
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    if (args[0].as_int == 0) {
        throw args[0].as_int;
    }
    const alas_value nothing = alas_int(0);
    return alas_invoke(call, "mistake", &nothing, 1, result);
}

HOSTILE_PLUGIN
