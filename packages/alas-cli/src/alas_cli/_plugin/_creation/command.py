"""One run of `alas-plugin create`: from the command line to the exit code."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import UsageMistake
from alas_cli._interrupts import handled_interrupts
from alas_cli._plugin._creation.checking import available_language, check_text, legal_license, legal_name
from alas_cli._plugin._creation.kit import KIT_FOLDER, kit_files
from alas_cli._plugin._creation.languages import Language
from alas_cli._plugin._creation.templates import NewPlugin, NewType, plugin_files
from alas_cli._plugin._creation.writing import write_folder
from alas_cli._plugin._targets import is_path
from alas_cli._subcommand import CommonOptions
from alas_manifest import MANIFEST_FILE, escape_text, quote_text, read

_DEFAULT_LICENSE = "MIT"
_ABOUT = {
    "plugin.json": "the manifest: what it is called, offers and needs",
    "README.md": "what it is, for readers",
    "pyproject.toml": "how Python installs it",
    "Cargo.toml": "how it is built",
    "Makefile": "how it is built",
    "go.mod": "how it is built",
    ".gitignore": "what git is to ignore",
}
_ABOUT_ENDINGS = {
    ".alas.json": "its functions",
    ".json": "its tests",
    ".py": "its functions",
    ".c": "its native functions",
    ".cpp": "its native functions",
    ".go": "its native functions",
    ".rs": "its native functions",
}
_ABOUT_KIT = "what its code is compiled with"


@dataclass(kw_only=True)
class Options:
    """The command line's own options."""

    path: str
    plugin_type: NewType
    language: str | None
    description: str | None
    author: str | None
    license_text: str | None
    parent: str | None
    asks_nothing: bool


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the user says of the plugin; a licence that is None is the usual one."""

    description: str
    author: str
    license_text: str | None


class CreatePlugin:
    """Makes a plugin as a command line asks."""

    def __init__(self, options: Options, common: CommonOptions) -> None:
        """Take the command line."""
        self._options = options
        self._common = common
        self._language: Language | None = None

    def run(self) -> int:
        """Make the plugin, and print what was made and what to do with it.

        Returns:
            The exit code.

        Raises:
            UsageMistake: the command line asks for what cannot be made.
            click.Abort: the user ended the questions.
        """
        options = self._options
        folder = self._folder()
        # What is given is checked before anything is asked.
        self._language = available_language(options.plugin_type, options.language)
        self._check(folder, _Answers(options.description or "", options.author or "", options.license_text))
        kit = kit_files(self._language.word) if self._language is not None else {}
        if os.path.lexists(folder):
            raise UsageMistake(
                f"{str(folder)!r} exists already, and nothing is overwritten; choose another name"
            )
        plugin = self._check(folder, self._ask(folder.name))
        files = {**plugin_files(plugin), **kit}
        with handled_interrupts(lambda: None):
            write_folder(folder, files)
        self._report(plugin, folder, files)
        return exit_codes.DONE

    def _folder(self) -> Path:
        """Return the folder to be made."""
        options = self._options
        if "\0" in options.path or not Path(options.path).name or Path(options.path).name == "..":
            raise UsageMistake(
                f"expected the name of a new plugin, such as my-plugin, found {quote_text(options.path)}"
            )
        path = Path(options.path)
        if options.parent is None:
            return path
        if not Path(options.parent).is_dir():
            raise UsageMistake(f"-output: there is no folder {options.parent!r}")
        return Path(options.parent) / path

    def _check(self, folder: Path, answers: _Answers) -> NewPlugin:
        """Check what the plugin will be made of.

        Raises:
            UsageMistake: something of it cannot be.
        """
        for option, text in (("-description", answers.description), ("-author", answers.author)):
            check_text(option, text)
        plugin = NewPlugin(
            name=legal_name(folder),
            type=self._options.plugin_type,
            language=self._language,
            description=answers.description,
            author=answers.author,
            license=legal_license(
                answers.license_text if answers.license_text is not None else _DEFAULT_LICENSE
            ),
        )
        findings = read(plugin_files(plugin)[MANIFEST_FILE]).diagnostics
        if findings:
            advice = f"; {findings[0].help}" if findings[0].help else ""
            raise UsageMistake(f"{findings[0].message}{advice}")
        return plugin

    # --- Questions ---

    def _ask(self, name: str) -> _Answers:
        """Ask on a terminal for what is not given."""
        options = self._options
        asks = (
            not options.asks_nothing
            and not self._common.is_for_machines
            and all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
        )
        description = f"The plugin {name}"
        if options.description is not None:
            description = options.description
        elif asks:
            description = _prompt("description", description, _checked("description"))
        if options.author is not None:
            author = options.author
        else:
            author = _git_user()
            if asks:
                author = _prompt("author", author, _checked("author"))
        license_text = _DEFAULT_LICENSE
        if options.license_text is not None:
            license_text = options.license_text
        elif asks:
            license_text = _prompt("license", license_text, legal_license)
        return _Answers(description, author, license_text)

    # --- What was made ---

    def _report(self, plugin: NewPlugin, folder: Path, files: Mapping[str, str]) -> None:
        commands = _next_commands(plugin, folder)
        if self._common.is_for_machines:
            from alas_cli._documents import write_document

            document = {
                "ok": True,
                "plugin": {
                    "name": plugin.name,
                    "type": plugin.type,
                    "module": plugin.module,
                    "language": plugin.language.word if plugin.language is not None else None,
                    "folder": str(folder.absolute()),
                    "files": list(files),
                },
                "next": commands,
            }
            write_document(json.dumps(document))
            return
        rows = [
            (escape_text(str(folder / file)), _about(file))
            for file in files
            if not file.startswith(f"{KIT_FOLDER}/")
        ]
        if plugin.language is not None:
            rows.append((escape_text(f"{folder / KIT_FOLDER}/"), _ABOUT_KIT))
        width = max(len(path) for path, _ in rows)
        with_alas = "ALaS and " if plugin.type == "hybrid" else ""
        written_in = f", in {with_alas}{plugin.language.title}" if plugin.language is not None else ""
        lines = [f"made the {plugin.type} plugin {plugin.name}{written_in}:"]
        lines += [f"  {path:<{width}}  {about}" for path, about in rows]
        lines += ["next:", *(f"  {escape_text(line)}" for line in commands)]
        sys.stdout.write("\n".join(lines) + "\n")


def _checked(what: str) -> Callable[[str], str]:
    return lambda text: check_text(what, text)


def _prompt(question: str, default: str, check: Callable[[str], str]) -> str:
    """Ask until the answer will do."""

    def convert(answer: str) -> str:
        try:
            return check(answer.strip())
        except UsageMistake as mistake:
            # Shown by the library, which then asks again.
            raise click.UsageError(mistake.message.removeprefix("-")) from None

    shown: str = click.prompt(question, default=default, value_proc=convert, err=True)
    return shown


def _git_user() -> str:
    """Return the name that git would write into a commit, or an empty text."""
    import subprocess

    git = shutil.which("git")
    if git is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - the one command is git, with fixed arguments
            [git, "config", "user.name"],
            capture_output=True,
            timeout=5,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    name = done.stdout.decode("utf-8", "replace").strip()
    return name if name.isprintable() else ""


def _about(file: str) -> str:
    """Return what a file of a new plugin holds."""
    return _ABOUT.get(file) or next(text for ending, text in _ABOUT_ENDINGS.items() if file.endswith(ending))


def _next_commands(plugin: NewPlugin, folder: Path) -> list[str]:
    """Return the commands that come next, as a shell takes them."""
    where = shlex.quote(str(folder))
    if plugin.type == "builtin" and not is_path(str(folder)):
        # Python code runs, and its package is installed, only where a path is written.
        where = f"./{where}"
    first = [f"alas-plugin validate {where}", f"alas-plugin test {where}"]
    if plugin.type == "builtin":
        return [*first, f"pip install {where}", f"alas-plugin call {plugin.name}.process data"]
    called = shlex.quote(f"{folder}.process")
    if plugin.language is not None:
        first.insert(0, f"alas-plugin build {where}")
    return [*first, f"alas-plugin call {called} data", f"alas-plugin install {where}"]
