/* Bools are written after they were put into another array, which has those of before.
 *
 * signature: (value: string) -> array<array<bool>>
 * expected: returns [[true, false], [true, false]]
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    uint8_t *items;
    alas_value bools;
    alas_status status = alas_new_bools(call, 2, &items, &bools);
    if (status == ALAS_OK) {
        items[0] = 200;
        status = alas_new_array(call, 2, result);
    }
    for (int i = 0; status == ALAS_OK && i < 2; i++) {
        status = alas_array_push(call, *result, bools);
    }
    if (status == ALAS_OK) {
        items[1] = 3;
    }
    return status;
}

HOSTILE_PLUGIN
