/* There is no cursor.
 *
 * call: [{"a": 1}]
 * expected: fails null_pointer: no cursor
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    alas_value key, item;
    return alas_map_next(call, args[0], NULL, &key, &item);
}

HOSTILE_PLUGIN
