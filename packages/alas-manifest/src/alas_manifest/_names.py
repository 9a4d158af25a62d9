"""The words of a manifest: how names look, and the closed sets that fields choose from."""

import functools
import re
from typing import Literal, get_args

PluginType = Literal["module", "native", "hybrid", "builtin"]
Capability = Literal["function", "type", "module", "io", "network", "filesystem", "process"]
TypeKind = Literal["struct", "enum", "alias"]

PLUGIN_TYPES: tuple[PluginType, ...] = get_args(PluginType)
CAPABILITIES: tuple[Capability, ...] = get_args(Capability)
TYPE_KINDS: tuple[TypeKind, ...] = get_args(TypeKind)

# What a plugin without a sandbox could do harm with.
POWERFUL_CAPABILITIES: frozenset[str] = frozenset({"io", "network", "filesystem", "process"})

# Languages that can export a C symbol, besides the two with a meaning of their own: `alas` and `python`.
COMPILED_LANGUAGES = (
    "c", "c++", "rust", "go", "zig", "ada", "assembly", "c#", "crystal", "d", "fortran", "haskell", "julia", "kotlin", "nim",
    "ocaml", "odin", "pascal", "scala", "swift", "v",
)  # fmt: skip
LANGUAGES = ("alas", *COMPILED_LANGUAGES, "python")

OPERATING_SYSTEMS = ("linux", "macos", "windows", "freebsd", "netbsd", "openbsd", "android", "ios")
ARCHITECTURES = ("x86_64", "aarch64", "i686", "armv7", "riscv64", "ppc64le", "s390x", "loongarch64")
PLATFORMS = tuple(
    f"{system}-{architecture}" for system in OPERATING_SYSTEMS for architecture in ARCHITECTURES
)

PLUGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MODULE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*")
ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# The standard library, namespace by namespace, as `allowed_apis` may name it.
STANDARD_LIBRARY: dict[str, tuple[str, ...]] = {
    "io": ("print", "println", "readLine", "readFile", "writeFile"),
    "math": (
        "PI", "E", "abs", "min", "max", "pow", "sqrt", "exp", "log", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan",
        "atan2", "hypot", "floor", "ceil", "round", "trunc", "random", "randomInt",
    ),
    "string": (
        "length", "split", "join", "toUpper", "toLower", "trim", "trimStart", "trimEnd", "replace", "concat", "substring",
        "contains", "startsWith", "endsWith", "indexOf", "repeat", "padStart", "padEnd", "charAt", "codeAt", "fromCode",
        "reverse",
    ),
    "collections": ("length", "append", "contains", "indexOf", "slice", "remove"),
    "array": (
        "get", "set", "push", "pop", "insert", "remove", "concat", "slice", "reverse", "sort", "fill", "range", "sum", "min",
        "max", "map", "filter", "reduce",
    ),
    "map": ("get", "put", "remove", "contains", "keys", "values", "entries", "merge", "size"),
    "type": (
        "typeOf", "toString", "toInt", "toFloat", "parseInt", "parseFloat", "isInt", "isFloat", "isString", "isBool", "isArray",
        "isMap", "isVoid",
    ),
    "result": ("ok", "error", "isOk", "isError", "getValue", "getError", "try"),
    "json": ("parse", "stringify"),
    "async": (
        "spawn", "await", "awaitTimeout", "parallel", "race", "sleep", "timeout", "cancel", "isRunning", "isCompleted",
    ),
    "time": ("now", "monotonic", "format", "parse"),
    "env": ("get",),
    "plugin": ("config", "name", "version"),
    "fs": ("readFile", "writeFile", "appendFile", "exists", "list", "stat", "makeDir", "remove", "rename"),
    "net": ("request",),
    "process": ("run",),
}  # fmt: skip


@functools.cache
def standard_names() -> frozenset[str]:
    """Return every name that begins with `std.` and means something: namespaces and their functions.

    Returns:
        For example `std.*`, `std.math`, `std.math.sqrt`.
    """
    names = ["std.*"]
    for namespace, functions in STANDARD_LIBRARY.items():
        names.append(f"std.{namespace}")
        names.append(f"std.{namespace}.*")
        names.extend(f"std.{namespace}.{function}" for function in functions)
    return frozenset(names)
