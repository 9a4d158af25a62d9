"""From a name or a file to the plugin in it, with errors that say where the author's code fails.

Importing runs the module. A file is imported under a private name, as a part of a private package whose folder is that of the
file, so that `from . import …` finds the files beside it, and nothing else can see them. Python keeps no compiled code of these
files: it would take it for that of a file which changed within the same second, and leave it in the plugin's folder.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import ClassVar

from alas_builtin._errors import BuiltinError
from alas_builtin._plugin import BuiltinPlugin
from alas_manifest import nearest_name

_USUAL_NAME = "plugin"
_OWN_FOLDER = Path(__file__).parent
_IMPORT_SYSTEM = Path(importlib.__file__).parent


class PluginImportError(BuiltinError):
    """The Python code of a plugin cannot be imported, or has no plugin in it.

    Attributes:
        file: the file with the line that fails, or None when no line is to blame.
        line: that line, counted from 1; 0 when no line is to blame.
    """

    code: ClassVar[str] = "import_failed"

    def __init__(self, message: str, *, file: str | None = None, line: int = 0) -> None:
        place = f"{file}:{line}: " if file is not None else ""
        super().__init__(f"{place}{message}")
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class ImportedPlugin:
    """A plugin, and what was imported for it.

    Attributes:
        plugin: the plugin.
        package: the private package of its files, or None when it came from an installed module.
    """

    plugin: BuiltinPlugin
    package: str | None = None

    def forget(self) -> None:
        """Take the private modules out of Python's table; what holds them goes on working."""
        if self.package is not None:
            _forget(self.package)


def import_plugin(reference: str) -> ImportedPlugin:
    """Import a plugin from an installed module.

    Args:
        reference: `module:name`, as entry points write it. Without a name it is `plugin`, or the only plugin in the module.

    Returns:
        The plugin.

    Raises:
        PluginImportError: the module cannot be imported, or has no such plugin.

    Example:
        >>> import_plugin("no_such_module:plugin")
        Traceback (most recent call last):
        ...
        alas_builtin...PluginImportError: no_such_module cannot be imported: ModuleNotFoundError: ...
    """
    name, _, attribute = reference.partition(":")
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise _failure(name, error, None) from error
    return ImportedPlugin(_plugin_in(module, name, attribute.strip()))


def import_plugin_file(file: Path, name: str = "") -> ImportedPlugin:
    """Import a plugin from a Python file, under a name that nothing else has.

    Args:
        file: the file.
        name: what the plugin is called in it; empty is `plugin`, or the only plugin in the file.

    Returns:
        The plugin; `forget` undoes the import.

    Raises:
        PluginImportError: the file cannot be imported, or has no such plugin.
    """
    file = file.absolute()
    package = ModuleType(f"_alas_plugin_{os.urandom(8).hex()}")
    # Python looks for the finder of a path in this table first, so the name of the package serves as a path.
    package.__path__ = [package.__name__]
    sys.path_importer_cache[package.__name__] = importlib.machinery.FileFinder(
        str(file.parent),
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
        (_Loader, importlib.machinery.SOURCE_SUFFIXES),
    )
    full_name = f"{package.__name__}.{file.stem}"
    loader = _Loader(full_name, str(file))
    specification = importlib.util.spec_from_file_location(full_name, file, loader=loader)
    assert specification is not None, "a loader was given"
    module = importlib.util.module_from_spec(specification)
    # Dataclasses and hints written as text look modules up by their names.
    sys.modules[package.__name__] = package
    sys.modules[full_name] = module
    try:
        try:
            loader.exec_module(module)
        except (Exception, SystemExit) as error:
            raise _failure(str(file), error, file.parent) from error
        return ImportedPlugin(_plugin_in(module, str(file), name), package.__name__)
    except BaseException:
        _forget(package.__name__)
        raise


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a file of Python code without keeping what it was compiled to."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the file as it is now."""
        del fullname
        return self.source_to_code(self.get_data(self.path), self.path)


def _forget(package: str) -> None:
    """Take a package and all in it out of Python's tables."""
    sys.path_importer_cache.pop(package, None)
    # Other threads may import meanwhile, so this goes through a copy.
    for name in list(sys.modules):
        if name.partition(".")[0] == package:
            sys.modules.pop(name, None)


def _plugin_in(module: ModuleType, source: str, name: str) -> BuiltinPlugin:
    plugins = {key: value for key, value in vars(module).items() if isinstance(value, BuiltinPlugin)}
    wanted: object = module
    for part in name.split(".") if name else []:
        wanted = getattr(wanted, part, None)
    if isinstance(wanted, BuiltinPlugin):
        return wanted
    if name and wanted is not None:
        kind = type(wanted).__name__
        raise PluginImportError(
            f"{source}: expected {name} to be a BuiltinPlugin, found an object of the type {kind}"
        )
    if name:
        near = nearest_name(name, plugins)
        advice = f"did you mean `{near}`?" if near else f"it has: {', '.join(plugins) or 'none'}"
        raise PluginImportError(f"{source} has no BuiltinPlugin called {name}; {advice}")
    if _USUAL_NAME in plugins:
        return plugins[_USUAL_NAME]
    if len(set(map(id, plugins.values()))) == 1:
        return next(iter(plugins.values()))
    if plugins:
        raise PluginImportError(f"{source} has several plugins; name one of them: {', '.join(plugins)}")
    raise PluginImportError(f"{source} has no BuiltinPlugin; make one: {_USUAL_NAME} = BuiltinPlugin(…)")


def _failure(source: str, error: Exception | SystemExit, folder: Path | None) -> PluginImportError:
    """Say what went wrong in the author's code, and where."""
    file, line = _failing_line(error, folder)
    if isinstance(error, SyntaxError) and error.filename is not None:
        file, line = error.filename, error.lineno or 0
    if isinstance(error, BuiltinError):
        return PluginImportError(error.message, file=file, line=line)
    reason = error.msg if isinstance(error, SyntaxError) else str(error)
    # The place stands before the message, and need not be said twice.
    what = "" if file == source else f"{source} "
    message = f"{what}cannot be imported: {type(error).__name__}: {reason}"
    if isinstance(error, ModuleNotFoundError) and error.name is not None:
        message += f"; install what provides `{error.name.partition('.')[0]}`, or correct the name"
    return PluginImportError(message, file=file, line=line)


def _failing_line(error: Exception | SystemExit, folder: Path | None) -> tuple[str | None, int]:
    """Return the last line of the author's that was running: in the folder if there is one, else the last at all."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<")
        and not {_OWN_FOLDER, _IMPORT_SYSTEM} & {*Path(frame.filename).parents}
    ]
    own = [frame for frame in frames if folder is not None and folder in Path(frame.filename).parents]
    chosen = (own or frames)[-1:]
    return (chosen[0].filename, chosen[0].lineno or 0) if chosen else (None, 0)
