/* Bools are other bytes than 0 and 1.
 *
 * signature: (value: string) -> array<bool>
 * expected: returns [true, false, true]
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    uint8_t *items;
    alas_status status = alas_new_bools(call, 3, &items, result);
    if (status == ALAS_OK) {
        items[0] = 7, items[2] = 255;
    }
    return status;
}

HOSTILE_PLUGIN
