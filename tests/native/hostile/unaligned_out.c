/* The place for a new value is where none can be.
 *
 * expected: fails null_pointer: no place for the result
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    char places[2 * sizeof(alas_value)];
    return alas_new_array(call, 0, (alas_value *)(void *)(places + 1 + (uintptr_t)places % 2));
}

HOSTILE_PLUGIN
