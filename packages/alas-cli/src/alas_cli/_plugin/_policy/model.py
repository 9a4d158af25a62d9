"""What holds for one plugin: what it asks for, what the host grants, and what is effective."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alas_cli._ownership import granted_by_name, is_another, own_folders
from alas_cli._registry import working_folder
from alas_manifest import escape_text
from alas_registry import GrantSettings, effective_grants, joined_grants, missing_grants, requested_grants

if TYPE_CHECKING:
    from alas_manifest import Manifest
    from alas_registry import Plugin, Settings

RIGHTS = GrantSettings._fields
"""The rights in the order in which people are told of them."""


@dataclass(frozen=True, slots=True)
class PluginPolicy:
    """What a plugin asks for, and what becomes of it.

    Attributes:
        name: the plugin's name.
        plugin: the plugin; None when grants are all that there is of it.
        asked: what its manifest asks for.
        by_name: what the user's settings grant to it by its name.
        to_all: what they grant to every plugin.
        folder: where relative paths start from.
        own: the folder of the user's own plugin of its name, where this is another one, which does not get that one's grants.
        is_by_name: whether it is granted something that any other plugin of its name is granted as well.
    """

    name: str
    plugin: "Plugin | None"
    asked: GrantSettings
    by_name: GrantSettings
    to_all: GrantSettings
    folder: Path | None
    own: Path | None = None
    is_by_name: bool = False

    @classmethod
    def of(cls, plugin: "Plugin", manifest: "Manifest", settings: "Settings") -> "PluginPolicy":
        """Compare a manifest with the settings.

        Args:
            plugin: the plugin.
            manifest: what it says about itself.
            settings: what the host says.
        """
        by_name = granted_by_name(plugin, settings)
        own = own_folders(plugin.name, settings)
        return cls(
            plugin.name,
            plugin,
            requested_grants(manifest),
            by_name,
            settings.granted_to_all,
            working_folder(),
            own[0] if is_another(plugin, settings) else None,
            not by_name.is_empty and not own,
        )

    @property
    def manifest(self) -> "Manifest | None":
        """What the plugin says about itself."""
        return self.plugin.manifest if self.plugin is not None else None

    @property
    def granted(self) -> GrantSettings:
        """What the user's settings grant to it, in whichever way."""
        return joined_grants(self.by_name, self.to_all)

    @property
    def effective(self) -> GrantSettings:
        """What it may reach in every run."""
        return effective_grants(self.asked, self.granted, self.folder)

    @property
    def missing(self) -> GrantSettings:
        """What it asks for and is not granted."""
        return missing_grants(self.asked, self.granted, self.folder)

    @property
    def is_held(self) -> bool:
        """Whether all of its code is held to that."""
        return self.manifest is None or is_held(self.manifest)

    def to_dict(self) -> dict[str, Any]:
        """Return the record of it in documents; `true` is everything of the kind."""
        manifest = self.manifest
        apis = manifest.security.allowed_apis if manifest is not None else None
        return {
            "name": self.name,
            "version": str(manifest.version) if manifest is not None else None,
            "folder": str(self.plugin.folder) if self.plugin is not None else None,
            "capabilities": list(manifest.capabilities) if manifest is not None else [],
            "allowed_apis": list(apis) if apis is not None else None,
            "held": self.is_held,
            "shadows_installed": self.own is not None,
            "asked": grants_record(self.asked),
            "granted": grants_record(self.granted),
            "granted_to_all": grants_record(self.to_all),
            "effective": grants_record(self.effective),
            "missing": grants_record(self.missing),
        }


def grants_record(grants: GrantSettings) -> dict[str, Any]:
    """Return grants as documents have them.

    Example:
        >>> grants_record(GrantSettings(read=("a",), env=None))
        {'read': ['a'], 'write': [], 'net': [], 'run': [], 'env': True}
    """
    values: Mapping[str, tuple[str, ...] | None] = grants._asdict()
    return {right: True if values[right] is None else list(values[right] or ()) for right in RIGHTS}


def is_held(manifest: "Manifest") -> bool:
    """Say whether all code of a plugin is held to its permissions: not native code, and not Python."""
    from alas_loader_native import native_functions

    return manifest.type not in ("native", "builtin") and not native_functions(manifest)


def whole_command(verb: str, name: str) -> str:
    """Return the command that grants or revokes all there is of a plugin, safe to print and to paste.

    Example:
        >>> whole_command("revoke", "-a b")
        "alas-plugin revoke -all -- '-a b'"
    """
    word = shlex.quote(name)
    # Behind two dashes nothing is an option.
    return escape_text(
        f"alas-plugin {verb} " + (f"-all -- {word}" if name.startswith("-") else f"{word} -all")
    )


def grants_lines(grants: GrantSettings) -> list[str]:
    """Return a line for each thing that is granted, safe to print.

    Example:
        >>> grants_lines(GrantSettings(read=("a", "b"), env=None))
        ['read  a', 'read  b', 'env   everything that it asks for']
    """
    lines = []
    for right in RIGHTS:
        reach = getattr(grants, right)
        names = ["everything that it asks for"] if reach is None else [escape_text(one) for one in reach]
        lines += [f"{right:<5} {name}" for name in names]
    return lines


def grants_text(grants: GrantSettings) -> str:
    """Return what is granted as a part of a sentence, safe to print.

    Example:
        >>> grants_text(GrantSettings(read=("a", "b"), env=None))
        'read a, b; env everything'
    """
    parts = []
    for right in RIGHTS:
        reach = getattr(grants, right)
        if reach != ():
            names = "everything" if reach is None else ", ".join(map(escape_text, reach))
            parts.append(f"{right} {names}")
    return "; ".join(parts) or "nothing"
