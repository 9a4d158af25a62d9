/* What cgo calls: the functions of the host, in forms that need one crossing from Go to C for many elements, and that return
 * results by value, so that nothing of Go has to move to the heap for them.
 */
#ifndef ALAS_GO_BRIDGE_H
#define ALAS_GO_BRIDGE_H

#include "alas_plugin.h"

/* The library exports nothing but what the host looks for. */
#if defined(__GNUC__)
#pragma GCC visibility push(hidden)
#endif

/* How many functions a plugin can have. */
#define ALAS_GO_MOST_FUNCTIONS 1024u

/* Memory that the host lends. */
typedef struct alas_go_lent {
    const void *items;
    size_t length;
    alas_status status;
} alas_go_lent;

/* A value that the host has made or found, and its memory, if it is to be filled. */
typedef struct alas_go_made {
    alas_value value;
    void *items;
    alas_status status;
} alas_go_made;

/* An entry of a map. */
typedef struct alas_go_entry {
    const char *key;
    size_t key_length;
    alas_value value;
} alas_go_entry;

/* How many entries were read, and where the next begin. */
typedef struct alas_go_read {
    size_t count;
    size_t cursor;
    alas_status status;
} alas_go_read;

alas_descriptor *alas_go_describe(char *module, size_t function_count);
void alas_go_set_function(alas_descriptor *descriptor, size_t number, char *name, uint32_t parameter_count);

alas_go_lent alas_go_lend(alas_call *call, alas_value value, uint32_t kind);
alas_go_lent alas_go_length(alas_call *call, alas_value container);
alas_go_made alas_go_array_get(alas_call *call, alas_value array, size_t position);
alas_go_made alas_go_map_get(alas_call *call, alas_value map, const char *key, size_t key_length);
alas_status alas_go_items(alas_call *call, alas_value array, size_t start, size_t count, alas_value *items);
alas_status alas_go_texts(alas_call *call, alas_value *texts, size_t count, alas_go_entry *found);
alas_go_read alas_go_entries(alas_call *call, alas_value map, size_t cursor, size_t capacity, alas_go_entry *entries);

alas_go_made alas_go_new_text(alas_call *call, const char *bytes, size_t length);
alas_go_made alas_go_new_packed(alas_call *call, uint32_t kind, size_t length);
alas_go_made alas_go_new_array(alas_call *call, size_t capacity);
alas_go_made alas_go_new_map(alas_call *call, size_t capacity);
alas_status alas_go_push(alas_call *call, alas_value array, const alas_value *items, size_t count);
alas_status alas_go_push_texts(alas_call *call, alas_value array, const char *bytes, const size_t *ends, size_t count);
alas_status alas_go_put(alas_call *call, alas_value map, const char *keys, const size_t *ends, const alas_value *items,
                        size_t count);
alas_status alas_go_truncate(alas_call *call, alas_value array, size_t length);

alas_status alas_go_fail(alas_call *call, const char *code, size_t code_length, const char *message,
                         size_t message_length);
alas_status alas_go_log(alas_call *call, int32_t level, const char *message, size_t length);
alas_go_made alas_go_config(alas_call *call, const char *key, size_t key_length);
alas_go_made alas_go_invoke(alas_call *call, const char *name, size_t name_length, const alas_value *args,
                            size_t nargs);
int32_t alas_go_should_stop(alas_call *call);
alas_go_lent alas_go_open_scope(alas_call *call);
alas_status alas_go_close_scope(alas_call *call, size_t scope);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#endif /* ALAS_GO_BRIDGE_H */
