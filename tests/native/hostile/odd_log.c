/* Lines of the log are null, endless, of a level that there is none of, and meant for terminals.
 *
 * expected: returns 4
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    int written = 0;
    written += alas_log(call, 99, "a level of its own") == ALAS_OK;
    written += alas_log(call, ALAS_LOG_INFO, NULL) == ALAS_OK;
    written += call->host->log(call, -5, "endless", SIZE_MAX) == ALAS_OK;
    written += alas_log(call, ALAS_LOG_WARNING, "two\nlines\033[2J \xff") == ALAS_OK;
    *result = alas_int(written);
    return ALAS_OK;
}

HOSTILE_PLUGIN
