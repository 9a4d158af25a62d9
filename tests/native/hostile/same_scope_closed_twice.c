/* A scope is closed twice, one after the other.
 *
 * expected: fails scope_closed
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    size_t scope;
    alas_value made;
    alas_status status = alas_open_scope(call, &scope);
    status = status != ALAS_OK ? status : alas_new_array(call, 0, &made);
    status = status != ALAS_OK ? status : alas_close_scope(call, scope);
    return status != ALAS_OK ? status : alas_close_scope(call, scope);
}

HOSTILE_PLUGIN
