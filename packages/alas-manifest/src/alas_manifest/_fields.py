"""The fields of `plugin.json`: what each accepts and what it is for, in one table.

The table reads a file into the model, and describes itself as a JSON Schema; the rules (`_rules.py`) check what more than
one field decides.
"""

from alas_manifest import _field_shapes as shapes
from alas_manifest._habits import CAPABILITY_HABITS, KIND_HABITS, PLUGIN_TYPE_HABITS
from alas_manifest._model import (
    FilesystemPermission,
    FunctionSignature,
    Implementation,
    Manifest,
    Parameter,
    Permissions,
    Runtime,
    Security,
    TypeDefinition,
)
from alas_manifest._names import CAPABILITIES, LANGUAGES, PLUGIN_TYPES, TYPE_KINDS
from alas_manifest._patterns import ENVIRONMENT_FORM
from alas_manifest._records import Field, Record
from alas_manifest._shapes import Choice, Flag, Mapped, OpenChoice, Repeated, Scalar, Text, by_name, by_text

_TYPE_HELP = (
    "int, float, string, bool, array, map, void, any, task, array<T>, map<T>, or a type declared in `types`"
)

PARAMETER = Record(
    "Parameter",
    Parameter,
    {
        "name": Field(shapes.IDENTIFIER, "What it is called.", is_required=True, example='"data"'),
        "type": Field(shapes.TYPE, f"Its type: {_TYPE_HELP}.", is_required=True, example='"any"'),
    },
)
FUNCTION = Record(
    "Function",
    FunctionSignature,
    {
        "name": Field(
            shapes.IDENTIFIER,
            "What the function is called by, after the module's name and a dot.",
            is_required=True,
            example='"process"',
        ),
        "params": Field(
            Repeated(PARAMETER, by_name, "parameter"),
            "The parameters in order. Arguments are checked against their types at every call from outside.",
        ),
        "returns": Field(
            shapes.TYPE, f"The type of the result: {_TYPE_HELP}. Without it the function may return anything."
        ),
        "description": Field(Text(), "What the function does, for people."),
        "native": Field(
            Flag(),
            "Whether native code implements the function, in a hybrid plugin. In a native plugin every function is native.",
        ),
        "async": Field(
            Flag(), "Whether calling the function starts a task and returns its handle.", attribute="is_async"
        ),
    },
)
TYPE_DEFINITION = Record(
    "Type",
    TypeDefinition,
    {
        "name": Field(
            shapes.IDENTIFIER, "What signatures call the type.", is_required=True, example='"Point"'
        ),
        "kind": Field(
            Choice(TYPE_KINDS, KIND_HABITS),
            "`struct` has `fields`, `enum` has `values`, `alias` has `base_type`.",
            is_required=True,
            example='"struct"',
        ),
        "fields": Field(
            Repeated(PARAMETER, by_name, "field"), "The fields of a struct; a value has them all."
        ),
        "values": Field(Repeated(shapes.ENUM_VALUE, by_text, "value"), "The words of an enum."),
        "base_type": Field(shapes.TYPE, f"What an alias stands for: {_TYPE_HELP}."),
        "meta": Field(shapes.Anything(), "Free for tools."),
    },
)
IMPLEMENTATION = Record(
    "Implementation",
    Implementation,
    {
        "language": Field(
            OpenChoice(LANGUAGES),
            "What the plugin is written in: `alas` for modules, `python` for builtin plugins, a compiled language for native "
            "and hybrid ones.",
            is_required=True,
            example='"alas"',
        ),
        "entrypoint": Field(
            shapes.PATH,
            "The main file, inside the plugin folder. A module plugin without it has `<module>.alas.json`.",
        ),
        "build_cmd": Field(
            shapes.COMMAND_LINE, "The command that builds the plugin, run in its folder without a shell."
        ),
        "sources": Field(
            Repeated(shapes.PATH, by_text, "path"), "The source files, inside the plugin folder."
        ),
        "binaries": Field(
            Repeated(shapes.BinaryShape(), shapes.binary_path, "path"),
            "The compiled libraries, inside the plugin folder: paths, or objects with a path for each platform.",
        ),
        "config": Field(
            Mapped(Scalar()),
            "Settings that the plugin can read with `plugin.config`. Numbers and booleans are kept as their text.",
        ),
    },
)
_SCOPE_PATHS = Repeated(shapes.SCOPE_PATH, by_text, "path")
FILESYSTEM = Record(
    "Filesystem permission",
    FilesystemPermission,
    {
        "read": Field(_SCOPE_PATHS, "Files and folders that may be read."),
        "write": Field(_SCOPE_PATHS, "Files and folders that may be written."),
    },
)
PERMISSIONS = Record(
    "Permissions",
    Permissions,
    {
        "filesystem": Field(
            FILESYSTEM, "Paths that may be read and written; needs the capability `filesystem`."
        ),
        "network": Field(
            Repeated(shapes.SCOPE_HOST, by_text, "host"),
            "Hosts that may be reached, each with a port or without; needs the capability `network`.",
        ),
        "process": Field(
            Repeated(shapes.SCOPE_COMMAND, by_text, "command"),
            "Commands that may be run, without their arguments; needs the capability `process`.",
        ),
        "env": Field(
            Repeated(shapes.SCOPE_VARIABLE, by_text, "name"), "Environment variables that may be read."
        ),
    },
)
SECURITY = Record(
    "Security",
    Security,
    {
        "sandbox": Field(
            Flag(),
            "Whether the plugin runs where it can do no harm. Builtin plugins never do; native ones that reach outside must "
            "state it.",
        ),
        "allowed_apis": Field(
            Repeated(shapes.API, by_text, "API"),
            "What the plugin may call: `std.*`, `std.math`, `std.io.print`, the module of a dependency. Without it, all that "
            "the capabilities permit.",
        ),
        "max_memory": Field(
            shapes.SIZE,
            "The most memory: a number with KB, MB, GB, TB (1000) or KiB, MiB, GiB, TiB (1024), or a number of bytes.",
        ),
        "max_cpu": Field(shapes.ShareShape(), "The largest share of one processor core, in percent."),
        "timeout": Field(
            shapes.DURATION,
            "The longest that a call from outside may take: numbers with h, m, s, ms, us, the largest unit first.",
        ),
        "permissions": Field(
            PERMISSIONS, "How far the capabilities reach. A capability without a scope here reaches nothing."
        ),
    },
)
RUNTIME = Record(
    "Runtime",
    Runtime,
    {
        "lazy": Field(Flag(), "Load the plugin at its first use."),
        "persistent": Field(
            Flag(),
            "Keep the plugin loaded between calls; otherwise its state and memory are released after each.",
        ),
        "parallel": Field(Flag(), "Calls may overlap; otherwise they queue."),
        "environment": Field(
            Mapped(Text(), shapes.environment_key, ENVIRONMENT_FORM),
            "The environment variables that the plugin sees.",
        ),
    },
)
MANIFEST = Record(
    "Plugin manifest",
    Manifest,
    {
        "name": Field(
            shapes.PLUGIN_NAME,
            "What the plugin is called: at most 64 lower-case letters, digits, dots, dashes and underscores. Unique without "
            "regard to case.",
            is_required=True,
            example='"my-plugin"',
        ),
        "version": Field(
            shapes.VERSION, "The plugin's semantic version.", is_required=True, example='"1.0.0"'
        ),
        "description": Field(Text(), "What the plugin is for, in a sentence."),
        "author": Field(Text(), "Who made the plugin."),
        "license": Field(shapes.LICENSE, "The licence, as an SPDX expression."),
        "type": Field(
            Choice(PLUGIN_TYPES, PLUGIN_TYPE_HABITS),
            "`module`: ALaS code. `native`: a compiled library. `hybrid`: both. `builtin`: a part of the host, such as a "
            "Python package.",
        ),
        "capabilities": Field(
            Repeated(Choice(CAPABILITIES, CAPABILITY_HABITS), by_text, "capability"),
            'What the plugin provides and what it needs. Without it `["function"]` if there are functions.',
        ),
        "module": Field(
            shapes.MODULE_NAME,
            "The ALaS module that the plugin provides: what programs import and call.",
            is_required=True,
            example='"my_plugin"',
        ),
        "alas_version": Field(shapes.RANGE, "The versions of ALaS that the plugin works with."),
        "dependencies": Field(
            Repeated(shapes.DEPENDENCY, shapes.dependency_name, "dependency", '["math-utils >=1.2 <2"]'),
            "The plugins and modules that this one needs: a name, or a name and a range of versions.",
        ),
        "functions": Field(
            Repeated(FUNCTION, by_name, "function"),
            "The functions that the plugin provides. They must be as the implementation has them.",
        ),
        "types": Field(
            Repeated(TYPE_DEFINITION, by_name, "type"), "The types that the plugin's signatures use."
        ),
        "implementation": Field(
            IMPLEMENTATION,
            "Where the plugin's code is and how it is built.",
            is_required=True,
            example='{"language": "alas", "entrypoint": "my_plugin.alas.json"}',
        ),
        "security": Field(
            SECURITY,
            "What the plugin is held to. A limit only narrows what the host allows, and never widens it.",
        ),
        "runtime": Field(RUNTIME, "How the plugin is kept and called."),
    },
    # Editors look here for the schema of a file.
    free_keys=("$schema",),
)
