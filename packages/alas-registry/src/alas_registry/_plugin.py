"""What the registry knows about a plugin: an unchanging record, replaced when something changes."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from alas_registry._errors import RegistryError
from alas_registry._search_paths import SearchPath

if TYPE_CHECKING:
    from alas_manifest import Diagnostic, Manifest


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plugin as it was when the registry was asked.

    Attributes:
        name: the manifest's name, or the folder's when the manifest cannot be read.
        folder: where it is.
        search_path: where it was found.
        state: how far it has come.
        manifest: what it says about itself; None when it has errors.
        diagnostics: what is wrong with the manifest, warnings included.
        shadowed_by: the folder of the plugin that was found first under the same name or module, if there is one.
        error: why the last attempt to load it failed.
    """

    name: str
    folder: Path
    search_path: SearchPath
    state: PluginState
    manifest: "Manifest | None" = None
    diagnostics: "tuple[Diagnostic, ...]" = ()
    shadowed_by: Path | None = None
    error: RegistryError | None = None

    @property
    def module(self) -> str | None:
        """The ALaS module that the plugin provides; None when its manifest has errors."""
        return self.manifest.module if self.manifest is not None else None

    @property
    def is_available(self) -> bool:
        """Whether programs may use it: valid, and not shadowed."""
        return self.state not in (PluginState.INVALID, PluginState.SHADOWED)
