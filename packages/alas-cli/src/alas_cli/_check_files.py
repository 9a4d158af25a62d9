"""Checking files: what each is, and what is wrong with it."""

import contextlib
import dataclasses
import functools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import SettingsMistake, UsageMistake, UsageMistakes, reading
from alas_cli._interrupts import handled_interrupts
from alas_cli._platforms import of_this_platform
from alas_cli._programs import STANDARD_INPUT, read_program, read_standard_input
from alas_cli._registry import check_folders, enable_debug, make_registry, registry_maker
from alas_interp import Interpreter, Module, ProgramError
from alas_manifest import Diagnostic, escape_text

MANIFEST_FILE = "plugin.json"
TESTS_FOLDER = "tests"
# What is not JSON by its name, and taken for it all the same by whoever names all files of a folder.
_OTHER_FILES = {
    ".gz": "an archive",
    ".md": "a text for people",
    ".py": "Python code",
    ".rst": "a text for people",
    ".tgz": "an archive",
    ".toml": "settings",
    ".txt": "a text for people",
    ".zip": "an archive",
}
# Every manifest has these, and no module.
_MANIFEST_KEYS = ("implementation", "module", "version")


@dataclass(kw_only=True)
class Options:
    """A command line that names files to check."""

    words: tuple[str, ...]
    plugin_paths: tuple[str, ...]
    module_paths: tuple[str, ...]
    plugin_debug: bool
    output_format: str
    is_strict: bool


class CheckFiles:
    """Checks files as a command line asks."""

    command = "alas-validate"
    expected = "a program or manifest"

    def __init__(self, options: Options) -> None:
        """Take the command line."""
        self._options = options
        self._make_registry = functools.cache(registry_maker(None, options.plugin_paths))
        self._standard_input = b""
        # The folders of all plugins that are checked, which may need each other.
        self._together: tuple[str, ...] = ()

    def run(self, files: Sequence[str]) -> int:
        """Check files, and print what was found.

        Args:
            files: files, folders of plugins, and `-` for standard input.

        Returns:
            The exit code.

        Raises:
            UsageMistake: files cannot be read; all others are checked all the same.
            KeyboardInterrupt: the user has stopped it.
        """
        with handled_interrupts(lambda: None):
            return self._run(files)

    def _run(self, files: Sequence[str]) -> int:
        check_folders("-plugin-path", self._options.plugin_paths)
        check_folders("-module-path", self._options.module_paths)
        enable_debug(asked=self._options.plugin_debug)
        found: dict[str, list[Diagnostic]] = {}
        mistakes: list[str] = []
        meant = list(dict.fromkeys(map(self._meant, files)))
        self._together = tuple(folder for file in meant for folder in _plugin_folder(file))
        for file in meant:
            try:
                found[file] = list(self._check(file))
            except SettingsMistake:
                # It keeps all plugins from being found, whichever file asks first.
                raise
            except UsageMistake as mistake:
                mistakes.append(mistake.message)
        # A finding in a module that several files import is one finding.
        diagnostics = list(dict.fromkeys(one for findings in found.values() for one in findings))
        is_ok = not any(diagnostic.is_error for diagnostic in diagnostics)
        if self._options.output_format != "json":
            self._print(found, diagnostics)
        elif not mistakes:
            from alas_cli._documents import diagnostics_document, write_document

            write_document(diagnostics_document(diagnostics, ok=is_ok))
        if mistakes:
            raise UsageMistakes(mistakes, diagnostics)
        return exit_codes.DONE if is_ok else exit_codes.INVALID

    def _meant(self, word: str) -> str:
        """Return the file that a word of the command line means."""
        return word

    def _check(self, file: str) -> Iterator[Diagnostic]:
        for finding in self._findings(file):
            if self._options.is_strict and not finding.is_error:
                yield dataclasses.replace(finding, severity="error")
            else:
                yield finding

    def _findings(self, file: str) -> Sequence[Diagnostic]:
        if file == STANDARD_INPUT:
            self._standard_input = read_standard_input()
            return self._text_findings(self._standard_input)
        with reading(f"the file {file!r}"):
            return self._file_findings(file)

    def _text_findings(self, text: bytes) -> Sequence[Diagnostic]:
        if not is_manifest(text):
            return self._check_program(text)
        from alas_manifest import validate

        return validate(text)

    def _file_findings(self, file: str) -> Sequence[Diagnostic]:
        if file and Path(file).is_dir():
            return self._check_folder(file)
        self._refuse_other_files(Path(file))
        if Path(file).name == MANIFEST_FILE:
            read_program(file)
            return self._check_plugin(file)
        return self._check_program(read_program(file))

    def _refuse_other_files(self, file: Path) -> None:
        """Say what a file is that belongs to a plugin or lies beside one, in place of what is wrong with it as JSON.

        Raises:
            UsageMistake: it is no program and no manifest.
        """
        if not file.is_file():
            return
        if file.suffix == ".json" and file.absolute().parent.name == TESTS_FOLDER:
            folder = file.absolute().parent.parent
            if (folder / MANIFEST_FILE).is_file() and not _is_object(file.read_bytes()):
                raise UsageMistake(
                    f"expected {self.expected}, found the tests in {str(file)!r}; to check and run them: alas-plugin test {file}"
                )
        if file.suffix.lower() in _OTHER_FILES:
            is_of_plugin = (file.parent / MANIFEST_FILE).is_file()
            folder_text = str(file.parent) if file.parent.name else "."
            whole = f"; the plugin that it belongs to: {self.command} {folder_text}" if is_of_plugin else ""
            kind = _OTHER_FILES[file.suffix.lower()]
            raise UsageMistake(f"expected {self.expected}, found {kind}, {str(file)!r}{whole}")

    def _check_folder(self, folder: str) -> Sequence[Diagnostic]:
        manifest = Path(folder) / MANIFEST_FILE
        if not manifest.is_file():
            holds_plugins = any(Path(folder).glob(f"*/{MANIFEST_FILE}"))
            every = Path(folder) / "*"
            advice = f"; to check the plugins in it: {self.command} {every}" if holds_plugins else ""
            raise UsageMistake(f"the folder {folder!r} is no plugin: it holds no {MANIFEST_FILE}{advice}")
        return self._check_plugin(str(manifest))

    def _check_plugin(self, file: str) -> Sequence[Diagnostic]:
        """Check a manifest, the files that it names, and, when it is right, what the plugin needs and consists of."""
        from alas_manifest import read_file, read_folder

        # What a plugin needs does not depend on whether its files are there.
        manifest = read_file(file).manifest
        if manifest is None:
            return read_folder(file).diagnostics
        from alas_cli._dependency_checks import check_dependencies, dependency_types

        folder = Path(file).parent
        registry = make_registry(None, (str(folder), *self._together, *self._options.plugin_paths))
        whole = read_folder(file, dependency_types=dependency_types(registry, manifest.name))
        findings = [*of_this_platform(whole.diagnostics), *check_dependencies(registry, manifest, file)]
        if whole.manifest is not None and manifest.module_file is not None:
            from alas_loader_native import check_module
            from alas_registry import Plugin, SearchPath

            plugin = Plugin.of_manifest(manifest, folder, SearchPath(folder, "command line"))
            interpreter = Interpreter(
                module_path=self._options.module_paths, plugins=registry, opens_libraries=False
            )
            findings += _findings_of(lambda: check_module(plugin, interpreter))
        from alas_cli._plugin._parts import part_findings

        return findings + part_findings(folder, manifest)

    def _check_program(self, source: bytes | Path) -> Sequence[Diagnostic]:
        return _findings_of(lambda: self._interpreter(has_file=isinstance(source, Path)).load(source))

    def _interpreter(self, *, has_file: bool = True) -> Interpreter:
        # One for each file: files that have nothing to do with each other may use the same names.
        return Interpreter(
            module_path=[*([] if has_file else ["."]), *self._options.module_paths],
            plugins=self._make_registry,
            opens_libraries=False,
        )

    def _print(self, found: dict[str, list[Diagnostic]], diagnostics: list[Diagnostic]) -> None:
        if diagnostics:
            from alas_cli._excerpts import Texts
            from alas_cli._rendering import print_rows, render_diagnostics, render_summary

            print_rows(render_diagnostics(diagnostics, Texts({None: self._standard_input})))
            print_rows(render_summary(diagnostics))
        for file, findings in found.items():
            if not any(finding.is_error for finding in findings):
                shown = "<standard input>" if file == STANDARD_INPUT else escape_text(file)
                sys.stdout.write(f"{shown}: ok{self._remark(file)}\n")

    def _remark(self, file: str) -> str:
        """Return what to say of a file that is right, behind saying so."""
        del file
        return ""


def _findings_of(load: Callable[[], Module | None]) -> list[Diagnostic]:
    try:
        module = load()
    except ProgramError as error:
        return error.diagnostics
    return module.diagnostics if module is not None else []


def _plugin_folder(file: str) -> Iterator[str]:
    """Yield the folder of the plugin that a file or folder is, if it is one."""
    path = Path(file)
    # What cannot be read is said when it is checked.
    with contextlib.suppress(OSError):
        if file and path.name == MANIFEST_FILE and path.is_file():
            yield str(path.parent)
        elif file and (path / MANIFEST_FILE).is_file():
            yield file


def _is_object(text: bytes) -> bool:
    """Say whether a text begins like a program or manifest; tests may be an object too, but with an array in it."""
    return text.lstrip()[:1] == b"{" and b'"tests"' not in text


def is_manifest(text: bytes) -> bool:
    """Say whether a text is rather a manifest than a module.

    Example:
        >>> is_manifest(b'{"name": "my-plugin", "version": "1.0.0", "module": "my_plugin"}')
        True
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and sum(key in document for key in _MANIFEST_KEYS) >= 2
