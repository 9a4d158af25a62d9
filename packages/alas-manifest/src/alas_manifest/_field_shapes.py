"""The shapes that only manifests have: the forms of their strings, and the fields that are more than one kind of value."""

from collections.abc import Mapping
from decimal import Decimal

from alas_manifest import _advice as advice
from alas_manifest import _forms as forms
from alas_manifest import _patterns as patterns
from alas_manifest._dependencies import Dependency
from alas_manifest._json_values import JsonValue
from alas_manifest._licenses import LicenseExpression
from alas_manifest._model import Binary
from alas_manifest._names import ARCHITECTURES, OPERATING_SYSTEMS, PLATFORMS
from alas_manifest._places import Place
from alas_manifest._quantities import ByteSize, CpuShare, Duration
from alas_manifest._schema_parts import Definitions, Schema
from alas_manifest._shapes import Mapped, Parsed, Shape, report_kind
from alas_manifest._source import Problem
from alas_manifest._text import quote_text
from alas_manifest._type_references import TypeReference
from alas_manifest._versions import Version, VersionRange

PLUGIN_NAME = Parsed(forms.plugin_name, "invalid_name", advice.plugin_name, patterns.PLUGIN_NAME_FORM)
MODULE_NAME = Parsed(forms.module_name, "invalid_name", advice.module_name, patterns.MODULE_NAME_FORM)
IDENTIFIER = Parsed(forms.identifier, "invalid_name", advice.identifier, patterns.IDENTIFIER_FORM)
TYPE = Parsed(TypeReference.parse, "unknown_type", advice.type_reference, patterns.TYPE_FORM)
ENUM_VALUE = Parsed(forms.enum_value, "invalid_name", form=patterns.WORD_FORM)
VERSION = Parsed(Version.parse, "invalid_version", advice.version, patterns.VERSION_FORM)
RANGE = Parsed(VersionRange.parse, "invalid_range", advice.version_range, patterns.RANGE_FORM)
DEPENDENCY = Parsed(
    Dependency.parse, "invalid_range", advice.dependency, patterns.DEPENDENCY_FORM, '"math-utils >=1.2 <2"'
)
LICENSE = Parsed(
    LicenseExpression.parse,
    "invalid_license",
    advice.license_expression,
    patterns.LICENSE_FORM,
    '"MIT OR Apache-2.0"',
)
PATH = Parsed(forms.inside_path, "invalid_name", advice.inside_path, patterns.PATH_FORM)
COMMAND_LINE = Parsed(
    forms.build_command, "unenforceable", advice.build_command, patterns.COMMAND_LINE_FORM, '"make all"'
)
SIZE = Parsed(ByteSize.parse, "invalid_size", advice.size, patterns.SIZE_FORM)
DURATION = Parsed(Duration.parse, "invalid_duration", advice.duration, patterns.DURATION_FORM)
SCOPE_PATH = Parsed(forms.scope_path, "invalid_permission", form=patterns.SCOPE_PATH_FORM)
SCOPE_HOST = Parsed(forms.scope_host, "invalid_permission", advice.scope_host, patterns.SCOPE_HOST_FORM)
SCOPE_COMMAND = Parsed(
    forms.scope_command, "invalid_permission", advice.scope_command, patterns.SCOPE_COMMAND_FORM
)
SCOPE_VARIABLE = Parsed(
    forms.environment_name, "invalid_permission", advice.identifier, patterns.ENVIRONMENT_FORM
)
API = Parsed(forms.text, "unknown_value", form=patterns.API_FORM)


def dependency_name(place: Place) -> str | None:
    """Tell dependencies apart by name, whatever versions they ask for."""
    try:
        return Dependency.parse(place.text or "").name.lower()
    except ValueError:
        return None


def binary_path(place: Place) -> str | None:
    """Tell binaries apart: by the path, or by the platforms and their paths."""
    if isinstance(place.value, dict):
        return ", ".join(sorted(f"{platform}: {path}" for platform, path in place.value.items()))
    return place.text


def environment_key(_place: Place, key: str) -> Problem | None:
    """Return what is wrong with the name of an environment variable."""
    try:
        forms.environment_name(key)
    except ValueError as error:
        return Problem("invalid_name", str(error), advice.identifier(key))
    return None


def platform_key(place: Place, key: str) -> Problem | None:
    """Return what is wrong with the name of a platform."""
    if key in PLATFORMS:
        return None
    message = f"expected a platform such as linux-x86_64, found {quote_text(key)}"
    systems, architectures = ", ".join(OPERATING_SYSTEMS), ", ".join(ARCHITECTURES)
    guess = place.suggest(advice.platform(key), PLATFORMS)
    return Problem("unknown_value", message, guess or f"systems are {systems}; architectures {architectures}")


class Anything(Shape[Mapping[str, JsonValue]]):
    """An object that is free for tools."""

    def read(self, place: Place) -> Mapping[str, JsonValue] | None:
        """Read an object."""
        if isinstance(place.value, dict):
            return place.value
        report_kind(place, "an object")
        return None

    def schema(self, definitions: Definitions) -> Schema:  # noqa: ARG002 - as the base class has it
        """Describe the shape as a JSON Schema."""
        return {"type": "object"}


_PLATFORMS = Mapped(PATH, platform_key, patterns.PLATFORM_FORM)


class BinaryShape(Shape[Binary]):
    """A path, or an object of platforms and paths."""

    def read(self, place: Place) -> Binary | None:
        """Read a path or an object."""
        if isinstance(place.value, dict):
            if not place.value:
                message = "expected at least one platform, found an empty object"
                place.report(Problem("missing_field", message, 'for example {"linux-x86_64": "plugin.so"}'))
                return None
            platforms = _PLATFORMS.read(place)
            return Binary(platforms=platforms) if platforms is not None else None
        if place.text is None:
            report_kind(place, "a path, or an object of platforms and paths")
            return None
        path = PATH.read(place)
        return Binary(path=path) if path is not None else None

    def schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a JSON Schema."""
        platforms = _PLATFORMS.schema(definitions) | {"minProperties": 1}
        return {"if": {"type": "string"}, "then": PATH.schema(definitions), "else": platforms}


class ShareShape(Shape[CpuShare]):
    """A share of a core.

    More than this machine has is a warning and no error: the same manifest must not be right on one machine and wrong on
    another, and such a limit narrows nothing, so that the host's own holds.
    """

    _shape = Parsed(CpuShare.parse, "invalid_share", advice.share, patterns.SHARE_FORM)

    def read(self, place: Place) -> CpuShare | None:
        """Read a share."""
        share = self._shape.read(place)
        cores = _core_count()
        if share is not None and share.cores > cores:
            has = "1 core" if cores == 1 else f"{cores} cores"
            message = f"{share} is more than the {cores * 100}% of this machine, which has {has}"
            advice = "here it limits nothing; on a machine with more cores it does"
            place.report(Problem("invalid_share", message, advice, "warning"))
        return share

    def schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a JSON Schema."""
        return self._shape.schema(definitions)


def _core_count() -> Decimal:
    import os

    return Decimal(os.cpu_count() or 1)
