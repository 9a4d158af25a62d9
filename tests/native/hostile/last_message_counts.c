/* It fails twice, and the last reason counts.
 *
 * expected: fails second: the second
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    (void)alas_fail(call, "first", "the first");
    return alas_fail(call, "second", "the second");
}

HOSTILE_PLUGIN
