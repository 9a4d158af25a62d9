/* The plugin of the tests in calls.rs. */
#include <pthread.h>
#include <stdio.h>

#include "alas_plugin.h"

#define FUNCTION(name)                                                                                                 \
    static alas_status name(alas_call *call, const alas_value *args, size_t nargs, alas_value *result)
#define UNUSED (void)call, (void)args, (void)nargs, (void)result
#define TRY(expression)                                                                                                \
    do {                                                                                                               \
        alas_status status_of_try = (expression);                                                                      \
        if (status_of_try != ALAS_OK) return status_of_try;                                                            \
    } while (0)

FUNCTION(add) {
    UNUSED;
    *result = alas_int(args[0].as_int + args[1].as_int);
    return ALAS_OK;
}

FUNCTION(address) {
    UNUSED;
    const double *items;
    size_t length;
    TRY(alas_floats(call, args[0], &items, &length));
    *result = alas_int((int64_t)(intptr_t)items);
    return ALAS_OK;
}

FUNCTION(make) {
    UNUSED;
    double *items;
    return alas_new_floats(call, (size_t)args[0].as_int, &items, result);
}

FUNCTION(made_at) {
    UNUSED;
    double *items;
    alas_value array;
    TRY(alas_new_floats(call, (size_t)args[0].as_int + 3, &items, &array));
    for (int64_t i = 0; i < args[0].as_int + 3; i++) items[i] = (double)i + 0.5;
    TRY(alas_array_truncate(call, array, (size_t)args[0].as_int));
    TRY(alas_new_array(call, 2, result));
    TRY(alas_array_push(call, *result, alas_int((int64_t)(intptr_t)items)));
    return alas_array_push(call, *result, array);
}

FUNCTION(same) {
    UNUSED;
    *result = args[0];
    return ALAS_OK;
}

FUNCTION(bools) {
    UNUSED;
    uint8_t *items;
    TRY(alas_new_bools(call, (size_t)args[0].as_int, &items, result));
    for (int64_t i = 0; i < args[0].as_int; i++) items[i] = (uint8_t)(i * 85);
    return ALAS_OK;
}

FUNCTION(count_true) {
    UNUSED;
    const uint8_t *items;
    size_t length;
    int64_t count = 0;
    TRY(alas_bools(call, args[0], &items, &length));
    for (size_t i = 0; i < length; i++) count += items[i];
    *result = alas_int(count);
    return ALAS_OK;
}

/* A map with the entries in the other order. */
FUNCTION(swap) {
    UNUSED;
    alas_value keys[16], items[16];
    size_t cursor = 0, count = 0;
    while (count < 16 && alas_map_next(call, args[0], &cursor, &keys[count], &items[count]) == ALAS_OK) count++;
    TRY(alas_new_map(call, count, result));
    while (count-- > 0) {
        const char *key;
        size_t length;
        char copy[32] = {0};
        alas_value found;
        TRY(alas_text(call, keys[count], &key, &length));
        memcpy(copy, key, length < 31 ? length : 31);
        TRY(alas_map_get(call, args[0], copy, &found));
        TRY(alas_map_put(call, *result, copy, found));
    }
    return ALAS_OK;
}

FUNCTION(many) {
    UNUSED;
    int64_t sum = 0;
    const char *text;
    size_t length;
    char made[100];
    for (int i = 0; i < 9; i++) sum += args[i].as_int;
    TRY(alas_text(call, args[9], &text, &length));
    snprintf(made, sizeof made, "%d %.*s", (int)sum, (int)length, text);
    return alas_new_string(call, made, result);
}

static alas_value kept;
static alas_call *kept_call;

FUNCTION(keep) {
    UNUSED;
    kept = args[0];
    kept_call = call;
    return ALAS_OK;
}

FUNCTION(use_kept) {
    UNUSED;
    const char *text;
    size_t length;
    /* The record is that of this call now, and the handle is none of its. */
    TRY(alas_text(kept_call, kept, &text, &length));
    return alas_new_text(call, text, length, result);
}

static void *from_thread(void *argument) {
    const char *text;
    size_t length;
    (void)argument;
    return alas_text(kept_call, kept, &text, &length) == ALAS_ERROR && alas_should_stop(kept_call) ? argument : NULL;
}

FUNCTION(other_thread) {
    UNUSED;
    pthread_t thread;
    void *is_refused = NULL;
    kept = args[0];
    kept_call = call;
    pthread_create(&thread, NULL, from_thread, &kept);
    pthread_join(thread, &is_refused);
    *result = alas_bool(is_refused != NULL);
    return ALAS_OK;
}

/* The sum of the lengths of all texts. */
FUNCTION(scopes) {
    UNUSED;
    size_t length;
    int64_t sum = 0;
    alas_value before = alas_void();
    TRY(alas_length(call, args[0], &length));
    for (size_t i = 0; i < length; i++) {
        size_t scope, bytes;
        const char *text;
        alas_value item;
        TRY(alas_open_scope(call, &scope));
        TRY(alas_array_get(call, args[0], i, &item));
        if (i > 0 && alas_text(call, before, &text, &bytes) != ALAS_ERROR)
            return alas_fail(call, "reused", "a handle means another value when its scope has ended");
        before = item;
        TRY(alas_text(call, item, &text, &bytes));
        sum += (int64_t)bytes;
        TRY(alas_close_scope(call, scope));
    }
    *result = alas_int(sum);
    return ALAS_OK;
}

FUNCTION(setting) {
    UNUSED;
    const char *key;
    size_t length;
    char copy[32] = {0};
    TRY(alas_text(call, args[0], &key, &length));
    memcpy(copy, key, length < 31 ? length : 31);
    if (alas_config(call, copy, result) == ALAS_NOT_FOUND)
        return alas_fail(call, "no_setting", "there is no such setting");
    return ALAS_OK;
}

FUNCTION(again) {
    UNUSED;
    alas_value less = alas_int(args[0].as_int - 1);
    *result = alas_int(0);
    if (args[0].as_int == 0) return ALAS_OK;
    TRY(alas_invoke(call, "again", &less, 1, result));
    *result = alas_int(result->as_int + 1);
    return ALAS_OK;
}

static alas_status begin(alas_call *call) { return alas_log(call, ALAS_LOG_INFO, "began"); }

#define ROW(name, count)                                                                                               \
    { #name, name, count, 0 }
/* Goes on, whatever comes of the line. */
FUNCTION(say) {
    UNUSED;
    const char *line;
    size_t length;
    TRY(alas_text(call, args[0], &line, &length));
    call->host->log(call, ALAS_LOG_INFO, line, length);
    *result = alas_int(1);
    return ALAS_OK;
}

/* Makes values of a kind until the host refuses. */
FUNCTION(fill) {
    UNUSED;
    const int64_t kind = args[0].as_int;
    static const char letters[1000] = {0};
    alas_value made, other;
    double *floats;
    uint8_t *bools;
    char key[32];
    TRY(kind == 4 ? alas_new_map(call, 0, &made) : alas_new_array(call, 0, &made));
    TRY(alas_new_bools(call, 1000, &bools, &other));
    for (int64_t number = 0;; number++) {
        switch (kind) {
        case 0: TRY(alas_new_text(call, letters, sizeof letters, &other)); break;
        case 1: TRY(alas_new_floats(call, 100, &floats, &other)); break;
        case 2: TRY(alas_new_array(call, number % 2, &other)); break;
        case 3: TRY(alas_array_push(call, made, alas_int(number))); break;
        case 4:
            snprintf(key, sizeof key, "%d", (int)number);
            TRY(alas_map_put(call, made, key, alas_int(number)));
            break;
        case 5: TRY(alas_array_push(call, made, other)); break;
        case 6: TRY(alas_new_map(call, 8, &other)); break;
        case 7:
            TRY(alas_new_floats(call, 1000, &floats, &other));
            TRY(alas_array_push(call, made, other));
            TRY(alas_array_truncate(call, other, 999));
            break;
        default: TRY(alas_config(call, "mode", &other)); break;
        }
    }
}

static const alas_function functions[] = {
    ROW(add, 2),       ROW(address, 1), ROW(make, 1),  ROW(made_at, 1), ROW(same, 1),
    ROW(bools, 1),     ROW(count_true, 1), ROW(swap, 1), ROW(many, 10),   ROW(keep, 1),
    ROW(use_kept, 0),  ROW(other_thread, 1), ROW(scopes, 1), ROW(setting, 1), ROW(again, 1),
    ROW(say, 1),       ROW(fill, 1),
};
ALAS_PLUGIN("native", functions, begin, NULL)
