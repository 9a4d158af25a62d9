"""Plugins of every type, with functions that show whether a field of their manifests is honoured."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from alas_interp import Interpreter, Permissions, PluginLimits, PluginManager
from alas_registry import LoadReport

from . import sources

NAME = "specimen"


class Half(StrEnum):
    """What code of a plugin is written in; its functions are called `<half>_<function>`."""

    ALAS = "alas"
    NATIVE = "native"
    PYTHON = "python"


class Kind(StrEnum):
    """A column of the table."""

    MODULE = "module"
    HYBRID = "hybrid, with native functions"
    HYBRID_IN_ALAS = "hybrid, without"
    NATIVE = "native"
    BUILTIN = "builtin"

    @property
    def type(self) -> str:
        """What its manifest says."""
        return self.value.partition(",")[0]

    @property
    def halves(self) -> tuple[Half, ...]:
        """What it is written in."""
        return {
            Kind.MODULE: (Half.ALAS,),
            Kind.HYBRID: (Half.ALAS, Half.NATIVE),
            Kind.HYBRID_IN_ALAS: (Half.ALAS,),
            Kind.NATIVE: (Half.NATIVE,),
            Kind.BUILTIN: (Half.PYTHON,),
        }[self]


@dataclass(frozen=True)
class Loaded:
    """A specimen that runs in an interpreter."""

    manager: PluginManager
    half: Half

    @property
    def interpreter(self) -> Interpreter:
        """Where it runs."""
        return self.manager.interpreter

    @property
    def state(self) -> str:
        """How far it has come."""
        return str(self.manager.registry.get(NAME).state)

    def function(self, name: str) -> str:
        """The whole name of a function of this half."""
        return f"{NAME}.{self.half}_{name}"

    def call(self, name: str, *arguments: object) -> Any:
        """Call a function of this half from outside."""
        return self.manager.registry.call(NAME, f"{self.half}_{name}", *arguments)


@dataclass(frozen=True)
class Host:
    """What the host says when it loads a specimen."""

    limits: PluginLimits = field(default_factory=PluginLimits)
    grants: Permissions = field(default_factory=Permissions)


@dataclass(frozen=True)
class Specimens:
    """Makes plugins in a folder.

    `library` returns the library of the native halves, which is compiled when it is first needed.
    """

    folder: Path
    library: Callable[[], Path]

    def make(self, kind: Kind, asks: Mapping[str, Any], name: str = "0") -> Path:
        """Write a plugin whose manifest asks for something; return its folder."""
        place = self.folder / name / NAME
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        manifest = _merged(_manifest(kind), asks)
        (place / "plugin.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        if Half.ALAS in kind.halves:
            module = {"type": "module", "name": NAME, "exports": list(sources.ALAS)}
            functions = [{"name": name, **sources.ALAS[name]} for name in sources.ALAS]
            (place / f"{NAME}.alas.json").write_text(json.dumps(module | {"functions": functions}))
        if Half.NATIVE in kind.halves:
            shutil.copyfile(self.library(), place / f"{NAME}.so")
        if Half.PYTHON in kind.halves:
            (place / f"{NAME}.py").write_text(sources.PYTHON, encoding="utf-8")
        return place

    @contextlib.contextmanager
    def initialized(
        self, folder: Path, host: Host | None = None
    ) -> Iterator[tuple[PluginManager, LoadReport]]:
        """Let a plugin manager find a specimen, and load it unless it is to be loaded later."""
        host = host if host is not None else Host()
        interpreter = Interpreter(plugin_limits=host.limits, plugin_permissions=lambda _: host.grants)
        with PluginManager(interpreter) as manager:
            # Python code in a folder runs only where somebody has named it.
            manager.registry.trust(folder)
            yield manager, manager.initialize([folder])

    @contextlib.contextmanager
    def loaded(
        self, kind: Kind, half: Half, asks: Mapping[str, Any], host: Host | None = None
    ) -> Iterator[Loaded]:
        """Load a specimen, which has to succeed."""
        with self.initialized(self.make(kind, asks), host) as (manager, report):
            assert [str(failure.error) for failure in report.failed] == []
            yield Loaded(manager, half)


def _manifest(kind: Kind) -> dict[str, Any]:
    described = {Half.ALAS: sources.ALAS, Half.NATIVE: sources.IN_C, Half.PYTHON: sources.IN_PYTHON}
    functions = [
        {"name": name, "params": one["params"], "returns": one["returns"]}
        | ({"native": True} if (kind, half) == (Kind.HYBRID, Half.NATIVE) else {})
        for half in kind.halves
        for name, one in described[half].items()
    ]
    implementation: dict[str, Any] = {
        Kind.MODULE: {"language": "alas"},
        Kind.BUILTIN: {"language": "python", "entrypoint": f"{NAME}.py"},
    }.get(kind, {"language": "c"})
    if Half.ALAS in kind.halves:
        implementation = implementation | {"entrypoint": f"{NAME}.alas.json"}
    if Half.NATIVE in kind.halves:
        implementation = implementation | {"binaries": [f"{NAME}.so"]}
    # Native code that declares more has to say whether it has a sandbox; what it says there is a row of the table.
    outside = ["filesystem", "network", "process"] if Half.ALAS in kind.halves else []
    return {
        "name": NAME,
        "version": "1.0.0",
        "type": kind.type,
        "module": NAME,
        "capabilities": ["function", *outside],
        "functions": functions,
        "implementation": implementation,
    }


def _merged(manifest: dict[str, Any], asks: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with more fields; what stands for `functions` joins each of them."""
    merged = dict(manifest)
    for key, value in asks.items():
        if key == "functions":
            merged[key] = [function | value for function in manifest[key]]
        elif isinstance(value, Mapping):
            merged[key] = _merged(manifest.get(key, {}), value)
        else:
            merged[key] = value
    return merged
