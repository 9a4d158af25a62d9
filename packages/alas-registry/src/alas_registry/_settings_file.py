"""One file of settings, read key by key; every mistake is a finding with its place."""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alas_manifest import Diagnostic, nearest_name, quote_text
from alas_registry._files import TooLargeError, read_regular_file
from alas_registry._home import stated_path
from alas_registry._native_policy import NativeMode
from alas_registry._search_paths import SearchPath
from alas_registry._settings_errors import problem
from alas_registry._settings_store import LARGEST_FILE, SettingsStore, SettingsText

if TYPE_CHECKING:
    from alas_manifest import Severity
    from alas_registry._toml_places import KeyPlace

_Word = TypeVar("_Word", bound=str)

GRANTS = "grants"
# No plugin can be called so.
EVERY_PLUGIN = "*"
# In the order in which people are told of them.
RIGHTS = ("read", "write", "net", "run", "env")
LEVELS = ("debug", "info", "warning", "error", "off")
NATIVE_MODES: tuple[NativeMode, ...] = ("trusted", "refused")
# What native code will be once there is a way to hold it.
_ISOLATED = "isolated"
_SMALLEST_LOG, _MOST_LOGS = 1000, 100
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class _MistakeError(ValueError):
    """A value that its key does not accept."""

    def __init__(self, code: str, message: str, advice: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.advice = advice


class SettingsFile:
    """One file of settings: what it says, and what is wrong with it.

    Attributes:
        path: the file.
        is_there: whether there is such a file.
        findings: what is wrong with it.
        plugin_paths: where it says that plugins are.
        native: what it says about native code; None is nothing.
        log: what it says about the log, by the attributes of `LogSettings`.
        limits: what it says about plugins, by the attributes of `LimitSettings`.
        grants: what it grants to each plugin, by its name, and to every plugin by `EVERY_PLUGIN`.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        home: Path,
        *,
        project: Path | None = None,
        text: SettingsText | None = None,
    ) -> None:
        """Take where it is; nothing is read yet.

        Args:
            environ: the environment, which says where `~` is.
            home: the folder of the user's settings.
            project: the folder of a project, which may be somebody else's, whose settings are meant; None is the user's own.
            text: what the user's own settings say; None is what they say on the disk.
        """
        self.path = home / "config.toml" if project is None else project / "alas.toml"
        self._text_source = text if text is not None else SettingsStore(home)
        self.is_there = False
        self.findings: list[Diagnostic] = []
        self.plugin_paths: list[SearchPath] = []
        self.native: NativeMode | None = None
        self.log: dict[str, object] = {}
        self.limits: dict[str, int | float] = {}
        self.grants: dict[str, dict[str, tuple[str, ...] | None]] = {}
        self._environ = environ
        self._home = home
        self._is_project = project is not None
        self._text = ""
        self._places: dict[tuple[str, ...], KeyPlace] = {}
        # A new table is a row here, and a new key a row in it.
        self._tables: dict[str, dict[str, Callable[[object], None]]] = {
            "plugins": {"paths": self._read_paths, "native": self._read_native},
            "log": {
                "file": self._read_log_file,
                "level": self._read_level,
                "system": self._read_system,
                "max_size": self._read_size,
                "max_files": self._read_count,
            },
            "limits": {
                "memory": functools.partial(self._read_memory, "memory"),
                "timeout": functools.partial(self._read_timeout, "timeout"),
                "max_memory": functools.partial(self._read_memory, "most_memory"),
                "max_timeout": functools.partial(self._read_timeout, "most_timeout"),
                "max_cpu": self._read_share,
            },
        }

    def read(self) -> None:
        """Read the file, if it is there."""
        document = self._document()
        if document is None:
            return
        for name, table in document.items():
            if name.startswith("x-"):
                continue
            if name == GRANTS:
                self._read_grants(table)
                continue
            keys = self._tables.get(name)
            if keys is None:
                self._report_unknown((name,))
            elif not isinstance(table, dict):
                message = f"expected the table `[{name}]`, found {_describe(table)}"
                self._report((name,), "wrong_kind", message, f"write [{name}] on a line of its own")
            else:
                for key, value in table.items():
                    self._read_key(name, key, value)

    def _document(self) -> Mapping[str, object] | None:
        """Return what the file says; None when it is not there or cannot be read."""
        try:
            content = self._content()
        except FileNotFoundError:
            return None
        except NotADirectoryError:
            message = f"{quote_text(str(self.path.parent), 200)} is no folder"
            advice = "ALAS_HOME names the folder of settings and plugins" if not self._is_project else None
            self.findings.append(problem("io_error", message, str(self.path), help=advice))
            return None
        except TooLargeError as error:
            message = f"expected settings, but {error.strerror}"
            self.findings.append(problem("file_too_large", message, str(self.path)))
            return None
        except OSError as error:
            message = f"the settings cannot be read: {error.strerror or error}"
            advice = "mend, move or delete it: settings that cannot be read are not passed over"
            if isinstance(error, PermissionError):
                advice = "see the permissions of the file and of its folders"
                advice += "" if self._is_project else ", or let ALAS_HOME name a folder of your own"
            self.findings.append(problem("io_error", message, str(self.path), help=advice))
            return None
        self.is_there = True
        return self._parsed(content)

    def _content(self) -> bytes:
        return read_regular_file(self.path, LARGEST_FILE) if self._is_project else self._text_source.read()

    def _parsed(self, content: bytes) -> Mapping[str, object] | None:
        # Imported here, because most runs find no settings.
        import tomllib

        try:
            # Editors on some systems begin a file with a byte order mark.
            self._text = content.decode("utf-8-sig")
            return tomllib.loads(self._text)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self._add_syntax("the text is not UTF-8", (line, 1), "save the file as UTF-8")
        except RecursionError:
            self._add_syntax("the text is nested too deep", (1, 1), None)
        except ValueError as error:
            # Not only the library's own error: a number of too many digits is one of Python's.
            line, column = self._place_of(error)
            advice = _advice_for(self._text.split("\n")[line - 1])
            self._add_syntax(f"the text is not TOML: {_reason(error)}", (line, column), advice)
        return None

    def _place_of(self, error: ValueError) -> tuple[int, int]:
        match = _PLACE.search(str(error))
        if match is not None and match[1]:
            return int(match[1]), int(match[2])
        lines = self._text.rstrip().split("\n")
        return len(lines), len(lines[-1]) + 1

    def _read_key(self, table: str, key: str, value: object) -> None:
        read = self._tables[table].get(key)
        if key.startswith("x-"):
            return
        if read is None:
            self._report_unknown((table, key))
            return
        try:
            read(value)
        except _MistakeError as mistake:
            message = f"`{table}.{key}`: {mistake}"
            self._report((table, key), mistake.code, message, mistake.advice)

    # --- Grants ---

    def _read_grants(self, table: object) -> None:
        if self._is_project:
            message = f"`[{GRANTS}]` here would let whoever wrote this project grant itself rights"
            self._report((GRANTS,), "unenforceable", message, f"grants stand in {self._home / 'config.toml'}")
            return
        if not isinstance(table, dict):
            self._report((GRANTS,), "wrong_kind", f"expected tables of plugins, found {_describe(table)}")
            return
        for plugin, rights in table.items():
            if not isinstance(rights, dict):
                message = f"expected the table `[{GRANTS}.{plugin}]`, found {_describe(rights)}"
                self._report((GRANTS, plugin), "wrong_kind", message)
                continue
            for right, value in rights.items():
                self._read_grant(plugin, right, value)

    def _read_grant(self, plugin: str, right: str, value: object) -> None:
        place = (GRANTS, plugin, right)
        if right.startswith("x-"):
            return
        if right not in RIGHTS:
            advice = _suggest(right, RIGHTS) or f"there is {', '.join(RIGHTS)}"
            message = f"there is no right {quote_text(right)} to grant"
            self._report(place, "unknown_field", message, advice, severity="warning")
        elif value is True:
            self._grant(plugin, right, None)
        elif isinstance(value, list) and (expected := _expected_names(right, value)) is not None:
            self._report(place, "invalid_permission", f"`{GRANTS}.{plugin}.{right}`: expected {expected}")
        elif isinstance(value, list) and all(
            isinstance(one, str) and one and "\0" not in one for one in value
        ):
            is_path = right in ("read", "write")
            self._grant(plugin, right, tuple(str(self._path(one)) if is_path else one for one in value))
        else:
            found = _describe(value) if not isinstance(value, list) else "an array that holds something else"
            message = f"`{GRANTS}.{plugin}.{right}`: expected an array of texts, or true for everything, found {found}"
            self._report(place, "wrong_kind", message)

    def _grant(self, plugin: str, right: str, reach: tuple[str, ...] | None) -> None:
        self.grants.setdefault(plugin.casefold(), {})[right] = reach

    # --- The keys ---

    def _read_paths(self, value: object) -> None:
        if not isinstance(value, list):
            found = _describe(value)
            raise _MistakeError(
                "wrong_kind", f"expected an array of folders, found {found}", 'write paths = ["extras"]'
            )
        for index, path in enumerate(value):
            try:
                self.plugin_paths.append(SearchPath(self._path(path), str(self.path)))
            except _MistakeError as mistake:
                self._report(("plugins", "paths"), mistake.code, f"`plugins.paths[{index}]`: {mistake}")

    def _read_native(self, value: object) -> None:
        if value == _ISOLATED:
            raise _MistakeError(
                "unenforceable",
                "native code cannot be isolated yet: this version runs it in the process itself",
                'write "refused" to load no plugin that has any, or "trusted" to let it do all that you may do',
            )
        self.native = _word(value, NATIVE_MODES)

    def _read_log_file(self, value: object) -> None:
        path = self._path(value)
        folder = self.path.parent
        if self._is_project and not _is_inside(path, folder):
            raise _MistakeError(
                "path_escapes",
                f"the log file {quote_text(str(path), 200)} is outside the folder of this file, {quote_text(str(folder), 200)}",
                f"name a file inside of it, or set it in {self._home / 'config.toml'}",
            )
        self.log["file"] = path

    def _read_level(self, value: object) -> None:
        self.log["level"] = _word(value, LEVELS)

    def _read_system(self, value: object) -> None:
        if not isinstance(value, bool):
            raise _MistakeError("wrong_kind", f"expected true or false, found {_describe(value)}")
        self.log["system"] = value

    def _read_memory(self, name: str, value: object) -> None:
        self.limits[name] = _size(value)

    def _read_timeout(self, name: str, value: object) -> None:
        from alas_manifest import Duration

        if not isinstance(value, str):
            raise _MistakeError("wrong_kind", f'expected a duration such as "30s", found {_describe(value)}')
        try:
            self.limits[name] = Duration.parse(value).seconds
        except ValueError as error:
            raise _MistakeError("invalid_duration", str(error)) from None

    def _read_share(self, value: object) -> None:
        from alas_manifest import CpuShare

        if not isinstance(value, str):
            raise _MistakeError("wrong_kind", f'expected a share such as "50%", found {_describe(value)}')
        try:
            self.limits["most_cores"] = float(CpuShare.parse(value).cores)
        except ValueError as error:
            raise _MistakeError("invalid_share", str(error)) from None

    def _read_size(self, value: object) -> None:
        size = _size(value)
        if size < _SMALLEST_LOG:
            raise _MistakeError(
                "invalid_size", f"expected at least {_SMALLEST_LOG} bytes, found {quote_text(str(value))}"
            )
        self.log["max_size"] = size

    def _read_count(self, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _MistakeError("wrong_kind", f"expected a number of files, found {_describe(value)}")
        if not 1 <= value <= _MOST_LOGS:
            raise _MistakeError(
                "invalid_size", f"expected a number from 1 to {_MOST_LOGS}, found {_describe(value)}"
            )
        self.log["max_files"] = value

    def _path(self, value: object) -> Path:
        if not isinstance(value, str):
            raise _MistakeError("wrong_kind", f"expected a path in quotation marks, found {_describe(value)}")
        if not value.strip() or "\0" in value:
            raise _MistakeError("invalid_path", f"expected a path, found {quote_text(value)}")
        return stated_path(value, self._environ, self.path.parent)

    # --- Findings ---

    def _report_unknown(self, path: tuple[str, ...]) -> None:
        *table, key = path
        known = list(self._tables[table[0]]) if table else [*self._tables, GRANTS]
        home = next((name for name, keys in self._tables.items() if not table and key in keys), None)
        advice = f"it belongs into the table [{home}]" if home is not None else _suggest(key, known)
        if advice is None:
            advice = f"there is {', '.join(known)}"
        what = f"`{table[0]}` has no key {quote_text(key)}" if table else f"nothing reads {quote_text(key)}"
        self._report(path, "unknown_field", what, advice, severity="warning")

    def _report(
        self,
        path: tuple[str, ...],
        code: str,
        message: str,
        advice: str | None = None,
        *,
        severity: "Severity" = "error",
    ) -> None:
        from alas_registry._toml_places import KeyPlace, find_keys

        if not self._places:
            self._places = find_keys(self._text)
        place = self._places.get(path, KeyPlace(1, 1, 1))
        column = place.key_column if severity == "warning" else place.value_column
        pointer = "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in path)
        self.findings.append(
            Diagnostic(code, severity, message, str(self.path), pointer, place.line, column, advice)
        )

    def _add_syntax(self, message: str, place: tuple[int, int], advice: str | None) -> None:
        self.findings.append(Diagnostic("toml_syntax", "error", message, str(self.path), "", *place, advice))


def _word(value: object, words: tuple[_Word, ...]) -> _Word:
    """Return the one of several words that a value is."""
    expected = f"expected one of {', '.join(words)}"
    if not isinstance(value, str):
        raise _MistakeError("wrong_kind", f"{expected}, found {_describe(value)}")
    for word in words:
        if word == value:
            return word
    raise _MistakeError("unknown_value", f"{expected}, found {quote_text(value)}", _suggest(value, words))


def _size(value: object) -> int:
    from alas_manifest import ByteSize

    if not isinstance(value, str):
        raise _MistakeError("wrong_kind", f'expected a size such as "1MB", found {_describe(value)}')
    try:
        return ByteSize.parse(value).bytes
    except ValueError as error:
        raise _MistakeError("invalid_size", str(error)) from None


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _expected_names(right: str, values: list[object]) -> str | None:
    """Return which names a right expects, when some text is none; hosts have to be texts as well."""
    from alas_manifest import is_command, is_host, is_variable

    texts = [value for value in values if isinstance(value, str) and value]
    if right == "net" and not (len(texts) == len(values) and all(map(is_host, texts))):
        return "hosts such as example.com or example.com:443"
    if right == "run" and not all(map(is_command, texts)):
        return "commands without arguments"
    if right == "env" and not all(map(is_variable, texts)):
        return "names of environment variables"
    return None


def _suggest(word: str, known: Iterable[str]) -> str | None:
    near = nearest_name(word, known)
    return f"did you mean `{near}`?" if near is not None else None


def _reason(error: ValueError) -> str:
    import tomllib

    if not isinstance(error, tomllib.TOMLDecodeError):
        return "a number has too many digits"
    text = _PLACE.sub("", str(error))
    return text[:1].lower() + text[1:]


def _advice_for(line: str) -> str | None:
    """Return what is usually wrong with a line that is not TOML."""
    _, equals, value = line.partition("=")
    value = value.strip()
    if "\\" in line and '"' in line:
        return "in quotation marks a backslash begins an escape; in apostrophes it is itself: 'C:\\plugins'"
    if equals and value and (value[0].isalpha() or value[0] in "~/.") and value not in ("true", "false"):
        return "texts stand in quotation marks"
    if not equals and ":" in line:
        return "a key and its value are joined by `=`"
    return None


def _describe(value: object) -> str:
    """Return what a value of TOML is, for messages."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {quote_text(value)}"
    if isinstance(value, int) and abs(value) >= 2**63:
        return "a number that is too large"
    if isinstance(value, int | float):
        return f"the number {value}"
    return (
        "an array" if isinstance(value, list) else "a table" if isinstance(value, dict) else "a date or time"
    )
