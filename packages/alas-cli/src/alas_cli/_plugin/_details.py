"""All that is known about one plugin."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alas_cli._plugin._inspection import inspect_files
from alas_cli._plugin._policy.model import grants_record
from alas_cli._plugin._records import Listed, error_record, list_all

if TYPE_CHECKING:
    from alas_manifest import Dependency, Diagnostic, Manifest
    from alas_registry import Plugin, Registry
    from alas_registry.installed import InstalledPlugin


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a plugin needs.

    Attributes:
        dependency: what its manifest says.
        version: the version that is there; None when nothing is.
        plugin: the plugin that is there; None for the standard library, and when nothing is.
    """

    dependency: "Dependency"
    version: str | None
    plugin: "Plugin | None"

    @property
    def problem(self) -> str | None:
        """Why it is not satisfied, in a few words; None when it is."""
        if self.plugin is not None and not self.plugin.is_valid:
            return "is there, but has errors"
        if self.version is None:
            return "is missing"
        from alas_manifest import Version

        is_fit = self.dependency.accepts(Version.parse(self.version))
        return None if is_fit else "is there in a version that will not do"

    def to_dict(self) -> dict[str, Any]:
        """Return the record of it in documents."""
        return {
            "name": self.dependency.name,
            "versions": str(self.dependency.versions) if self.dependency.versions is not None else None,
            "found_version": self.version,
            "found_plugin": self.plugin.name if self.plugin is not None else None,
            "found_folder": str(self.plugin.folder) if self.plugin is not None else None,
            "ok": self.problem is None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All that is known about one plugin.

    Attributes:
        listed: the plugin.
        manifest: what it says about itself; None when it has errors.
        diagnostics: what is wrong with its manifest, its files and their agreement.
        needs: what it needs, the standard library included.
        needed_by: who needs it.
        shadows: the plugins that it hides.
        installed: what is known of its installation; None when it was not installed.
    """

    listed: Listed
    manifest: "Manifest | None"
    diagnostics: "Sequence[Diagnostic]"
    needs: Sequence[Need]
    needed_by: "Sequence[Plugin]"
    shadows: "Sequence[Plugin]"
    installed: "InstalledPlugin | None"

    @property
    def plugin(self) -> "Plugin":
        """The plugin."""
        return self.listed.plugin

    @property
    def is_sound(self) -> bool:
        """Whether nothing keeps it from being used, its files included."""
        return self.listed.is_sound and not any(one.is_error for one in self.diagnostics)

    def to_dict(self) -> dict[str, Any]:
        """Return the record of it in documents: that of the list, and more."""
        from alas_manifest import dumps

        installed = self.installed
        return {
            **self.listed.to_dict(),
            "diagnostics": [one.to_dict() for one in self.diagnostics],
            "error": error_record(self.listed.error),
            "functions": [
                {"signature": str(one), "description": one.description} for one in self._functions()
            ],
            "needs": [one.to_dict() for one in self.needs],
            "needed_by": [one.name for one in self.needed_by],
            "shadows": [str(one.folder) for one in self.shadows],
            "installed": (
                {
                    "version": installed.version,
                    "hash": installed.hash,
                    "source": installed.source,
                    "installed_at": installed.installed_at,
                    "reason": installed.reason,
                    "agreed": grants_record(installed.agreed) if installed.agreed is not None else None,
                }
                if installed is not None
                else None
            ),
            "manifest": json.loads(dumps(self.manifest)) if self.manifest is not None else None,
        }

    def _functions(self) -> Sequence[Any]:
        return self.manifest.functions if self.manifest is not None else ()


def collect(registry: "Registry", plugin: "Plugin") -> Details:
    """Find out all about a plugin.

    Args:
        registry: a registry that knows it.
        plugin: the plugin.
    """
    everything = list_all(registry)
    listed = next(one for one in everything if one.plugin == plugin)
    is_winner = plugin.shadowed_by is None
    return Details(
        listed=listed,
        manifest=plugin.manifest,
        diagnostics=inspect_files(registry, plugin),
        needs=_needs(registry, plugin),
        needed_by=registry.dependents(plugin.name) if is_winner and plugin.is_valid else (),
        shadows=[one.plugin for one in everything if one.plugin.shadowed_by == plugin.folder],
        installed=_installed(plugin),
    )


def _needs(registry: "Registry", plugin: "Plugin") -> list[Need]:
    if plugin.facts is None:
        return []
    from alas_manifest import Dependency

    needs = []
    for dependency in map(Dependency.parse, plugin.facts.dependencies):
        if dependency.is_standard:
            import alas_core

            needs.append(Need(dependency, alas_core.version, None))
        else:
            found = registry.find(dependency.name) or registry.find_module(dependency.name)
            needs.append(Need(dependency, found.version if found is not None else None, found))
    return needs


def _installed(plugin: "Plugin") -> "InstalledPlugin | None":
    from alas_registry.installed import installed_details

    return installed_details(plugin.folder)
