"""The code of the specimens: in ALaS, C and Python."""

from __future__ import annotations

from typing import Any

from cli.programs import binary, builtin, literal, returning, variable

INT = [{"name": "x", "type": "int"}]
TEXT = [{"name": "x", "type": "string"}]
X, T = variable("x"), variable("t")
EMPTY: dict[str, Any] = {"type": "array_literal", "elements": []}


def _assign(name: str, value: Any) -> dict[str, Any]:
    return {"type": "assign", "target": name, "value": value}


def _while(condition: Any, *body: Any) -> dict[str, Any]:
    return {"type": "while", "cond": condition, "body": list(body)}


def _function(*body: Any, params: Any = (), returns: str = "any") -> dict[str, Any]:
    return {"params": list(params), "returns": returns, "body": list(body)}


def _outside(name: str, *arguments: Any) -> dict[str, Any]:
    return _function(returning(builtin(name, *arguments)), params=TEXT)


_REQUEST = {
    "type": "map_literal",
    "pairs": [
        {"key": literal("method"), "value": literal("GET")},
        {"key": literal("url"), "value": X},
    ],
}
_PASSED = binary("*", binary("-", builtin("time.monotonic"), T), literal(1000))

ALAS: dict[str, dict[str, Any]] = {
    "alas_same": _function(returning(X), params=INT, returns="int"),
    "alas_rest": _function(returning(builtin("async.await", builtin("async.sleep", X))), params=INT),
    "alas_endless": _function(_while(literal(True))),
    "alas_numbers": _function(returning(builtin("array.range", literal(0), X)), params=INT),
    # It works for so many milliseconds.
    "alas_work": _function(
        _assign("t", builtin("time.monotonic")),
        _while(binary("<", _PASSED, X)),
        params=INT,
    ),
    "alas_read": _outside("fs.readFile", X),
    "alas_write": _outside("fs.writeFile", X, literal("written")),
    "alas_fetch": _outside("net.request", _REQUEST),
    "alas_run": _outside("process.run", X, EMPTY),
    "alas_see": _outside("env.get", X, literal("")),
}
"""The functions in ALaS, each under its name."""

IN_C: dict[str, dict[str, Any]] = {
    "native_same": {"params": INT, "returns": "int"},
    "native_rest": {"params": INT, "returns": "int"},
    "native_work": {"params": INT, "returns": "int"},
    "native_count": {"params": [], "returns": "int"},
    "native_process": {"params": [], "returns": "int"},
    "native_numbers": {"params": INT, "returns": "array<float>"},
}
"""What the functions in C look like."""

C = r"""
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#include <unistd.h>
#include "alas_plugin.h"

#define FUNCTION(name) \
    static alas_status name(alas_call *call, const alas_value *args, size_t nargs, alas_value *result)

FUNCTION(same) {
    (void)call, (void)nargs;
    *result = args[0];
    return ALAS_OK;
}

FUNCTION(rest) {
    struct timespec left = {args[0].as_int / 1000, args[0].as_int % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0) {}
    (void)call, (void)nargs;
    *result = args[0];
    return ALAS_OK;
}

FUNCTION(work) {
    struct timespec began, now;
    clock_gettime(CLOCK_MONOTONIC, &began);
    do clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000 < args[0].as_int);
    (void)call, (void)nargs;
    *result = args[0];
    return ALAS_OK;
}

static int64_t calls;

FUNCTION(count) {
    (void)call, (void)args, (void)nargs;
    *result = alas_int(++calls);
    return ALAS_OK;
}

FUNCTION(process) {
    (void)call, (void)args, (void)nargs;
    *result = alas_int(getpid());
    return ALAS_OK;
}

FUNCTION(numbers) {
    double *items;
    (void)nargs;
    return alas_new_floats(call, (size_t)args[0].as_int, &items, result);
}

static const alas_function functions[] = {
    {"native_same", same, 1, 0},   {"native_rest", rest, 1, 0},       {"native_work", work, 1, 0},
    {"native_count", count, 0, 0}, {"native_process", process, 0, 0}, {"native_numbers", numbers, 1, 0},
};
ALAS_PLUGIN("specimen", functions, NULL, NULL)
"""

IN_PYTHON: dict[str, dict[str, Any]] = {
    "python_same": {"params": INT, "returns": "int"},
    "python_rest": {"params": INT, "returns": "int"},
    "python_work": {"params": INT, "returns": "int"},
    "python_count": {"params": [], "returns": "int"},
    "python_process": {"params": [], "returns": "int"},
    "python_numbers": {"params": INT, "returns": "array<float>"},
    "python_see": {"params": TEXT, "returns": "string"},
}
"""What the functions in Python look like."""

PYTHON = """
import os
import time

from alas_builtin import BuiltinPlugin

plugin = BuiltinPlugin("specimen", version="1.0.0", entrypoint="specimen.py")
calls = 0


@plugin.function
def python_same(x: int) -> int:
    return x


@plugin.function
def python_rest(x: int) -> int:
    time.sleep(x / 1000)
    return x


@plugin.function
def python_work(x: int) -> int:
    began = time.monotonic()
    while (time.monotonic() - began) * 1000 < x:
        pass
    return x


@plugin.function
def python_count() -> int:
    global calls
    calls += 1
    return calls


@plugin.function
def python_process() -> int:
    return os.getpid()


@plugin.function
def python_numbers(x: int) -> list[float]:
    return [0.0] * x


@plugin.function
def python_see(x: str) -> str:
    return plugin.environment.get(x, "")
"""
