"""What the registry knows about a plugin: an unchanging record, replaced when something changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from alas_registry._errors import RegistryError
from alas_registry._search_paths import SearchPath

if TYPE_CHECKING:
    from alas_manifest import Diagnostic, Manifest, PluginType


class PluginState(StrEnum):
    """How far a plugin has come."""

    DISCOVERED = "discovered"
    """Found and valid; can be loaded."""
    LOADED = "loaded"
    """Its functions can be called."""
    FAILED = "failed"
    """Valid, but the last attempt to load it failed; can be tried again."""
    INVALID = "invalid"
    """Found, but its manifest has errors."""
    SHADOWED = "shadowed"
    """Found, but an earlier plugin has its name or its module."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What listing and ordering plugins needs of a manifest, so that a thousand plugins need no thousand manifests.

    Attributes:
        version: the plugin's version.
        type: which loader runs it.
        module: the ALaS module it provides.
        description: what it does.
        capabilities: what it provides and what it needs.
        alas_version: the range of versions of ALaS it works with.
        dependencies: what it needs, as the manifest writes it.
        lazy: whether it asks to be loaded at first use.
    """

    version: str
    type: "PluginType"
    module: str
    description: str = ""
    capabilities: tuple[str, ...] = ()
    alas_version: str = ">=0.1.0"
    dependencies: tuple[str, ...] = ()
    lazy: bool = False

    @classmethod
    def of(cls, manifest: "Manifest") -> Self:
        """Take the facts from a manifest."""
        return cls(
            version=str(manifest.version),
            type=manifest.type,
            module=manifest.module,
            description=manifest.description,
            capabilities=tuple(manifest.capabilities),
            alas_version=str(manifest.alas_version),
            dependencies=tuple(map(str, manifest.dependencies)),
            lazy=manifest.runtime.lazy,
        )


class LazyManifest:
    """A manifest that is read when it is first asked for."""

    __slots__ = ("_manifest", "_read")

    def __init__(self, read: "Callable[[], Manifest]") -> None:
        """Take what reads the manifest; it is called once, or by several threads at once, and must not fail."""
        self._read = read
        self._manifest: Manifest | None = None

    def get(self) -> "Manifest":
        """Return the manifest."""
        if self._manifest is None:
            self._manifest = self._read()
        return self._manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plugin as it was when the registry was asked.

    Attributes:
        name: the manifest's name, or the folder's when the manifest cannot be read.
        folder: where it is.
        search_path: where it was found.
        state: how far it has come.
        facts: what listing and ordering needs of its manifest; None when the manifest has errors.
        diagnostics: what is wrong with the manifest, warnings included.
        shadowed_by: the folder of the plugin that was found first under the same name or module, if there is one.
        error: why the last attempt to load it failed.
        entry_point: for a plugin in an installed Python package, what to import; else None.
        is_trusted: whether the user has named its folder as one whose code may run as a part of the host.
        is_checked: whether its folder was compared with its manifest just now, so that its loader need not.
        lazy_manifest: reads the manifest when `manifest` is first asked for; None where that is None.
    """

    name: str
    folder: Path
    search_path: SearchPath
    state: PluginState
    facts: Facts | None = None
    diagnostics: "tuple[Diagnostic, ...]" = ()
    shadowed_by: Path | None = None
    error: RegistryError | None = None
    entry_point: str | None = None
    is_trusted: bool = False
    is_checked: bool = False
    lazy_manifest: LazyManifest | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of_manifest(
        cls, manifest: "Manifest", folder: Path, search_path: SearchPath, *, entry_point: str | None = None
    ) -> Self:
        """Make the record of a valid plugin that was not found by looking for it.

        Args:
            manifest: what it says about itself.
            folder: where it is.
            search_path: who named it.
            entry_point: for a plugin in a Python package, what to import.
        """
        return cls(
            name=manifest.name,
            folder=folder,
            search_path=search_path,
            state=PluginState.DISCOVERED,
            facts=Facts.of(manifest),
            entry_point=entry_point,
            lazy_manifest=LazyManifest(lambda: manifest),
        )

    @property
    def manifest(self) -> "Manifest | None":
        """What the plugin says about itself.

        None when its manifest has errors, and for a plugin in a Python package that ships none, which says it when loaded.
        """
        return self.lazy_manifest.get() if self.lazy_manifest is not None else None

    @property
    def module(self) -> str | None:
        """The ALaS module that the plugin provides; None when its manifest has errors."""
        return self.facts.module if self.facts is not None else None

    @property
    def version(self) -> str | None:
        """The plugin's version; None when its manifest has errors."""
        return self.facts.version if self.facts is not None else None

    @property
    def type(self) -> "PluginType | None":
        """Which loader runs the plugin; None when its manifest has errors."""
        return self.facts.type if self.facts is not None else None

    @property
    def is_valid(self) -> bool:
        """Whether its manifest has no errors."""
        return self.facts is not None

    @property
    def is_available(self) -> bool:
        """Whether programs may use it: valid, and not shadowed."""
        return self.state not in (PluginState.INVALID, PluginState.SHADOWED)
