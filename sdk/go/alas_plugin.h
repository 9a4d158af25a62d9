/* alas_plugin.h: the interface between ALaS and plugins in native code, version 1.0.
 *
 * A plugin is a shared library that exports one function, alas_plugin_entry. It returns a descriptor: a table of the
 * plugin's functions, which the host compares with the plugin's manifest. Every function has the same shape:
 *
 *     alas_status add(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
 *         (void)call, (void)nargs;
 *         *result = alas_int(args[0].as_int + args[1].as_int);
 *         return ALAS_OK;
 *     }
 *
 *     static const alas_function functions[] = {{"add", add, 2, 0}};
 *     ALAS_PLUGIN("my_module", functions, NULL, NULL)
 *
 * The host checks arguments before it calls: there are as many as the manifest says, each of the declared type. The result
 * is checked afterwards.
 *
 * Values. An int, float, bool or void is in the alas_value itself. Text, arrays and maps are handles, valid until the
 * function returns; using one later is an error that the host reports. Pointers that alas_text, alas_ints, alas_floats and
 * alas_bools lend are valid as long, and must only be read. Text is UTF-8 and does not end with a zero byte.
 *
 * Building. The host allocates, so that memory counts against the plugin's limit. Fill what alas_new_ints, alas_new_floats
 * and alas_new_bools lend before the array is used: returned, put into another value, or passed on.
 *
 * Failing. A function that returns anything else than ALAS_OK has failed. alas_fail says why. Functions of this header that
 * fail note the reason, so `return status` is enough to hand it on.
 *
 * Threads. Functions of this header are called by the thread that the function runs in, while it runs.
 *
 * This header compiles as C11 and as C++17. Copy it into your plugin: a plugin that is built with version 1.x works with
 * every host of version 1.x or a later minor version.
 */
#ifndef ALAS_PLUGIN_H
#define ALAS_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Another major version is another interface; a minor version only adds functions at the end of alas_host. */
#define ALAS_ABI_MAJOR 1u
#define ALAS_ABI_MINOR 0u

/* How a function has ended. */
typedef int32_t alas_status;

#define ALAS_OK 0
/* It failed; alas_fail, or the function of this header that failed, has noted why. */
#define ALAS_ERROR 1
/* There is no such key, or no further entry. Nothing is noted. */
#define ALAS_NOT_FOUND 2

/* The kinds of values, as they stand in alas_value.tag. */
#define ALAS_VOID 0u
#define ALAS_BOOL 1u
#define ALAS_INT 2u
#define ALAS_FLOAT 3u
#define ALAS_TEXT 4u
#define ALAS_ARRAY 5u
#define ALAS_MAP 6u

/* How important a line of the log is. */
#define ALAS_LOG_DEBUG 0
#define ALAS_LOG_INFO 1
#define ALAS_LOG_WARNING 2
#define ALAS_LOG_ERROR 3

/* A value: sixteen bytes, passed by value. */
typedef struct alas_value {
    uint32_t tag;
    uint32_t index; /* the host's, zero in values that are no handles */
    union {
        int64_t as_int;
        double as_float;
        int64_t as_bool; /* 0 or 1 */
        uint64_t handle; /* the host's */
    };
} alas_value;

/* A running call. It begins with the host's functions; the rest is the host's. */
typedef struct alas_call alas_call;

/* What the host offers. Plugins use it through the functions below. */
typedef struct alas_host {
    uint32_t abi_major;
    uint32_t abi_minor;
    size_t size; /* of this table, in bytes */
    alas_status (*text)(alas_call *call, alas_value text, const char **bytes, size_t *length);
    alas_status (*ints)(alas_call *call, alas_value array, const int64_t **items, size_t *length);
    alas_status (*floats)(alas_call *call, alas_value array, const double **items, size_t *length);
    alas_status (*bools)(alas_call *call, alas_value array, const uint8_t **items, size_t *length);
    alas_status (*length)(alas_call *call, alas_value container, size_t *length);
    alas_status (*array_get)(alas_call *call, alas_value array, size_t position, alas_value *item);
    alas_status (*map_get)(alas_call *call, alas_value map, const char *key, size_t key_length, alas_value *item);
    alas_status (*map_next)(alas_call *call, alas_value map, size_t *cursor, alas_value *key, alas_value *item);
    alas_status (*new_text)(alas_call *call, const char *bytes, size_t length, alas_value *text);
    alas_status (*new_ints)(alas_call *call, size_t length, int64_t **items, alas_value *array);
    alas_status (*new_floats)(alas_call *call, size_t length, double **items, alas_value *array);
    alas_status (*new_bools)(alas_call *call, size_t length, uint8_t **items, alas_value *array);
    alas_status (*new_array)(alas_call *call, size_t capacity, alas_value *array);
    alas_status (*array_push)(alas_call *call, alas_value array, alas_value item);
    alas_status (*array_truncate)(alas_call *call, alas_value array, size_t length);
    alas_status (*new_map)(alas_call *call, size_t capacity, alas_value *map);
    alas_status (*map_put)(alas_call *call, alas_value map, const char *key, size_t key_length, alas_value item);
    alas_status (*fail)(alas_call *call, const char *code, size_t code_length, const char *message,
                        size_t message_length);
    alas_status (*log)(alas_call *call, int32_t level, const char *message, size_t length);
    alas_status (*config)(alas_call *call, const char *key, size_t key_length, alas_value *text);
    alas_status (*invoke)(alas_call *call, const char *name, size_t name_length, const alas_value *args, size_t nargs,
                          alas_value *result);
    int32_t (*should_stop)(alas_call *call);
    alas_status (*open_scope)(alas_call *call, size_t *scope);
    alas_status (*close_scope)(alas_call *call, size_t scope);
} alas_host;

struct alas_call {
    const alas_host *host;
};

/* A function of a plugin. `result` is void until it is set; it is looked at only when the function returns ALAS_OK. */
typedef alas_status (*alas_native_function)(alas_call *call, const alas_value *args, size_t nargs,
                                            alas_value *result);

/* A row of the plugin's table. */
typedef struct alas_function {
    const char *name; /* as in the manifest, with a zero at the end */
    alas_native_function function;
    uint32_t parameter_count;
    uint32_t reserved; /* 0 */
} alas_function;

/* What alas_plugin_entry returns; it stays valid as long as the process runs. */
typedef struct alas_descriptor {
    uint32_t abi_major;
    uint32_t abi_minor;
    size_t size;        /* of this struct, in bytes */
    const char *module; /* the module's name, as in the manifest */
    const alas_function *functions;
    size_t function_count;
    /* Called once, before any function; NULL for none. It may log, read the configuration, and fail. */
    alas_status (*init)(alas_call *call);
    /* Called once, after the last function, by any thread; NULL for none. */
    void (*shutdown)(void);
} alas_descriptor;

/* What a plugin exports. It is called once each time the plugin is loaded. NULL: it does not work with this host. */
typedef const alas_descriptor *(*alas_entry)(const alas_host *host);

#ifdef __cplusplus
#define ALAS_STATIC_ASSERT(condition, message) static_assert(condition, message)
#define ALAS_EXTERN extern "C"
#else
#define ALAS_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
#define ALAS_EXTERN
#endif

#if defined(_WIN32)
#define ALAS_EXPORT ALAS_EXTERN __declspec(dllexport)
#else
#define ALAS_EXPORT ALAS_EXTERN __attribute__((visibility("default")))
#endif

ALAS_STATIC_ASSERT(sizeof(alas_value) == 16, "an alas_value is sixteen bytes");
ALAS_STATIC_ASSERT(offsetof(alas_value, as_int) == 8, "the payload is the second half");
ALAS_STATIC_ASSERT(sizeof(alas_function) == 2 * sizeof(void *) + 8, "no gaps");
ALAS_STATIC_ASSERT(sizeof(alas_descriptor) == 8 + 6 * sizeof(void *), "no gaps");
ALAS_STATIC_ASSERT(sizeof(alas_host) == 8 + 25 * sizeof(void *), "no gaps");

/* Defines alas_plugin_entry: the module's name, an array of alas_function, and init and shutdown or NULL. */
#define ALAS_PLUGIN(module_name, function_array, init_function, shutdown_function)                                     \
    ALAS_EXPORT const alas_descriptor *alas_plugin_entry(const alas_host *host);                                       \
    const alas_descriptor *alas_plugin_entry(const alas_host *host) {                                                  \
        static const alas_descriptor descriptor = {ALAS_ABI_MAJOR,                                                     \
                                                   ALAS_ABI_MINOR,                                                     \
                                                   sizeof(alas_descriptor),                                            \
                                                   module_name,                                                        \
                                                   function_array,                                                     \
                                                   sizeof(function_array) / sizeof((function_array)[0]),               \
                                                   init_function,                                                      \
                                                   shutdown_function};                                                 \
        return host->abi_major == ALAS_ABI_MAJOR ? &descriptor : NULL;                                                 \
    }

/* --- Values that need no host --- */

static inline alas_value alas_void(void) {
    alas_value value = {ALAS_VOID, 0, {0}};
    return value;
}

static inline alas_value alas_bool(int is_true) {
    alas_value value = {ALAS_BOOL, 0, {is_true != 0}};
    return value;
}

static inline alas_value alas_int(int64_t number) {
    alas_value value = {ALAS_INT, 0, {number}};
    return value;
}

static inline alas_value alas_float(double number) {
    alas_value value = {ALAS_FLOAT, 0, {0}};
    value.as_float = number;
    return value;
}

/* --- Reading: nothing is copied --- */

/* Lends the bytes of a text. */
static inline alas_status alas_text(alas_call *call, alas_value text, const char **bytes, size_t *length) {
    return call->host->text(call, text, bytes, length);
}

/* Lends the elements of an array of ints, that is one declared array<int>. */
static inline alas_status alas_ints(alas_call *call, alas_value array, const int64_t **items, size_t *length) {
    return call->host->ints(call, array, items, length);
}

/* Lends the elements of an array of floats, that is one declared array<float>. */
static inline alas_status alas_floats(alas_call *call, alas_value array, const double **items, size_t *length) {
    return call->host->floats(call, array, items, length);
}

/* Lends the elements of an array of bools, that is one declared array<bool>: a byte each, 0 or 1. */
static inline alas_status alas_bools(alas_call *call, alas_value array, const uint8_t **items, size_t *length) {
    return call->host->bools(call, array, items, length);
}

/* Says how many elements an array or entries a map has. */
static inline alas_status alas_length(alas_call *call, alas_value container, size_t *length) {
    return call->host->length(call, container, length);
}

/* Gets an element of any array. */
static inline alas_status alas_array_get(alas_call *call, alas_value array, size_t position, alas_value *item) {
    return call->host->array_get(call, array, position, item);
}

/* Gets the value of a key; ALAS_NOT_FOUND when the map lacks it. */
static inline alas_status alas_map_get(alas_call *call, alas_value map, const char *key, alas_value *item) {
    return call->host->map_get(call, map, key, key == NULL ? 0 : strlen(key), item);
}

/* Gets the next entry, in the order of insertion. The cursor starts at 0; ALAS_NOT_FOUND is the end. */
static inline alas_status alas_map_next(alas_call *call, alas_value map, size_t *cursor, alas_value *key,
                                        alas_value *item) {
    return call->host->map_next(call, map, cursor, key, item);
}

/* --- Building --- */

/* Makes a text of bytes, which have to be UTF-8. */
static inline alas_status alas_new_text(alas_call *call, const char *bytes, size_t length, alas_value *text) {
    return call->host->new_text(call, bytes, length, text);
}

/* Makes a text of a C string. */
static inline alas_status alas_new_string(alas_call *call, const char *string, alas_value *text) {
    return call->host->new_text(call, string, string == NULL ? 0 : strlen(string), text);
}

/* Makes an array of ints, all 0, to be filled. */
static inline alas_status alas_new_ints(alas_call *call, size_t length, int64_t **items, alas_value *array) {
    return call->host->new_ints(call, length, items, array);
}

/* Makes an array of floats, all 0, to be filled. */
static inline alas_status alas_new_floats(alas_call *call, size_t length, double **items, alas_value *array) {
    return call->host->new_floats(call, length, items, array);
}

/* Makes an array of bools, all 0, to be filled: any other byte than 0 is true. */
static inline alas_status alas_new_bools(alas_call *call, size_t length, uint8_t **items, alas_value *array) {
    return call->host->new_bools(call, length, items, array);
}

/* Makes an empty array, with room for so many elements that are texts, arrays, maps or void, or of which the first is. One of
 * numbers or bools grows by itself; it is better made by alas_new_ints, alas_new_floats or alas_new_bools. */
static inline alas_status alas_new_array(alas_call *call, size_t capacity, alas_value *array) {
    return call->host->new_array(call, capacity, array);
}

/* Appends to an array that this call has made. Pointers to its elements are no longer valid. */
static inline alas_status alas_array_push(alas_call *call, alas_value array, alas_value item) {
    return call->host->array_push(call, array, item);
}

/* Shortens an array that this call has made. Pointers to the elements that are left stay valid, unless the array was put into
 * another array or a map before. */
static inline alas_status alas_array_truncate(alas_call *call, alas_value array, size_t length) {
    return call->host->array_truncate(call, array, length);
}

/* Makes an empty map, with room for so many entries. */
static inline alas_status alas_new_map(alas_call *call, size_t capacity, alas_value *map) {
    return call->host->new_map(call, capacity, map);
}

/* Stores a value in a map that this call has made, in the key's old place or at the end. */
static inline alas_status alas_map_put(alas_call *call, alas_value map, const char *key, alas_value item) {
    return call->host->map_put(call, map, key, key == NULL ? 0 : strlen(key), item);
}

/* --- The rest --- */

/* Says why the function fails: a short code for programs, a message for people. `return alas_fail(…);` */
static inline alas_status alas_fail(alas_call *call, const char *code, const char *message) {
    return call->host->fail(call, code, code == NULL ? 0 : strlen(code), message, message == NULL ? 0 : strlen(message));
}

/* Writes a line to the log of plugins; the level is one of ALAS_LOG_…. */
static inline alas_status alas_log(alas_call *call, int32_t level, const char *message) {
    return call->host->log(call, level, message, message == NULL ? 0 : strlen(message));
}

/* Gets a setting of the manifest's implementation.config; ALAS_NOT_FOUND when there is none. */
static inline alas_status alas_config(alas_call *call, const char *key, alas_value *text) {
    return call->host->config(call, key, key == NULL ? 0 : strlen(key), text);
}

/* Calls a function by name: one of the plugin's own module by its name alone, one of a module that the plugin depends on
 * as module.function. */
static inline alas_status alas_invoke(alas_call *call, const char *name, const alas_value *args, size_t nargs,
                                      alas_value *result) {
    return call->host->invoke(call, name, name == NULL ? 0 : strlen(name), args, nargs, result);
}

/* Says whether the call has to end, because it was cancelled or has used its time. Long work asks now and then, tidies up,
 * and returns; what it returns then does not matter. */
static inline int alas_should_stop(alas_call *call) { return call->host->should_stop(call) != 0; }

/* Begins a scope: handles that are made in it are given back when it is closed. For loops over many elements. */
static inline alas_status alas_open_scope(alas_call *call, size_t *scope) {
    return call->host->open_scope(call, scope);
}

/* Ends a scope, and those within it. What was put into an array or map stays there. */
static inline alas_status alas_close_scope(alas_call *call, size_t scope) {
    return call->host->close_scope(call, scope);
}

#ifdef __cplusplus
}
#endif

#endif /* ALAS_PLUGIN_H */
