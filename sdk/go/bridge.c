/* The functions that bridge.h describes. */
#include "bridge.h"

alas_go_lent alas_go_lend(alas_call *call, alas_value value, uint32_t kind) {
    alas_go_lent lent = {NULL, 0, ALAS_ERROR};
    const char *bytes = NULL;
    const int64_t *ints = NULL;
    const double *floats = NULL;
    const uint8_t *bools = NULL;
    switch (kind) {
    case ALAS_TEXT:
        lent.status = alas_text(call, value, &bytes, &lent.length);
        lent.items = bytes;
        break;
    case ALAS_INT:
        lent.status = alas_ints(call, value, &ints, &lent.length);
        lent.items = ints;
        break;
    case ALAS_FLOAT:
        lent.status = alas_floats(call, value, &floats, &lent.length);
        lent.items = floats;
        break;
    default:
        lent.status = alas_bools(call, value, &bools, &lent.length);
        lent.items = bools;
        break;
    }
    return lent;
}

alas_go_lent alas_go_length(alas_call *call, alas_value container) {
    alas_go_lent lent = {NULL, 0, ALAS_ERROR};
    lent.status = alas_length(call, container, &lent.length);
    return lent;
}

alas_go_made alas_go_array_get(alas_call *call, alas_value array, size_t position) {
    alas_go_made made = {{0}, NULL, ALAS_ERROR};
    made.status = alas_array_get(call, array, position, &made.value);
    return made;
}

alas_go_made alas_go_map_get(alas_call *call, alas_value map, const char *key, size_t key_length) {
    alas_go_made made = {{0}, NULL, ALAS_ERROR};
    made.status = call->host->map_get(call, map, key, key_length, &made.value);
    return made;
}

alas_status alas_go_items(alas_call *call, alas_value array, size_t start, size_t count, alas_value *items) {
    for (size_t number = 0; number < count; number++) {
        alas_status status = alas_array_get(call, array, start + number, &items[number]);
        if (status != ALAS_OK) {
            return status;
        }
    }
    return ALAS_OK;
}

alas_status alas_go_texts(alas_call *call, alas_value *texts, size_t count, alas_go_entry *found) {
    for (size_t number = 0; number < count; number++) {
        alas_status status = alas_text(call, texts[number], &found[number].key, &found[number].key_length);
        if (status != ALAS_OK) {
            return status;
        }
    }
    return ALAS_OK;
}

alas_go_read alas_go_entries(alas_call *call, alas_value map, size_t cursor, size_t capacity, alas_go_entry *entries) {
    alas_go_read read = {0, cursor, ALAS_OK};
    while (read.count < capacity) {
        alas_go_entry *entry = &entries[read.count];
        alas_value key;
        read.status = alas_map_next(call, map, &read.cursor, &key, &entry->value);
        if (read.status != ALAS_OK) {
            break;
        }
        read.status = alas_text(call, key, &entry->key, &entry->key_length);
        if (read.status != ALAS_OK) {
            break;
        }
        read.count++;
    }
    return read;
}

alas_go_made alas_go_new_text(alas_call *call, const char *bytes, size_t length) {
    alas_go_made made = {{0}, NULL, ALAS_ERROR};
    made.status = alas_new_text(call, bytes, length, &made.value);
    return made;
}

alas_go_made alas_go_new_packed(alas_call *call, uint32_t kind, size_t length) {
    alas_go_made made = {{0}, NULL, ALAS_ERROR};
    int64_t *ints = NULL;
    double *floats = NULL;
    uint8_t *bools = NULL;
    switch (kind) {
    case ALAS_INT:
        made.status = alas_new_ints(call, length, &ints, &made.value);
        made.items = ints;
        break;
    case ALAS_FLOAT:
        made.status = alas_new_floats(call, length, &floats, &made.value);
        made.items = floats;
        break;
    default:
        made.status = alas_new_bools(call, length, &bools, &made.value);
        made.items = bools;
        break;
    }
    return made;
}

alas_go_made alas_go_new_array(alas_call *call, size_t capacity) {
    alas_go_made made = {{0}, NULL, ALAS_ERROR};
    made.status = alas_new_array(call, capacity, &made.value);
    return made;
}

alas_go_made alas_go_new_map(alas_call *call, size_t capacity) {
    alas_go_made made = {{0}, NULL, ALAS_ERROR};
    made.status = alas_new_map(call, capacity, &made.value);
    return made;
}

alas_status alas_go_push(alas_call *call, alas_value array, const alas_value *items, size_t count) {
    for (size_t number = 0; number < count; number++) {
        alas_status status = alas_array_push(call, array, items[number]);
        if (status != ALAS_OK) {
            return status;
        }
    }
    return ALAS_OK;
}

alas_status alas_go_push_texts(alas_call *call, alas_value array, const char *bytes, const size_t *ends, size_t count) {
    size_t start = 0;
    for (size_t number = 0; number < count; number++) {
        alas_value text;
        alas_status status = alas_new_text(call, bytes + start, ends[number] - start, &text);
        if (status == ALAS_OK) {
            status = alas_array_push(call, array, text);
        }
        if (status != ALAS_OK) {
            return status;
        }
        start = ends[number];
    }
    return ALAS_OK;
}

alas_status alas_go_put(alas_call *call, alas_value map, const char *keys, const size_t *ends, const alas_value *items,
                        size_t count) {
    size_t start = 0;
    for (size_t number = 0; number < count; number++) {
        alas_status status = call->host->map_put(call, map, keys + start, ends[number] - start, items[number]);
        if (status != ALAS_OK) {
            return status;
        }
        start = ends[number];
    }
    return ALAS_OK;
}

alas_status alas_go_truncate(alas_call *call, alas_value array, size_t length) {
    return alas_array_truncate(call, array, length);
}

alas_status alas_go_fail(alas_call *call, const char *code, size_t code_length, const char *message,
                         size_t message_length) {
    return call->host->fail(call, code, code_length, message, message_length);
}

alas_status alas_go_log(alas_call *call, int32_t level, const char *message, size_t length) {
    return call->host->log(call, level, message, length);
}

alas_go_made alas_go_config(alas_call *call, const char *key, size_t key_length) {
    alas_go_made made = {{0}, NULL, ALAS_ERROR};
    made.status = call->host->config(call, key, key_length, &made.value);
    return made;
}

alas_go_made alas_go_invoke(alas_call *call, const char *name, size_t name_length, const alas_value *args,
                            size_t nargs) {
    alas_go_made made = {{0}, NULL, ALAS_ERROR};
    made.status = call->host->invoke(call, name, name_length, args, nargs, &made.value);
    return made;
}

int32_t alas_go_should_stop(alas_call *call) { return alas_should_stop(call); }

alas_go_lent alas_go_open_scope(alas_call *call) {
    alas_go_lent lent = {NULL, 0, ALAS_ERROR};
    lent.status = alas_open_scope(call, &lent.length);
    return lent;
}

alas_status alas_go_close_scope(alas_call *call, size_t scope) { return alas_close_scope(call, scope); }
