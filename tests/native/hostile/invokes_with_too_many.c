/* A function is called with too many arguments.
 *
 * expected: raises argument_count: `hostile.mistake` of the plugin `hostile` called `hostile.twice`: `hostile.twice` takes 1 argument
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    const alas_value numbers[2] = {alas_int(1), alas_int(2)};
    return alas_invoke(call, "twice", numbers, 2, result);
}

HOSTILE_PLUGIN
