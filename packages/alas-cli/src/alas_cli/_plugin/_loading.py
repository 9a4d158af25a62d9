"""Loading plugins for real, and remembering them."""

import functools
import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import UsageMistake, write_error
from alas_cli._plugin._failures import exit_code, findings_of, report
from alas_cli._plugin._records import error_record
from alas_cli._plugin._sources import find_plugins, is_standard
from alas_cli._plugin._targets import find_by_folder, is_folder, is_path, plugin_folder
from alas_cli._program_output import reserve_output
from alas_cli._subcommand import CommonOptions
from alas_interp import Interpreter
from alas_manifest import escape_text, read_file
from alas_registry import EventKind, Plugin, Registry, RegistryError, RememberedPlugins, alas_home

if TYPE_CHECKING:
    from alas_registry import Event


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A plugin that was loaded just now."""

    plugin: Plugin
    milliseconds: float

    def to_dict(self, named: Sequence[str], newly: Sequence[str]) -> dict[str, Any]:
        return {
            "name": self.plugin.name,
            "version": self.plugin.version,
            "folder": str(self.plugin.folder),
            "milliseconds": round(self.milliseconds, 3),
            "remembered": self.plugin.name in named,
            "newly_remembered": self.plugin.name in newly,
        }


class LoadPlugins:
    """Loads plugins as a command line asks."""

    def __init__(self, options: CommonOptions) -> None:
        """Take the command line."""
        self._options = options
        self._loaded: list[_Loaded] = []
        self._failed: list[tuple[str, RegistryError]] = []

    def run(self, words: Sequence[str]) -> int:
        """Load plugins and remember them: all that are named, or none.

        Args:
            words: names of plugins or modules.

        Returns:
            The exit code.

        Raises:
            UsageMistake: a word is a folder that no search path leads to.
            StateError: they cannot be remembered.
        """
        if self._options.is_for_machines:
            reserve_output()
        registry = find_plugins(self._options, functools.cache(Interpreter))
        registry.subscribe(self._note)
        found = {word: plugin for word in words if (plugin := self._find(registry, word)) is not None}
        if not self._failed:
            self._load(registry, found)
        named = {plugin.name: plugin for plugin in found.values()} if not self._failed else {}
        kept = [name for name, plugin in named.items() if not is_standard(plugin)]
        newly = RememberedPlugins(alas_home()).add(kept) if kept else ()
        if self._options.is_for_machines:
            self._write_document(list(named), newly)
        else:
            self._print({plugin.name: plugin for plugin in found.values()}, newly)
        return exit_code(self._failed[0][1]) if self._failed else exit_codes.DONE

    def _find(self, registry: Registry, word: str) -> Plugin | None:
        try:
            return _find(registry, word)
        except RegistryError as error:
            self._fail(word, error)
            return None

    def _load(self, registry: Registry, found: Mapping[str, Plugin]) -> None:
        for word, plugin in found.items():
            try:
                registry.load(plugin.name)
            except RegistryError as error:
                self._fail(word, error)

    def _fail(self, word: str, error: RegistryError) -> None:
        if word not in dict(self._failed):
            self._failed.append((word, error))

    def _note(self, event: "Event") -> None:
        if event.kind is EventKind.LOADED and event.plugin is not None:
            self._loaded.append(_Loaded(event.plugin, event.milliseconds or 0.0))

    def _write_document(self, named: Sequence[str], newly: Sequence[str]) -> None:
        from alas_cli._documents import failure_record, write_document

        document: dict[str, Any] = {"ok": not self._failed}
        if self._failed:
            error = self._failed[0][1]
            document["error"] = failure_record(error.code, error.message)
        document["loaded"] = [one.to_dict(named, newly) for one in self._loaded]
        document["failed"] = [
            {
                "name": word,
                "error": error_record(error),
                "diagnostics": [finding.to_dict() for finding in findings_of(error)],
            }
            for word, error in self._failed
        ]
        write_document(json.dumps(document))

    def _print(self, named: dict[str, Plugin], newly: Sequence[str]) -> None:
        for one in self._loaded:
            for_others = "" if one.plugin.name in named else ", which is needed"
            name = escape_text(f"{one.plugin.name} {one.plugin.version}")
            sys.stdout.write(f"loaded {name}{for_others}, in {one.milliseconds:.1f} ms\n")
        for name, plugin in named.items() if not self._failed else ():
            sys.stdout.write(f"{escape_text(name)} {_remembered_text(plugin, is_new=name in newly)}\n")
            if plugin.search_path.origin == "command line":
                path = escape_text(str(plugin.search_path.path))
                sys.stdout.write(f"  note: later runs find it only with -plugin-path {path}\n")
        for _, error in self._failed:
            report(self._options, error)
        if self._failed and self._loaded:
            write_error("nothing is remembered, because not all of them could be loaded\n")


def _remembered_text(plugin: Plugin, *, is_new: bool) -> str:
    if is_standard(plugin):
        return "belongs to the standard library, which every run has"
    return "will be loaded in every run" if is_new else "was loaded in every run before, and will be"


def _find(registry: Registry, word: str) -> Plugin:
    """Return the plugin that a word means; a folder has to be one that later runs find.

    Raises:
        UsageMistake: no search path leads to the folder.
        PluginNotFoundError: nothing has the name.
    """
    is_name = not is_path(word)
    found = (registry.find(word) or registry.find_module(word)) if is_name else None
    if found is not None:
        return found
    if is_name and not is_folder(word):
        return registry.get(word)
    folder = plugin_folder(word)
    found = find_by_folder(registry, folder)
    if found is None:
        # Python code is installed by Python's own tool, which takes a word without a separator for the name of a package.
        manifest = read_file(folder).manifest
        is_python = manifest is not None and manifest.type == "builtin"
        path = shlex.quote(word if is_path(word) else f"./{word}")
        advice = f"pip install {path}" if is_python else f"alas-plugin install {shlex.quote(word)}"
        raise UsageMistake(
            f"no search path leads to the folder {word!r}, so later runs would not find a plugin in it; "
            f"to install it: {advice}"
        )
    return found
