"""Modules and the modules that they import."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .declared import Declared, Definition
from .errors import Failure

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Function:
    """A function and where it stands in its module."""

    module: Module
    node: Node
    pointer: str

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.node["name"])

    @property
    def parameters(self) -> Sequence[Node]:
        """Its parameters, in order."""
        parameters: Sequence[Node] = self.node.get("params", [])
        return parameters


@dataclass(eq=False)
class Module:
    """A module whose imports are resolved."""

    node: Node
    imports: dict[str, Module] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.node["name"])

    def function(self, name: str) -> Function | None:
        """The function of that name."""
        for index, node in enumerate(self.node["functions"]):
            if node["name"] == name:
                return Function(self, node, f"/functions/{index}")
        return None

    @property
    def declared(self) -> Declared:
        """Converts to the types that the module may name: its own, then those of its imports."""
        return Declared(self._find_type)

    def _find_type(self, name: str) -> tuple[Definition, Declared] | None:
        for home in (self, *self.imports.values()):
            for definition in home.node.get("types", []):
                if definition["name"] == name:
                    return definition["definition"], home.declared
        return None


class Program:
    """A module with all modules that it reaches, each loaded once."""

    def __init__(self, main: Node, folders: Sequence[Path] = ()) -> None:
        self._folders = folders
        self._loaded: dict[str, Module] = {}
        self.main = self._link(Module(main))

    @classmethod
    def from_file(cls, path: Path) -> Program:
        """Load a file; imports are looked for beside it."""
        return cls(json.loads(path.read_text(encoding="utf-8")), [path.parent])

    def _link(self, module: Module) -> Module:
        self._loaded[module.name] = module
        for name in module.node.get("imports", []):
            # `std` modules hold only builtins, which need no loading.
            if not name.startswith("std."):
                module.imports[name] = self._loaded.get(name) or self._link(self._read(name))
        return module

    def _read(self, name: str) -> Module:
        for folder in self._folders:
            path = folder / f"{name}.alas.json"
            if path.exists():
                return Module(json.loads(path.read_text(encoding="utf-8")))
        raise Failure("unknown_module", f"there is no module {name}")
