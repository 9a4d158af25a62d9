/* An inner scope is closed after the outer one, which has closed it already.
 *
 * expected: fails scope_closed
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    size_t outer, inner;
    alas_value made;
    alas_status status = alas_open_scope(call, &outer);
    status = status != ALAS_OK ? status : alas_new_array(call, 0, &made);
    status = status != ALAS_OK ? status : alas_open_scope(call, &inner);
    status = status != ALAS_OK ? status : alas_close_scope(call, outer);
    return status != ALAS_OK ? status : alas_close_scope(call, inner);
}

HOSTILE_PLUGIN
