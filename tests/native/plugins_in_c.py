"""A plugin in C that tests of several packages use: its source, its functions, its manifest."""

from __future__ import annotations

from alas_loader_native import current_platform

SOURCE = r"""
#include "alas_plugin.h"

static int64_t calls;

static alas_status add(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(args[0].as_int + args[1].as_int);
    return ALAS_OK;
}

static alas_status count(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs;
    *result = alas_int(++calls);
    return ALAS_OK;
}

static alas_status fail(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs, (void)result;
    return alas_fail(call, "on_purpose", "it was asked to");
}

static alas_status mode(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)args, (void)nargs;
    alas_log(call, ALAS_LOG_INFO, "asked for\nthe mode");
    return alas_config(call, "mode", result);
}

static alas_status length(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const double *items;
    size_t number;
    alas_status status = alas_floats(call, args[0], &items, &number);
    (void)nargs;
    if (status == ALAS_OK) *result = alas_int((int64_t)number);
    return status;
}

static alas_status apply(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const char *name;
    size_t bytes;
    char copy[100] = {0};
    alas_status status = alas_text(call, args[0], &name, &bytes);
    (void)nargs;
    if (status != ALAS_OK) return status;
    memcpy(copy, name, bytes < 99 ? bytes : 99);
    return alas_invoke(call, copy, args + 1, 1, result);
}

/* The busy function says how many calls are inside at once. */
static volatile int64_t inside;

static alas_status busy(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    int64_t most = __sync_add_and_fetch(&inside, 1);
    for (volatile int64_t i = 0; i < args[0].as_int && !alas_should_stop(call); i++)
        if (inside > most) most = inside;
    __sync_sub_and_fetch(&inside, 1);
    *result = alas_int(most);
    return ALAS_OK;
}

static alas_status point(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    alas_value map;
    alas_status status = alas_new_map(call, 2, &map);
    (void)nargs;
    if (status == ALAS_OK) status = alas_map_put(call, map, "x", args[0]);
    if (status == ALAS_OK && args[0].as_int != 0) status = alas_map_put(call, map, "y", alas_int(0));
    *result = map;
    return status;
}

static alas_status zeros(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    double *items;
    (void)nargs;
    return alas_new_floats(call, (size_t)args[0].as_int, &items, result);
}

static const alas_function functions[] = {
    {"add", add, 2, 0},       {"count", count, 0, 0}, {"fail", fail, 0, 0}, {"mode", mode, 0, 0},
    {"length", length, 1, 0}, {"apply", apply, 2, 0}, {"busy", busy, 1, 0}, {"point", point, 1, 0},
    {"zeros", zeros, 1, 0},
};
ALAS_PLUGIN("numbers", functions, NULL, NULL)
"""

FUNCTIONS = [
    {"name": "add", "params": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}], "returns": "int"},
    {"name": "count", "returns": "int"},
    {"name": "fail", "returns": "int"},
    {"name": "mode", "returns": "string"},
    {"name": "length", "params": [{"name": "items", "type": "array<float>"}], "returns": "int"},
    {
        "name": "apply",
        "params": [{"name": "function", "type": "string"}, {"name": "argument", "type": "any"}],
        "returns": "any",
    },
    {"name": "busy", "params": [{"name": "rounds", "type": "int"}], "returns": "int"},
    {"name": "point", "params": [{"name": "x", "type": "int"}], "returns": "Point"},
    {"name": "zeros", "params": [{"name": "count", "type": "int"}], "returns": "array<float>"},
]
MANIFEST = {
    "name": "numbers",
    "version": "1.0.0",
    "type": "native",
    "module": "numbers",
    "functions": FUNCTIONS,
    "types": [
        {
            "name": "Point",
            "kind": "struct",
            "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": "int"}],
        }
    ],
    "capabilities": ["function", "type"],
    "implementation": {
        "language": "c",
        "binaries": [{current_platform(): "numbers.so"}],
        "config": {"mode": "fast"},
    },
}
