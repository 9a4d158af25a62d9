/* It calls a function before it has begun.
 *
 * expected: load init_failed: no module `hostile` is loaded
 */
#include "alas_plugin.h"

static alas_status twice(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(2 * args[0].as_int);
    return ALAS_OK;
}

static alas_status begin(alas_call *call) {
    alas_value number = alas_int(1);
    return alas_invoke(call, "twice", &number, 1, &number);
}

static const alas_function functions[] = {{"mistake", twice, 1, 0}, {"twice", twice, 1, 0}};
ALAS_PLUGIN("hostile", functions, begin, NULL)
