/* A handle is used whose scope was closed, when another value has been made since.
 *
 * expected: fails expired_handle
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    size_t scope;
    alas_value other;
    alas_status status = alas_open_scope(call, &scope);
    status = status != ALAS_OK ? status : alas_new_string(call, "within", result);
    status = status != ALAS_OK ? status : alas_close_scope(call, scope);
    return status != ALAS_OK ? status : alas_new_string(call, "another", &other);
}

HOSTILE_PLUGIN
