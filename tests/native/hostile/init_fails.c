/* It cannot begin, and says why.
 *
 * expected: load init_failed: no licence to be hostile (no_licence)
 */
#include "alas_plugin.h"

static alas_status twice(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(2 * args[0].as_int);
    return ALAS_OK;
}

static alas_status begin(alas_call *call) { return alas_fail(call, "no_licence", "no licence to be hostile"); }

static const alas_function functions[] = {{"mistake", twice, 1, 0}, {"twice", twice, 1, 0}};
ALAS_PLUGIN("hostile", functions, begin, NULL)
