/* A map is to have more room than memory.
 *
 * expected: fails too_large
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    return alas_new_map(call, SIZE_MAX, result);
}

HOSTILE_PLUGIN
