/* Another thread uses the call while it runs: it gets an error, and the call goes on.
 *
 * expected: returns true
 */
#include "hostile.h"

#include <pthread.h>

struct work {
    alas_call *call;
    alas_value text;
    alas_status status;
    int is_stopped;
};

static void *other(void *argument) {
    struct work *work = (struct work *)argument;
    const char *bytes;
    size_t length;
    work->status = alas_text(work->call, work->text, &bytes, &length);
    work->is_stopped = alas_should_stop(work->call);
    return NULL;
}

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    struct work work = {call, args[0], ALAS_OK, 0};
    pthread_t thread;
    (void)pthread_create(&thread, NULL, other, &work);
    (void)pthread_join(thread, NULL);
    *result = alas_bool(work.status == ALAS_ERROR && work.is_stopped);
    return ALAS_OK;
}

HOSTILE_PLUGIN
