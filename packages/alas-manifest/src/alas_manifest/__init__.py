"""Read, check and explain the manifest of an ALaS plugin."""

from alas_manifest._dependencies import Dependency
from alas_manifest._diagnostics import CODES, Diagnostic, ManifestError, Severity
from alas_manifest._folders import read_folder, validate_folder
from alas_manifest._licenses import LicenseExpression
from alas_manifest._model import (
    Binary,
    Extra,
    FilesystemPermission,
    FunctionSignature,
    Implementation,
    JsonValue,
    Manifest,
    Parameter,
    Permissions,
    Runtime,
    Security,
    TypeDefinition,
)
from alas_manifest._names import Capability, PluginType, TypeKind
from alas_manifest._quantities import ByteSize, CpuShare, Duration
from alas_manifest._reading import MANIFEST_FILE, Reading, load, loads, read, read_file, validate
from alas_manifest._text import escape_text, quote_text
from alas_manifest._type_references import TypeReference
from alas_manifest._versions import Version, VersionRange
from alas_manifest._writing import dump, dumps

__all__ = [
    "CODES",
    "MANIFEST_FILE",
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
    "load",
    "loads",
    "quote_text",
    "read",
    "read_file",
    "read_folder",
    "validate",
    "validate_folder",
]
