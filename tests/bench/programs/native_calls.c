/* A plugin, and the same function called by C alone. */
#include "alas_plugin.h"

static alas_status add(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(args[0].as_int + args[1].as_int);
    return ALAS_OK;
}

static alas_status first(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const double *items;
    size_t length;
    alas_status status = alas_floats(call, args[0], &items, &length);
    (void)nargs;
    if (status == ALAS_OK) *result = alas_int((int64_t)items[0]);
    return status;
}

static const alas_function functions[] = {{"add", add, 2, 0}, {"first", first, 1, 0}};
ALAS_PLUGIN(MODULE, functions, NULL, NULL)

ALAS_EXPORT int64_t run(int64_t n);
int64_t run(int64_t n) {
    alas_native_function volatile function = add;
    int64_t sum = 0;
    for (int64_t i = 0; i < n; i++) {
        alas_value args[2] = {alas_int(sum), alas_int(i)}, result = alas_void();
        if (function(NULL, args, 2, &result) != ALAS_OK) return -1;
        sum = result.as_int;
    }
    return sum;
}

/* What ctypes and cffi call. */
ALAS_EXPORT int64_t plain_add(int64_t a, int64_t b);
int64_t plain_add(int64_t a, int64_t b) { return a + b; }
