/* A function is called with an argument of no kind.
 *
 * expected: fails invalid_value: the tag 99
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    alas_value odd = args[0];
    odd.tag = 99;
    return alas_invoke(call, "twice", &odd, 1, result);
}

HOSTILE_PLUGIN
