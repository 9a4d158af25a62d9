/* A field of the table that has to be 0 is not.
 *
 * expected: load invalid_descriptor: `reserved`, which has to be 0
 */
#include "alas_plugin.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs, (void)result;
    return ALAS_OK;
}

static const alas_function functions[] = {{"mistake", mistake, 1, 0}, {"twice", mistake, 1, 7}};
ALAS_PLUGIN("hostile", functions, NULL, NULL)
