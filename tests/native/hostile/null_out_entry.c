/* There is no place for the value of an entry; nothing of the entry is given.
 *
 * call: [{"a": 1}]
 * expected: fails null_pointer: no place for the result
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    size_t cursor = 0;
    alas_value key = alas_void();
    const alas_status status = alas_map_next(call, args[0], &cursor, &key, NULL);
    return key.tag != ALAS_VOID || cursor != 0 ? alas_fail(call, "half", "half of the entry was given") : status;
}

HOSTILE_PLUGIN
