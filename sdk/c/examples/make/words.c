/* Counts words: reads a text where it is, builds a map, reads a setting when it begins, and writes to the log. */
#include "alas_plugin.h"

/* Words with fewer bytes are not counted. */
static size_t shortest = 1;

static alas_status begin(alas_call *call) {
    alas_value setting;
    const char *text;
    size_t length;
    alas_status status = alas_config(call, "shortest", &setting);
    if (status == ALAS_NOT_FOUND) {
        return ALAS_OK;
    }
    if (status != ALAS_OK || alas_text(call, setting, &text, &length) != ALAS_OK) {
        return ALAS_ERROR;
    }
    /* Settings are text, which does not end with a zero. */
    if (length != 1 || text[0] < '1' || text[0] > '9') {
        return alas_fail(call, "invalid_setting", "shortest has to be a number from 1 to 9");
    }
    shortest = (size_t)(text[0] - '0');
    return ALAS_OK;
}

static int is_space(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/* Finds the next word from a position on: where it begins, and its length, which is 0 at the end. */
static const char *next_word(const char *text, size_t length, size_t *position, size_t *word_length) {
    while (*position < length && is_space(text[*position])) {
        ++*position;
    }
    const char *word = text + *position;
    const size_t start = *position;
    while (*position < length && !is_space(text[*position])) {
        ++*position;
    }
    *word_length = *position - start;
    return word;
}

static alas_status count(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const char *text;
    size_t length, word_length, position = 0;
    (void)nargs;
    alas_status status = alas_text(call, args[0], &text, &length);
    if (status == ALAS_OK) {
        status = alas_new_map(call, 0, result);
    }
    while (status == ALAS_OK) {
        const char *word = next_word(text, length, &position, &word_length);
        alas_value counted;
        if (word_length == 0) {
            break;
        }
        if (word_length < shortest) {
            continue;
        }
        /* The functions of the header take C strings as keys; those of the host take lengths. */
        status = call->host->map_get(call, *result, word, word_length, &counted);
        if (status == ALAS_NOT_FOUND) {
            counted = alas_int(0);
        } else if (status != ALAS_OK) {
            break;
        }
        status = call->host->map_put(call, *result, word, word_length, alas_int(counted.as_int + 1));
    }
    return status;
}

static alas_status longest(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const char *text, *found = NULL;
    size_t length, word_length, found_length = 0, position = 0;
    (void)nargs;
    if (alas_text(call, args[0], &text, &length) != ALAS_OK) {
        return ALAS_ERROR;
    }
    do {
        const char *word = next_word(text, length, &position, &word_length);
        if (word_length > found_length) {
            found = word;
            found_length = word_length;
        }
    } while (word_length != 0);
    if (found_length == 0) {
        alas_log(call, ALAS_LOG_DEBUG, "a text without words");
        return alas_fail(call, "no_words", "the text has no words");
    }
    return alas_new_text(call, found, found_length, result);
}

static const alas_function functions[] = {
    {"count", count, 1, 0},
    {"longest", longest, 1, 0},
};

ALAS_PLUGIN("words", functions, begin, NULL)
