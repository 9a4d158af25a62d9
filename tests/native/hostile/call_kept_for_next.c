/* A call is kept for the next one, which is either the same record or an error.
 *
 * call: ["first"]
 * call: ["second"]
 * expected: returns "second"
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    static alas_call *kept;
    if (kept == NULL) {
        kept = call;
    }
    *result = args[0];
    const char *bytes;
    size_t length;
    alas_status status = alas_text(kept, args[0], &bytes, &length);
    return status == ALAS_OK || status == ALAS_ERROR ? ALAS_OK : status;
}

HOSTILE_PLUGIN
