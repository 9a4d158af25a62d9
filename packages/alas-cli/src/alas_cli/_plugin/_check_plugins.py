"""Checking what `alas-plugin validate` is given: manifests alone, and folders of plugins as a whole."""

import json
import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from alas_cli._check_files import MANIFEST_FILE, CheckFiles, is_manifest
from alas_cli._command import UsageMistake, write_error
from alas_cli._plugin._sources import is_standard, short_path
from alas_cli._plugin._targets import is_path
from alas_cli._programs import STANDARD_INPUT, near_file, read_program
from alas_manifest import Diagnostic, escape_text, nearest_name, validate

# Of plugins and their modules; file systems have no longer ones either.
_LONGEST_NAME = 255


class CheckPlugins(CheckFiles):
    """Checks files as `alas-validate` does, except that a file is a manifest alone and never a program."""

    command = "alas-plugin validate"
    expected = "a manifest"

    def _text_findings(self, text: bytes) -> Sequence[Diagnostic]:
        if _is_module(text):
            raise UsageMistake("expected a manifest, found a module; alas-validate - checks modules")
        return validate(text)

    def _meant(self, word: str) -> str:
        """Return the folder that a word means: that of the plugin of this name, as for all commands, or the word itself."""
        if word in ("", STANDARD_INPUT) or is_path(word) or len(word) > _LONGEST_NAME or Path(word).is_file():
            return word
        registry = self._make_registry()
        found = registry.find(word) or registry.find_module(word)
        if found is None or is_standard(found) or not (found.folder / MANIFEST_FILE).is_file():
            return word
        if Path(word, MANIFEST_FILE).is_file():
            if found.folder.resolve() == Path(word).resolve():
                return word
            # Whoever works on a plugin beside the installed one may well have meant the other.
            if self._options.output_format != "json":
                place, here = short_path(found.folder), escape_text(f"./{shlex.quote(word)}")
                write_error(f"note: {escape_text(word)} is the plugin in {place}; the one here is {here}\n")
        return os.path.relpath(found.folder)

    def _file_findings(self, file: str) -> Sequence[Diagnostic]:
        if file and Path(file).is_dir():
            return self._check_folder(file)
        if not Path(file).exists():
            raise UsageMistake(f"there is no file {file!r}{near_file(file) or self._near_plugin(file)}")
        self._refuse_other_files(Path(file))
        source = read_program(file)
        assert isinstance(source, Path), "standard input was dealt with"
        text = source.read_bytes()
        if source.name != MANIFEST_FILE and _is_module(text):
            folder = source.parent
            is_of_plugin = (folder / MANIFEST_FILE).is_file()
            whole = (
                f", and alas-plugin validate {folder} the plugin that it belongs to" if is_of_plugin else ""
            )
            raise UsageMistake(
                f"expected a manifest, found the module {file!r}; alas-validate checks it{whole}"
            )
        return validate(text, file=file)

    def _near_plugin(self, word: str) -> str:
        """Ask whether the name of a plugin was meant, behind a message that there is no file."""
        names = () if is_path(word) else [one.name for one in self._make_registry().plugins]
        near = nearest_name(word[:64], names)
        return f", and no plugin of this name; did you mean {near!r}?" if near is not None else ""

    def _remark(self, file: str) -> str:
        if file == STANDARD_INPUT or Path(file).is_dir():
            return ""
        return f" (the manifest alone; alas-plugin validate {Path(file).parent} checks the whole plugin)"


def _is_module(text: bytes) -> bool:
    """Say whether a text is rather a module than a manifest; both may say `"type": "module"`."""
    if is_manifest(text):
        return False
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(document, dict) or document.get("type") != "module":
        return False
    functions = document.get("functions")
    has_bodies = isinstance(functions, list) and any(
        isinstance(one, dict) and "body" in one for one in functions
    )
    return has_bodies or "exports" in document or "imports" in document
