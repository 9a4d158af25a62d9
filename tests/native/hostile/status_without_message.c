/* It fails without saying why.
 *
 * expected: fails -: failed with the status 42, without saying why
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs, (void)result;
    return 42;
}

HOSTILE_PLUGIN
