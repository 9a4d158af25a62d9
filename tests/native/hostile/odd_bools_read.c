/* Bools that are other bytes are read again.
 *
 * signature: (value: string) -> bool
 * expected: returns true
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    uint8_t *items;
    alas_value bools;
    alas_status status = alas_new_bools(call, 1, &items, &bools);
    if (status == ALAS_OK) {
        items[0] = 2;
        status = alas_array_get(call, bools, 0, result);
    }
    return status;
}

HOSTILE_PLUGIN
