"""What is known about a plugin in general: what is wrong with it, and its record in documents."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alas_manifest import Diagnostic
    from alas_registry import Plugin, Registry, RegistryError


@dataclass(frozen=True, slots=True)
class Listed:
    """A plugin, and what only all plugins together say about it.

    Attributes:
        plugin: the plugin.
        error: why it cannot be loaded, when it is not its own manifest that is wrong.
        is_remembered: whether it is to be loaded in every run.
        is_needed: whether one that is remembered needs it, so that it is loaded in every run as well.
    """

    plugin: "Plugin"
    error: "RegistryError | None"
    is_remembered: bool
    is_needed: bool

    @property
    def state(self) -> str:
        """How far it has come: `loaded` also for a plugin that every run loads."""
        is_loaded = self.is_sound and (self.is_remembered or self.is_needed)
        return "loaded" if is_loaded else str(self.plugin.state)

    @property
    def problems(self) -> list[str]:
        """What is wrong with it, a line each, safe to print; warnings come last."""
        found = [_line(one) for one in sorted(self.plugin.diagnostics, key=lambda one: not one.is_error)]
        if self.plugin.shadowed_by is not None:
            found.insert(0, shadowing(self.plugin))
        if self.error is not None:
            found.insert(0, self.error.message)
        return found

    @property
    def is_sound(self) -> bool:
        """Whether nothing keeps it from being used."""
        return self.plugin.is_available and self.error is None

    def to_dict(self) -> dict[str, Any]:
        """Return the record of the plugin in documents."""
        plugin, facts = self.plugin, self.plugin.facts
        return {
            "name": plugin.name,
            "version": plugin.version,
            "type": plugin.type,
            "module": plugin.module,
            "description": facts.description if facts is not None else None,
            "capabilities": list(facts.capabilities) if facts is not None else None,
            "state": self.state,
            "remembered": self.is_remembered,
            "folder": str(plugin.folder),
            "search_path": str(plugin.search_path.path),
            "origin": plugin.search_path.origin,
            "shadowed_by": str(plugin.shadowed_by) if plugin.shadowed_by is not None else None,
            "error": error_record(self.error),
            "diagnostics": [one.to_dict() for one in plugin.diagnostics],
        }


def list_all(registry: "Registry") -> list[Listed]:
    """Return every plugin that was found, in the order in which they win."""
    errors = registry.resolve_all().errors
    remembered, _ = read_remembered()
    needed = {
        one.name.casefold()
        for name in remembered
        if (found := registry.find(name)) is not None and found.is_available and found.name not in errors
        for one in registry.resolve(name)
    }
    is_meant = _Meaning()
    listed = []
    for plugin in registry.plugins:
        key = plugin.name.casefold()
        error = errors.get(plugin.name) if plugin.is_available else None
        listed.append(
            Listed(
                plugin,
                error,
                is_remembered=key in remembered and is_meant.of(plugin),
                is_needed=key in needed and is_meant.of(plugin),
            )
        )
    return listed


class _Meaning:
    """Which plugins the names mean that every run loads.

    Runs look where no command line says. What only this one leads to is meant where nothing else has the name: it was loaded with
    the same command line.
    """

    def __init__(self) -> None:
        self._ordinary: Registry | None = None

    def of(self, plugin: "Plugin") -> bool:
        """Say whether the name of a plugin means this very one."""
        if plugin.shadowed_by is not None or plugin.search_path.origin != "command line":
            return plugin.shadowed_by is None
        if self._ordinary is None:
            from alas_cli._registry import make_registry

            self._ordinary = make_registry(None, ())
        found = self._ordinary.find(plugin.name)
        return found is None or found.folder.resolve() == plugin.folder.resolve()


def read_remembered() -> "tuple[frozenset[str], tuple[Diagnostic, ...]]":
    """Return the names, in lower case, of the plugins that every run loads, and what keeps them from being read."""
    from alas_manifest import Diagnostic
    from alas_registry import RememberedPlugins, StateError, alas_home

    try:
        return frozenset(name.casefold() for name in RememberedPlugins(alas_home()).names()), ()
    except StateError as error:
        return frozenset(), (Diagnostic(error.code, "warning", error.message, str(error.file), "", 1, 1),)


def error_record(error: "RegistryError | None") -> dict[str, Any] | None:
    """Return an error of the registry as documents have it."""
    return {"code": error.code, "message": error.message} if error is not None else None


def shadowing(plugin: "Plugin") -> str:
    """Return the sentence that another plugin is used instead of this one."""
    from alas_cli._plugin._sources import short_path

    assert plugin.shadowed_by is not None, "only shadowed plugins are asked"
    return f"shadowed by the plugin in {short_path(plugin.shadowed_by)}, which was found first"


def _line(diagnostic: "Diagnostic") -> str:
    return str(diagnostic).partition("\n")[0]
