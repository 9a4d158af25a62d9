/* There is a result, but the function has failed.
 *
 * expected: fails changed_my_mind: changed my mind
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    *result = alas_int(5);
    return alas_fail(call, "changed_my_mind", "changed my mind");
}

HOSTILE_PLUGIN
