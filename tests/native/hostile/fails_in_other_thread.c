/* Another thread says why the call fails, which it cannot.
 *
 * expected: fails -: `hostile.mistake` of the plugin `hostile` failed with the status 1: another thread used the call
 */
#include "hostile.h"

#include <pthread.h>

static void *other(void *call) {
    (void)alas_fail((alas_call *)call, "thread", "from another thread");
    return NULL;
}

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    pthread_t thread;
    (void)pthread_create(&thread, NULL, other, call);
    (void)pthread_join(thread, NULL);
    return ALAS_ERROR;
}

HOSTILE_PLUGIN
