/* An array is longer than memory.
 *
 * expected: fails too_large
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    uint8_t *items;
    return alas_new_bools(call, SIZE_MAX, &items, result);
}

HOSTILE_PLUGIN
