"""From the name of a module to its text: plugins, then files.

The engine asks by calling an `ImportResolver` for each module that a program reaches. What cannot be found, or is found
twice, is noted rather than raised: the engine then reports the place that names the module, together with all other findings,
and `explain` says there what went wrong.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alas_core import Source
from alas_core.errors import NativeLoadError
from alas_interp._explanations import Problem
from alas_interp._plugin_modules import PluginModule, PluginModules
from alas_interp._sources import file_name, path_of, read_file
from alas_manifest import Diagnostic, quote_text

if TYPE_CHECKING:
    from alas_core import HostModule, NativeModule
    from alas_registry import Plugin, Registry

ENDING = ".alas.json"
# Neither a separator nor two dots in a row: no name leads out of the folder that is searched.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class _Found:
    """A module that a name may mean: its text, where it is, and the plugin that it belongs to."""

    text: bytes
    file: Path
    plugin: PluginModule | None


class ImportResolver:
    """Finds the modules that one program reaches."""

    def __init__(
        self, module_path: Sequence[Path], plugins: PluginModules, owner: PluginModule | None = None
    ) -> None:
        """Make a resolver for one program.

        Args:
            module_path: folders of modules, searched after the importing file's own.
            plugins: the plugins that it can import.
            owner: the plugin whose module is loaded; None for a program.
        """
        self.problems: dict[tuple[str, str | None], Problem] = {}
        self._module_path = module_path
        self._plugins = plugins
        self._owners: dict[str, PluginModule] = {}
        if owner is not None:
            self._owners[file_name(owner.file)] = owner

    @property
    def plugins(self) -> list[PluginModule]:
        """The modules of plugins that were found, that of the owner among them."""
        return list(self._owners.values())

    def files_of(self, plugin: PluginModule) -> list[Path]:
        """Return the files of a plugin's code that were found, that of its module first."""
        return [path_of(file) for file, owner in self._owners.items() if owner is plugin]

    def __call__(self, name: str, importer: str | None) -> "Source | HostModule | NativeModule | None":
        """Return the text of a module, or what the host implements it by, or None after noting why there is none.

        Args:
            name: the module's name.
            importer: the file of the module that reaches it, or None when it came from elsewhere.
        """
        try:
            found = self._find(name, importer)
        except OSError as error:
            message = f"the module {quote_text(name)} cannot be read: {error.strerror or error}"
            self._note(name, importer, Problem("unknown_module", message, "make it a file that can be read"))
            return None
        if not isinstance(found, _Found):
            return found
        file = file_name(found.file)
        if found.plugin is None:
            return Source(found.text, file)
        self._owners[file] = found.plugin
        return found.plugin.source(found.text, found.file)

    def _find(self, name: str, importer: str | None) -> "_Found | HostModule | NativeModule | None":
        owner = self._owners.get(importer) if importer is not None else None
        candidates: list[_Found] = []
        plugin = self._plugin(name)
        if isinstance(plugin, Problem):
            self._note(name, importer, plugin)
            return None
        if isinstance(plugin, PluginModule):
            candidates.append(_Found(read_file(plugin.file), plugin.file, plugin))
        folders = self._folders(importer, owner)
        files, barred = _files(name, folders, owner)
        candidates += files
        if plugin is not None and not isinstance(plugin, PluginModule):
            if not files:
                return plugin
            self._note(name, importer, _two_modules(name, plugin.file or "the host", files[0].file))
            return None
        if not candidates:
            missing = self._missing(name, folders) if barred is None else _no_file(name, barred)
            self._note(name, importer, missing)
            return None
        first, *others = candidates
        for other in others:
            if other.text != first.text:
                self._note(name, importer, _two_modules(name, first.file, other.file))
                return None
        return first

    def _plugin(self, name: str) -> "PluginModule | HostModule | NativeModule | Problem | None":
        """Return the plugin's module of this name, or why the plugin cannot be loaded."""
        if not self._plugins.has_registry:
            return self._plugins.find(name)
        from alas_registry import RegistryError

        try:
            return self._plugins.find(name)
        except RegistryError as error:
            return _broken_plugin(name, error)

    def _folders(self, importer: str | None, owner: PluginModule | None) -> list[Path]:
        """Return where files are looked for. A plugin's code finds the plugin's own files only."""
        own = [path_of(importer).parent] if importer is not None else []
        return own if owner is not None else [*own, *self._module_path]

    def _note(self, name: str, importer: str | None, problem: Problem) -> None:
        self.problems[name, importer] = problem

    def _missing(self, name: str, folders: Sequence[Path]) -> Problem:
        import difflib

        registry = self._plugins.registry
        names = [file.name.removesuffix(ENDING) for folder in folders for file in _modules_in(folder)]
        broken: list[Plugin] = []
        if registry is not None:
            for plugin in registry.plugins:
                if plugin.module is not None:
                    names.append(plugin.module)
                elif plugin.name.replace("-", "_") == name.replace("-", "_"):
                    broken.append(plugin)
        near = difflib.get_close_matches(name, [other for other in names if other != name], 1)
        if broken:
            advice = (
                f"mend the plugin in {quote_text(str(broken[0].folder), 200)}; what is wrong with it follows"
            )
        elif near:
            advice = f"did you mean {quote_text(near[0])}?"
        else:
            advice = _searched([folder / f"{name}{ENDING}" for folder in folders], registry)
        findings = [finding for plugin in broken for finding in plugin.diagnostics]
        return Problem("unknown_module", None, advice, tuple(findings))


def _files(
    name: str, folders: Sequence[Path], owner: PluginModule | None
) -> tuple[list[_Found], Path | None]:
    """Return the files of a module's name, and what stands in the place of one without being a file."""
    found: list[_Found] = []
    barred: Path | None = None
    for folder in folders if _NAME.fullmatch(name) else ():
        file = folder / f"{name}{ENDING}"
        if file.is_file() and (owner is None or file.resolve().is_relative_to(owner.folder.resolve())):
            found.append(_Found(read_file(file), file, owner))
        elif barred is None and file.exists() and not file.is_file():
            barred = file
    return found, barred


def _searched(files: Sequence[Path], registry: "Registry | None") -> str:
    """Return where a module was looked for, and where else it could be looked for."""
    places = [quote_text(str(file), 200) for file in files]
    if registry is None:
        if not places:
            return "load it from a file, or give the interpreter a module path or plugins"
        return f"looked for {' and '.join(places)}"
    folders = [quote_text(_short(search_path.path), 200) for search_path in registry.search_paths]
    plugin = f"a plugin with this module in {', '.join(folders)}" if folders else "a plugin with this module"
    advice = f"looked for {' and '.join([*places, plugin])}"
    for problem in registry.problems:
        advice += f"; {quote_text(problem.file or '', 200)} was not searched: {problem.message}"
    if any(search_path.may_be_absent for search_path in registry.search_paths):
        # Only where the usual folders are searched are there an option and a variable to name more.
        advice += "; -plugin-path and ALAS_PLUGIN_PATH name more folders"
    return advice


def _short(path: Path) -> str:
    """Return a path as seen from the current folder, where it lies in that."""
    try:
        inside = path.relative_to(Path.cwd())
    except (OSError, ValueError):
        return str(path)
    return f".{os.sep}{inside}" if inside.parts else "."


def _no_file(name: str, file: Path) -> Problem:
    shown = quote_text(str(file), 200)
    message = f"there is no module {quote_text(name)} to import: {shown} is no regular file"
    return Problem("unknown_module", message, "put a file in its place")


def _modules_in(folder: Path) -> list[Path]:
    try:
        return list(folder.glob(f"*{ENDING}"))
    except OSError:
        return []


def _two_modules(name: str, one: Path | str, other: Path) -> Problem:
    places = f"{quote_text(str(one), 200)} and {quote_text(str(other), 200)}"
    message = f"two different modules are called {quote_text(name)}: {places}"
    return Problem("duplicate_name", message, "rename one of them, or take one out of the search path")


def _broken_plugin(name: str, error: Exception) -> Problem:
    """Make a problem of what kept a plugin from loading: an error of the registry or of the plugin's own code."""
    from alas_registry import RegistryError

    message = f"the plugin with the module {quote_text(name)} cannot be loaded: {error}".splitlines()[0]
    findings: tuple[Diagnostic, ...] = ()
    cause: BaseException = error
    while True:
        findings = findings or tuple(getattr(cause, "diagnostics", ()))
        if cause.__cause__ is None:
            break
        cause = cause.__cause__
    # What the registry or the engine refuses need not be the plugin's fault, and they say themselves what to do.
    is_explained = not findings and isinstance(cause, RegistryError | NativeLoadError)
    advice = None if is_explained else "mend the plugin, or take it out of the search path"
    return Problem("unknown_module", message, advice, findings, error)
