"""What an installation asks of the rest of ALaS: what the engine says to a plugin, and which other plugins there are."""

import dataclasses
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._ownership import is_of_project
from alas_cli._registry import make_registry
from alas_installer import Provided
from alas_manifest import Diagnostic, Version, read_file

if TYPE_CHECKING:
    from alas_interp import CodeNeeds, Interpreter
    from alas_registry import Plugin, Registry


class Surroundings:
    """Answers the installer's questions."""

    def __init__(self, home: Path, plugin_paths: Sequence[str]) -> None:
        """Look at nothing yet.

        Args:
            home: the user's ALaS folder.
            plugin_paths: the folders of `-plugin-path`.
        """
        self._installed = home / "plugins"
        self._plugin_paths = tuple(plugin_paths)
        self._others: tuple[Provided, ...] | None = None

    def needs(self, folder: Path, together: Sequence[Path]) -> "CodeNeeds | None":
        """Return what the code of a plugin needs; None where it has no ALaS code, or lacks what it calls.

        Args:
            folder: the folder of the plugin.
            together: the folders of the plugins that are installed with it, which win over all others.
        """
        from alas_interp import ProgramError
        from alas_loader_native import module_needs

        made = self._checkable(folder, together)
        if made is None:
            return None
        plugin, interpreter = made
        try:
            return module_needs(plugin, interpreter)
        except ProgramError:
            # With -no-dependencies, what it calls need not be there.
            return None

    def _checkable(self, folder: Path, together: Sequence[Path]) -> "tuple[Plugin, Interpreter] | None":
        """Return a plugin, and an interpreter to look at it with what is to be there then."""
        manifest = read_file(folder).manifest
        if manifest is None:
            return None
        from alas_interp import Interpreter
        from alas_registry import Plugin, SearchPath

        # What is installed wins over what happens to be in the folder of whoever installs.
        paths = (*map(str, together), str(self._installed), *self._plugin_paths)
        interpreter = Interpreter(plugins=lambda: self._registry(paths), opens_libraries=False)
        return Plugin.of_manifest(manifest, folder, SearchPath(folder, "command line")), interpreter

    def findings(self, folder: Path, together: Sequence[Path]) -> Collection[Diagnostic]:
        """Return what the engine finds wrong with the module of a plugin, and what is wrong with its tests.

        A plugin works without its tests, so those are worth a warning only.

        Args:
            folder: the folder of the plugin.
            together: the folders of the plugins that are installed with it, which win over all others.
        """
        made = self._checkable(folder, together)
        if made is None or made[0].manifest is None:
            return ()
        from alas_cli._plugin._parts import findings_of_tests
        from alas_interp import ProgramError
        from alas_loader_native import check_module, library_findings

        plugin, interpreter = made
        manifest = made[0].manifest
        of_tests = [
            dataclasses.replace(one, severity="warning") for one in findings_of_tests(folder, manifest)
        ]
        of_parts = [*library_findings(folder, manifest), *of_tests]
        try:
            module = check_module(plugin, interpreter)
        except ProgramError as error:
            return [*error.diagnostics, *of_parts]
        return [*(module.diagnostics if module is not None else ()), *of_parts]

    def others(self) -> Collection[Provided]:
        """Return the plugins that a program finds wherever it runs, and that were not installed."""
        if self._others is None:
            self._others = tuple(
                Provided(plugin.name, plugin.module, _version(plugin), str(plugin.folder))
                for plugin in self._registry(self._plugin_paths).plugins
                if plugin.is_valid and not self._is_installed(plugin) and not is_of_project(plugin)
            )
        return self._others

    def winner(self, name: str) -> Path | None:
        """Return the folder of the plugin that programs get, started here, instead of an installed one.

        Args:
            name: the installed plugin.

        Returns:
            A folder; None when programs get the installed plugin.
        """
        found = self._registry(()).find(name)
        return found.folder if found is not None and found.folder != self._installed / name else None

    def _registry(self, plugin_paths: Sequence[str]) -> "Registry":
        return make_registry(None, plugin_paths)

    def _is_installed(self, plugin: "Plugin") -> bool:
        try:
            text = os.readlink(plugin.folder)  # noqa: PTH115 - the text as it is
        except OSError:
            return False
        return text.startswith(".installed/") and plugin.folder.parent == self._installed


def _version(plugin: "Plugin") -> Version | None:
    return Version.parse(plugin.version) if plugin.version is not None else None
