/* A function uses the call of the one that waits for it: its handles are no business of this one.
 *
 * expected: fails expired_handle
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    static alas_call *outer;
    if (outer == NULL) {
        const alas_value nothing = alas_int(0);
        outer = call;
        return alas_invoke(call, "mistake", &nothing, 1, result);
    }
    return alas_new_array(outer, 0, result);
}

HOSTILE_PLUGIN
