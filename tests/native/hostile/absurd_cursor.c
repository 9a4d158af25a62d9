/* A cursor was never given out; there is nothing behind it.
 *
 * call: [{"a": 1}]
 * expected: returns true
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    size_t cursor = SIZE_MAX;
    alas_value key, item;
    *result = alas_bool(alas_map_next(call, args[0], &cursor, &key, &item) == ALAS_NOT_FOUND);
    return ALAS_OK;
}

HOSTILE_PLUGIN
