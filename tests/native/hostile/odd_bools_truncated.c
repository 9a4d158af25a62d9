/* Bools are other bytes than 0 and 1 after their array was shortened, which leaves them where they are.
 *
 * signature: (value: string) -> array<bool>
 * expected: returns [true, true]
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    uint8_t *items;
    const uint8_t *seen;
    size_t count;
    alas_status status = alas_new_bools(call, 3, &items, result);
    if (status == ALAS_OK) {
        status = alas_array_truncate(call, *result, 2);
    }
    if (status == ALAS_OK) {
        items[0] = 2, items[1] = 200;
        status = alas_bools(call, *result, &seen, &count);
    }
    if (status == ALAS_OK && (count != 2 || seen[0] != 1 || seen[1] != 1)) {
        return alas_fail(call, "no_bools", "other bytes than those of bools are lent");
    }
    if (status == ALAS_OK) {
        items[0] = 3;
    }
    return status;
}

HOSTILE_PLUGIN
