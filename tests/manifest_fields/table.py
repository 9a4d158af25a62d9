"""The table: a row for each field, a column for each type of plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import effects
from .effects import ADDRESS, COMMAND, NOTES, VARIABLE, Trial
from .outcomes import (
    ENFORCED,
    ENFORCED_IN_ALAS,
    ENFORCED_IN_ALAS_ALONE,
    ENFORCED_IN_EACH,
    ENFORCED_ON_VALUES,
    NATIVE_HALF,
    NEEDS_LIBRARY,
    NOT_HELD,
    REFUSED,
    TRUSTED,
    WARNED,
    Outcome,
)
from .specimens import Kind

Cells = tuple[Outcome, Outcome, Outcome, Outcome, Outcome]


@dataclass(frozen=True, eq=False)
class Row:
    """What becomes of one field.

    Attributes:
        field: the field, of a manifest or, in `LIMITS`, of the host's settings.
        cells: what becomes of it in each type, in the order of `Kind`.
        asks: what a manifest says that asks for it.
        effect: what shows that it is honoured.
        value: what it says, where another value has another row.
        special: what manifests of some types say instead.
        pointer: the place of findings, where it is not the field itself.
        settings: the host's settings, as TOML.
    """

    field: str
    cells: Cells
    asks: Mapping[str, Any]
    effect: Callable[[Trial], bool]
    value: str = ""
    special: Mapping[Kind, Mapping[str, Any]] = field(default_factory=dict)
    pointer: str | None = None
    settings: str = ""

    @property
    def title(self) -> str:
        """What stands before the cells."""
        return f"`{self.field}`{f': `{self.value}`' if self.value else ''}"

    def cell(self, kind: Kind) -> Outcome:
        """What becomes of the field in a type of plugin."""
        return self.cells[list(Kind).index(kind)]

    def asks_of(self, kind: Kind) -> Mapping[str, Any]:
        """What a manifest of a type says that asks for it."""
        return self.special.get(kind, self.asks)

    def place(self, kind: Kind) -> str:
        """The JSON pointer of findings, with `*` for numbers."""
        stated = self.cell(kind).pointer or self.pointer
        return stated if stated is not None else "/" + self.field.replace("[]", ".*").replace(".", "/")


def _security(name: str, value: object) -> dict[str, Any]:
    return {"security": {name: value}}


def _runtime(name: str, value: object) -> dict[str, Any]:
    return {"runtime": {name: value}}


def _function(name: str) -> dict[str, Any]:
    return {"functions": {name: True}}


def _scope(name: str, reach: object) -> dict[str, Any]:
    return {"security": {"permissions": {name: reach}}}


def _special_scope(name: str, reach: object) -> dict[Kind, Any]:
    """Return what manifests say instead that name no capability by themselves; a native one has to say that it has no sandbox."""
    asks = {"capabilities": ["function", name], **_scope(name, reach)}
    return {Kind.BUILTIN: asks, Kind.NATIVE: asks | {"security": {"sandbox": False, **asks["security"]}}}


_APIS = ["std.array", "std.async", "std.env", "std.fs", "std.net", "std.process", "std.time"]
# Only where all code is held to limits may a manifest ask for any.
_WITHOUT_LIMITS: dict[Kind, dict[str, Any]] = {Kind.HYBRID: {}, Kind.NATIVE: {}, Kind.BUILTIN: {}}
_PERMISSIONS = "/security/permissions"
_reading = effects.reached("read", "read", NOTES)
_writing = effects.reached("write", "write", NOTES)
_fetching = effects.reached("fetch", "network", ADDRESS)
_running = effects.reached("run", "commands", COMMAND)

# Columns: module; hybrid with native functions; hybrid without; native; builtin.
FIELDS = (
    Row(
        "security.sandbox",
        (ENFORCED, REFUSED, ENFORCED, REFUSED, REFUSED),
        _security("sandbox", True),
        effects.contained,
        value="true",
    ),
    Row(
        "security.sandbox",
        (REFUSED, TRUSTED, REFUSED, TRUSTED, TRUSTED),
        _security("sandbox", False),
        effects.inside_the_host,
        value="false",
    ),
    Row(
        "security.allowed_apis",
        (ENFORCED, WARNED, ENFORCED, REFUSED, REFUSED),
        _security("allowed_apis", _APIS),
        effects.allowed,
    ),
    Row(
        "security.max_memory",
        (ENFORCED, REFUSED, ENFORCED, REFUSED, REFUSED),
        _security("max_memory", "1MiB"),
        effects.memory,
    ),
    Row(
        "security.max_cpu",
        (ENFORCED, REFUSED, ENFORCED, REFUSED, REFUSED),
        _security("max_cpu", "5%"),
        effects.share,
    ),
    Row(
        "security.timeout",
        (ENFORCED, REFUSED, ENFORCED, REFUSED, REFUSED),
        _security("timeout", "100ms"),
        effects.timeout,
    ),
    Row(
        "security.permissions.filesystem.read",
        (ENFORCED, WARNED, ENFORCED, REFUSED, REFUSED),
        _scope("filesystem", {"read": [NOTES]}),
        _reading,
        special=_special_scope("filesystem", {"read": [NOTES]}),
        pointer=_PERMISSIONS,
    ),
    Row(
        "security.permissions.filesystem.write",
        (ENFORCED, WARNED, ENFORCED, REFUSED, REFUSED),
        _scope("filesystem", {"write": [NOTES]}),
        _writing,
        special=_special_scope("filesystem", {"write": [NOTES]}),
        pointer=_PERMISSIONS,
    ),
    Row(
        "security.permissions.network",
        (ENFORCED, WARNED, ENFORCED, REFUSED, REFUSED),
        _scope("network", [ADDRESS]),
        _fetching,
        special=_special_scope("network", [ADDRESS]),
        pointer=_PERMISSIONS,
    ),
    Row(
        "security.permissions.process",
        (ENFORCED, WARNED, ENFORCED, REFUSED, REFUSED),
        _scope("process", [COMMAND]),
        _running,
        special=_special_scope("process", [COMMAND]),
        pointer=_PERMISSIONS,
    ),
    Row(
        "security.permissions.env",
        (ENFORCED, WARNED, ENFORCED, REFUSED, REFUSED),
        _scope("env", [VARIABLE]),
        effects.seen,
        pointer=_PERMISSIONS,
    ),
    Row(
        "runtime.lazy",
        (ENFORCED, ENFORCED, ENFORCED, ENFORCED, ENFORCED),
        _runtime("lazy", True),
        effects.lazy,
    ),
    Row(
        "runtime.persistent",
        (ENFORCED, ENFORCED, ENFORCED, ENFORCED, ENFORCED),
        _runtime("persistent", False),
        effects.released,
        value="false",
    ),
    Row(
        "runtime.parallel",
        (ENFORCED, ENFORCED_IN_EACH, ENFORCED, ENFORCED, ENFORCED),
        _runtime("parallel", True),
        effects.overlapping,
    ),
    Row(
        "runtime.environment",
        (ENFORCED, ENFORCED_IN_ALAS, ENFORCED, REFUSED, ENFORCED),
        _runtime("environment", {VARIABLE: "manifest"}),
        effects.environment,
    ),
    Row(
        "functions[].async",
        (ENFORCED, ENFORCED, ENFORCED, ENFORCED, ENFORCED),
        _function("async"),
        effects.task,
    ),
    Row(
        "functions[].native",
        (REFUSED, NATIVE_HALF, NEEDS_LIBRARY, ENFORCED, REFUSED),
        _function("native"),
        effects.inside_the_host,
        # Some of its functions are native as it is.
        special={Kind.HYBRID: {}},
    ),
)

# The same columns.
LIMITS = (
    Row(
        "limits.memory",
        (ENFORCED, ENFORCED_ON_VALUES, ENFORCED, ENFORCED_ON_VALUES, NOT_HELD),
        {},
        effects.memory,
        settings='memory = "1MiB"',
    ),
    Row(
        "limits.timeout",
        (ENFORCED, ENFORCED_IN_ALAS_ALONE, ENFORCED, NOT_HELD, NOT_HELD),
        {},
        effects.timeout,
        settings='timeout = "100ms"',
    ),
    Row(
        "limits.max_memory",
        (ENFORCED, ENFORCED_ON_VALUES, ENFORCED, ENFORCED_ON_VALUES, NOT_HELD),
        _security("max_memory", "1GiB"),
        effects.memory,
        special=_WITHOUT_LIMITS,
        settings='max_memory = "1MiB"',
    ),
    Row(
        "limits.max_timeout",
        (ENFORCED, ENFORCED_IN_ALAS_ALONE, ENFORCED, NOT_HELD, NOT_HELD),
        _security("timeout", "1h"),
        effects.timeout,
        special=_WITHOUT_LIMITS,
        settings='max_timeout = "100ms"',
    ),
    Row(
        "limits.max_cpu",
        (ENFORCED, ENFORCED_IN_ALAS_ALONE, ENFORCED, NOT_HELD, NOT_HELD),
        _security("max_cpu", "90%"),
        effects.share,
        special=_WITHOUT_LIMITS,
        settings='max_cpu = "5%"',
    ),
)
