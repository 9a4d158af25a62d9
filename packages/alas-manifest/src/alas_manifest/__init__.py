"""Read, check and explain the manifest of an ALaS plugin.

Names are imported when they are first used: a command that needs only `Diagnostic` does not pay for the rest.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alas_manifest._decoding import position_of
    from alas_manifest._dependencies import Dependency
    from alas_manifest._diagnostics import CODES, Diagnostic, ManifestError, Severity
    from alas_manifest._enforcement import has_native_code, unenforced_requests
    from alas_manifest._folders import read_folder, validate_folder
    from alas_manifest._forms import is_command, is_host, is_variable
    from alas_manifest._json_values import JsonValue
    from alas_manifest._licenses import LicenseExpression
    from alas_manifest._model import (
        Binary,
        Extra,
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
    from alas_manifest._names import CAPABILITIES, STANDARD_LIBRARY, Capability, PluginType, TypeKind
    from alas_manifest._nearest import nearest_name
    from alas_manifest._quantities import ByteSize, CpuShare, Duration
    from alas_manifest._reading import MANIFEST_FILE, Reading, load, loads, read, read_file, validate
    from alas_manifest._schema import SchemaKind, schema, schema_text
    from alas_manifest._text import escape_text, quote_text
    from alas_manifest._type_references import BUILTIN_TYPES, TypeReference
    from alas_manifest._type_scope import types_of_dependencies
    from alas_manifest._versions import Version, VersionRange
    from alas_manifest._writing import dump, dumps

__all__ = [
    "BUILTIN_TYPES",
    "CAPABILITIES",
    "CODES",
    "MANIFEST_FILE",
    "STANDARD_LIBRARY",
    "Binary",
    "ByteSize",
    "Capability",
    "CpuShare",
    "Dependency",
    "Diagnostic",
    "Duration",
    "Extra",
    "FilesystemPermission",
    "FunctionSignature",
    "Implementation",
    "JsonValue",
    "LicenseExpression",
    "Manifest",
    "ManifestError",
    "Parameter",
    "Permissions",
    "PluginType",
    "Reading",
    "Runtime",
    "SchemaKind",
    "Security",
    "Severity",
    "TypeDefinition",
    "TypeKind",
    "TypeReference",
    "Version",
    "VersionRange",
    "dump",
    "dumps",
    "escape_text",
    "has_native_code",
    "is_command",
    "is_host",
    "is_variable",
    "load",
    "loads",
    "nearest_name",
    "position_of",
    "quote_text",
    "read",
    "read_file",
    "read_folder",
    "schema",
    "schema_text",
    "types_of_dependencies",
    "unenforced_requests",
    "validate",
    "validate_folder",
]

_NAMES_BY_MODULE = {
    "_decoding": ("position_of",),
    "_dependencies": ("Dependency",),
    "_diagnostics": ("CODES", "Diagnostic", "ManifestError", "Severity"),
    "_enforcement": ("has_native_code", "unenforced_requests"),
    "_folders": ("read_folder", "validate_folder"),
    "_forms": ("is_command", "is_host", "is_variable"),
    "_json_values": ("JsonValue",),
    "_licenses": ("LicenseExpression",),
    "_model": (
        "Binary",
        "Extra",
        "FilesystemPermission",
        "FunctionSignature",
        "Implementation",
        "Manifest",
        "Parameter",
        "Permissions",
        "Runtime",
        "Security",
        "TypeDefinition",
    ),
    "_names": ("CAPABILITIES", "STANDARD_LIBRARY", "Capability", "PluginType", "TypeKind"),
    "_nearest": ("nearest_name",),
    "_quantities": ("ByteSize", "CpuShare", "Duration"),
    "_reading": ("MANIFEST_FILE", "Reading", "load", "loads", "read", "read_file", "validate"),
    "_schema": ("SchemaKind", "schema", "schema_text"),
    "_text": ("escape_text", "quote_text"),
    "_type_references": ("BUILTIN_TYPES", "TypeReference"),
    "_type_scope": ("types_of_dependencies",),
    "_versions": ("Version", "VersionRange"),
    "_writing": ("dump", "dumps"),
}
_MODULE_BY_NAME = {name: module for module, names in _NAMES_BY_MODULE.items() for name in names}

# Type checkers read the imports above instead; they would take this function for a promise that every name exists.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import a name at its first use."""
        import importlib

        module = _MODULE_BY_NAME.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
