"""The fields of `plugin.json`: what each accepts, in one table.

The table reads a file into the model; the rules (`_rules.py`) check what more than one field decides.
"""

from collections.abc import Mapping
from decimal import Decimal

from alas_manifest import _advice as advice
from alas_manifest import _forms as forms
from alas_manifest._dependencies import Dependency
from alas_manifest._json_values import JsonValue
from alas_manifest._licenses import LicenseExpression
from alas_manifest._model import (
    Binary,
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
from alas_manifest._names import CAPABILITIES, LANGUAGES, PLATFORMS, PLUGIN_TYPES, TYPE_KINDS
from alas_manifest._places import Place
from alas_manifest._quantities import ByteSize, CpuShare, Duration
from alas_manifest._records import Field, Record
from alas_manifest._shapes import (
    Choice,
    Flag,
    Mapped,
    Parsed,
    Repeated,
    Scalar,
    Shape,
    Text,
    by_name,
    by_text,
    report_kind,
)
from alas_manifest._source import Problem
from alas_manifest._text import quote_text
from alas_manifest._type_references import TypeReference
from alas_manifest._versions import Version, VersionRange


def _dependency_name(place: Place) -> str | None:
    """Tell dependencies apart by name, whatever versions they ask for."""
    try:
        return Dependency.parse(place.text or "").name.lower()
    except ValueError:
        return None


def _environment_key(_place: Place, key: str) -> Problem | None:
    try:
        forms.environment_name(key)
    except ValueError as error:
        return Problem("invalid_name", str(error), advice.identifier(key))
    return None


def _platform_key(place: Place, key: str) -> Problem | None:
    if key in PLATFORMS:
        return None
    message = f"expected a platform such as linux-x86_64, found {quote_text(key)}"
    return Problem("unknown_value", message, place.suggest(key, PLATFORMS))


class _Anything(Shape[Mapping[str, JsonValue]]):
    """An object that is free for tools."""

    def read(self, place: Place) -> Mapping[str, JsonValue] | None:
        value = place.value
        if isinstance(value, dict):
            return value
        report_kind(place, "an object")
        return None


class _BinaryShape(Shape[Binary]):
    """A path, or an object of platforms and paths."""

    def read(self, place: Place) -> Binary | None:
        if isinstance(place.value, dict):
            platforms = Mapped(PATH, _platform_key).read(place)
            return Binary(platforms=platforms) if platforms is not None else None
        if place.text is None:
            report_kind(place, "a path, or an object of platforms and paths")
            return None
        path = PATH.read(place)
        return Binary(path=path) if path is not None else None


class _ShareShape(Shape[CpuShare]):
    """A share of a core, up to all cores of this machine."""

    def read(self, place: Place) -> CpuShare | None:
        share = Parsed(CpuShare.parse, "invalid_share", advice.share).read(place)
        cores = _core_count()
        if share is not None and share.cores > cores:
            message = (
                f"expected at most {cores * 100}%, because this machine has {cores} cores, found {share}"
            )
            place.report(Problem("invalid_share", message, "a limit can only narrow what the host has"))
            return None
        return share


def _core_count() -> Decimal:
    import os

    return Decimal(os.cpu_count() or 1)


IDENTIFIER = Parsed(forms.identifier, "invalid_name", advice.identifier)
TYPE = Parsed(TypeReference.parse, "unknown_type", lambda _: "containers are written array<T> and map<T>")
PATH = Parsed(forms.inside_path, "invalid_name", advice.inside_path)

PARAMETER = Record(
    Parameter,
    {
        "name": Field(IDENTIFIER, is_required=True, example='"data"'),
        "type": Field(TYPE, is_required=True, example='"any"'),
    },
)
FUNCTION = Record(
    FunctionSignature,
    {
        "name": Field(IDENTIFIER, is_required=True, example='"process"'),
        "params": Field(Repeated(PARAMETER, by_name, "parameter")),
        "returns": Field(TYPE),
        "description": Field(Text()),
        "native": Field(Flag()),
        "async": Field(Flag(), attribute="is_async"),
    },
)
TYPE_DEFINITION = Record(
    TypeDefinition,
    {
        "name": Field(IDENTIFIER, is_required=True, example='"Point"'),
        "kind": Field(Choice(TYPE_KINDS), is_required=True, example='"struct"'),
        "fields": Field(Repeated(PARAMETER, by_name, "field")),
        "values": Field(Repeated(Parsed(forms.enum_value, "invalid_name"), by_text, "value")),
        "base_type": Field(TYPE),
        "meta": Field(_Anything()),
    },
)
IMPLEMENTATION = Record(
    Implementation,
    {
        "language": Field(Choice(LANGUAGES, is_open=True), is_required=True, example='"alas"'),
        "entrypoint": Field(PATH),
        "build_cmd": Field(Parsed(forms.build_command, "unenforceable", advice.build_command)),
        "sources": Field(Repeated(PATH, by_text, "path")),
        "binaries": Field(Repeated(_BinaryShape(), by_text, "path")),
        "config": Field(Mapped(Scalar())),
    },
)
_SCOPE_PATHS = Repeated(Parsed(forms.scope_path, "invalid_permission"), by_text, "path")
PERMISSIONS = Record(
    Permissions,
    {
        "filesystem": Field(
            Record(FilesystemPermission, {"read": Field(_SCOPE_PATHS), "write": Field(_SCOPE_PATHS)})
        ),
        "network": Field(Repeated(Parsed(forms.scope_host, "invalid_permission"), by_text, "host")),
        "process": Field(Repeated(Parsed(forms.scope_command, "invalid_permission"), by_text, "command")),
        "env": Field(Repeated(Parsed(forms.environment_name, "invalid_permission"), by_text, "name")),
    },
)
SECURITY = Record(
    Security,
    {
        "sandbox": Field(Flag()),
        "allowed_apis": Field(Repeated(Text(), by_text, "API")),
        "max_memory": Field(Parsed(ByteSize.parse, "invalid_size", advice.size)),
        "max_cpu": Field(_ShareShape()),
        "timeout": Field(Parsed(Duration.parse, "invalid_duration", advice.duration)),
        "permissions": Field(PERMISSIONS),
    },
)
RUNTIME = Record(
    Runtime,
    {
        "lazy": Field(Flag()),
        "persistent": Field(Flag()),
        "parallel": Field(Flag()),
        "environment": Field(Mapped(Text(), _environment_key)),
    },
)
MANIFEST = Record(
    Manifest,
    {
        "name": Field(
            Parsed(forms.plugin_name, "invalid_name", advice.plugin_name),
            is_required=True,
            example='"my-plugin"',
        ),
        "version": Field(
            Parsed(Version.parse, "invalid_version", advice.version), is_required=True, example='"1.0.0"'
        ),
        "description": Field(Text()),
        "author": Field(Text()),
        "license": Field(Parsed(LicenseExpression.parse, "invalid_license", advice.license_expression)),
        "type": Field(Choice(PLUGIN_TYPES)),
        "capabilities": Field(Repeated(Choice(CAPABILITIES), by_text, "capability")),
        "module": Field(
            Parsed(forms.module_name, "invalid_name", advice.module_name),
            is_required=True,
            example='"my_plugin"',
        ),
        "alas_version": Field(Parsed(VersionRange.parse, "invalid_range", advice.version_range)),
        "dependencies": Field(
            Repeated(
                Parsed(Dependency.parse, "invalid_range", advice.dependency), _dependency_name, "dependency"
            )
        ),
        "functions": Field(Repeated(FUNCTION, by_name, "function")),
        "types": Field(Repeated(TYPE_DEFINITION, by_name, "type")),
        "implementation": Field(
            IMPLEMENTATION,
            is_required=True,
            example='{"language": "alas", "entrypoint": "my_plugin.alas.json"}',
        ),
        "security": Field(SECURITY),
        "runtime": Field(RUNTIME),
    },
)
