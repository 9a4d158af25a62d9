/* Arrays of bools are made in scopes and kept by another array, a million times: each takes as long as the first.
 *
 * expected: returns 1000000
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    alas_value all;
    alas_status status = alas_new_array(call, 0, &all);
    for (int i = 0; status == ALAS_OK && i < 1000000; i++) {
        size_t scope;
        uint8_t *items;
        alas_value bools;
        status = alas_open_scope(call, &scope);
        if (status == ALAS_OK) status = alas_new_bools(call, 2, &items, &bools);
        if (status == ALAS_OK) status = alas_array_push(call, all, bools);
        if (status == ALAS_OK) status = alas_close_scope(call, scope);
    }
    size_t length = 0;
    if (status == ALAS_OK) status = alas_length(call, all, &length);
    *result = alas_int((int64_t)length);
    return status;
}

HOSTILE_PLUGIN
