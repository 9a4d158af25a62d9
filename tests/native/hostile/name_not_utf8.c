/* A name is no UTF-8.
 *
 * expected: load invalid_descriptor: the name of function number 1 is no UTF-8
 */
#include "alas_plugin.h"

static alas_status twice(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(2 * args[0].as_int);
    return ALAS_OK;
}

static const alas_function functions[] = {{"mistake", twice, 1, 0}, {"twice\xff", twice, 1, 0}};
ALAS_PLUGIN("hostile", functions, NULL, NULL)
