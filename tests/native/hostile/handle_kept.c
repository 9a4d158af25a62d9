/* A handle is kept for the next call.
 *
 * call: ["first"]
 * call: ["second"]
 * expected: fails expired_handle
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs, (void)result;
    static alas_value kept;
    const char *bytes;
    size_t length;
    if (kept.tag == ALAS_VOID) {
        kept = args[0];
    }
    return alas_text(call, kept, &bytes, &length);
}

HOSTILE_PLUGIN
