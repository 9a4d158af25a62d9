"""Changing what a user grants to plugins: the tables `[grants.NAME]` of `config.toml`.

Everything else in the file stays as it is, comments included. A change reads what is there under a lock, and replaces the file
as a whole; a file with mistakes is refused, because nobody knows what it was to say.
"""

import contextlib
import os
import shlex
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from alas_registry._errors import RegistryError
from alas_registry._home import current_folder, stated_path
from alas_registry._scopes import is_relative, missing_grants
from alas_registry._settings import GrantSettings
from alas_registry._settings_errors import SettingsError
from alas_registry._settings_file import EVERY_PLUGIN, GRANTS, RIGHTS, SettingsFile
from alas_registry._settings_store import LARGEST_FILE, SettingsDraft, SettingsStore, SettingsText

_PATHS = ("read", "write")
_MARK = "\ufeff"

_Tables: TypeAlias = MutableMapping[str, Any]


class GrantsError(RegistryError):
    """What is granted to plugins cannot be written.

    Attributes:
        file: the file.
    """

    code: ClassVar[str] = "grants_error"

    def __init__(self, message: str, *, file: Path, plugin: str | None = None) -> None:
        super().__init__(message, plugin=plugin)
        self.file = file


class NotAskedError(RegistryError):
    """A plugin was to be granted what its manifest does not ask for."""

    code: ClassVar[str] = "not_asked"


class NotGrantedError(RegistryError):
    """What was to be revoked is not granted, or not by itself."""

    code: ClassVar[str] = "not_granted"


class PluginGrants:
    """What the user's `config.toml` grants to one plugin.

    Example:
        >>> PluginGrants(Path("no-such-folder"), "reader").current()
        GrantSettings(read=(), write=(), net=(), run=(), env=())
    """

    def __init__(
        self,
        home: Path,
        plugin: str,
        environ: Mapping[str, str] | None = None,
        *,
        draft: SettingsDraft | None = None,
    ) -> None:
        """Take which plugin is meant; nothing is read yet.

        Args:
            home: the folder of the user's settings, as `alas_home` returns it; made when something is to be granted.
            plugin: its name; upper and lower case are the same. `EVERY_PLUGIN` is what all plugins are granted.
            environ: the environment, which says where `~` is; None is that of the process.
            draft: where to change it, to be put in force later; None changes the file.
        """
        self._file = home / "config.toml"
        self._text: SettingsText = draft if draft is not None else SettingsStore(home)
        self._home = home
        self._plugin = plugin
        self._environ = os.environ if environ is None else environ

    def current(self) -> GrantSettings:
        """Return what is granted now.

        Raises:
            SettingsError: the file cannot be read or has errors.
        """
        return GrantSettings(**self._read().grants.get(self._plugin.casefold(), {}))

    def grant(self, asked: GrantSettings, wanted: GrantSettings) -> GrantSettings:
        """Grant something besides.

        Args:
            asked: what the plugin's manifest asks for.
            wanted: what to grant; None is everything of the kind that the manifest asks for, now and later. Relative paths start
                from the current folder.

        Returns:
            What was not granted before.

        Raises:
            NotAskedError: the manifest asks for less.
            SettingsError: the file cannot be read or has errors.
            GrantsError: the file cannot be written.
        """
        wanted = self._absolute(wanted)
        self._refuse_unasked(asked, wanted)
        with self._locked():
            more = missing_grants(wanted, self.current(), current_folder())
            if not more.is_empty:
                self._change(lambda grants: _add(grants, self._plugin, more))
        return more

    def revoke(self, unwanted: GrantSettings | None = None) -> GrantSettings:
        """Grant something no longer.

        Args:
            unwanted: what is granted in these very words, paths being compared by where they lead; None is everything.

        Returns:
            What was granted until now, as it was written.

        Raises:
            NotGrantedError: some of it is not granted, or only as a part of something else; nothing has changed.
            SettingsError: the file cannot be read or has errors.
            GrantsError: the file cannot be written.
        """
        if unwanted is None and self.current().is_empty:
            return GrantSettings()
        with self._locked():
            current = self.current()
            gone = current if unwanted is None else self._found(current, self._absolute(unwanted))
            if not gone.is_empty:
                self._change(lambda grants: _remove(grants, self._plugin, gone, self._key))
        return gone

    def _absolute(self, grants: GrantSettings) -> GrantSettings:
        """Return grants whose paths do not depend on the folder where a program is started."""
        folder = current_folder()

        def absolute(paths: tuple[str, ...] | None) -> tuple[str, ...] | None:
            if paths is None:
                return None
            return tuple(
                os.path.normpath(stated_path(path, self._environ, folder)) if is_relative(path) else path
                for path in paths
            )

        return grants._replace(read=absolute(grants.read), write=absolute(grants.write))

    def _refuse_unasked(self, asked: GrantSettings, wanted: GrantSettings) -> None:
        named = GrantSettings(**{right: getattr(wanted, right) or () for right in RIGHTS})
        unasked = missing_grants(named, asked, current_folder())
        for right in RIGHTS:
            names = getattr(unasked, right)
            if names or (getattr(wanted, right) is None and not getattr(asked, right)):
                what = f"{right} {names[0]}" if names else f"anything to {right}"
                held = getattr(asked, right)
                there = f"{right} {', '.join(held)}" if held else "nothing of the kind"
                raise NotAskedError(
                    f"the manifest of `{self._plugin}` does not ask for {what}; it asks for {there}, and a plugin can be "
                    "granted no more than it asks for",
                    plugin=self._plugin,
                )

    def _found(self, current: GrantSettings, unwanted: GrantSettings) -> GrantSettings:
        """Return the entries of what is granted that are to go.

        Raises:
            NotGrantedError: there is none for something.
        """
        found: dict[str, tuple[str, ...] | None] = {}
        for right in RIGHTS:
            held, named = getattr(current, right), getattr(unwanted, right)
            if named is None:
                found[right] = held
                continue
            self._refuse_shared(right, named, held)
            keys = {self._key(right, one) for one in named}
            found[right] = tuple(one for one in held or () if self._key(right, one) in keys)
            for one in named:
                if held is None and self._plugin == EVERY_PLUGIN:
                    raise NotGrantedError(
                        f"every plugin is granted all that it asks to {right}, without names; to grant less: write what they may have "
                        f'in place of `true` as `{right}` of [{GRANTS}."{EVERY_PLUGIN}"] in {self._file}, by hand',
                        plugin=self._plugin,
                    )
                if held is None:
                    word = shlex.quote(self._plugin)
                    # Behind two dashes nothing is an option.
                    whole = f"-all -- {word}" if self._plugin.startswith("-") else f"{word} -all"
                    raise NotGrantedError(
                        f"`{self._plugin}` is granted all that it asks to {right}, without names; to grant less: "
                        f"alas-plugin revoke {whole}, and then alas-plugin grant {word} with what it may have",
                        plugin=self._plugin,
                    )
                if self._key(right, one) not in {self._key(right, other) for other in held}:
                    there = f"{right} {', '.join(held)}" if held else "nothing of the kind"
                    raise NotGrantedError(
                        f"`{self._plugin}` is not granted {right} {one}; it is granted {there}",
                        plugin=self._plugin,
                    )
        return GrantSettings(**found)

    def _refuse_shared(self, right: str, named: tuple[str, ...], held: tuple[str, ...] | None) -> None:
        """Refuse to revoke from one plugin what it has only because every plugin has it.

        Raises:
            NotGrantedError: it is granted to every plugin, and not to this one by name.
        """
        if self._plugin == EVERY_PLUGIN or held is None:
            return
        shared = GrantSettings(**self._read().grants.get(EVERY_PLUGIN, {}))
        keys = {self._key(right, one) for one in held}
        for one in named:
            wanted = GrantSettings(**{right: (one,)})
            is_whole = getattr(shared, right) is None
            advice = (
                "change that by hand"
                if is_whole
                else f"alas-plugin revoke '{EVERY_PLUGIN}' with what stands there"
            )
            if (
                self._key(right, one) not in keys
                and missing_grants(wanted, shared, current_folder()).is_empty
            ):
                raise NotGrantedError(
                    f'`{self._plugin}` is not granted {right} {one} by name: [{GRANTS}."{EVERY_PLUGIN}"] in {self._file} grants '
                    f"it to every plugin, from which one alone cannot be left out; to grant it to none: {advice}",
                    plugin=self._plugin,
                )

    def _key(self, right: str, value: str) -> str:
        """Return what tells whether two entries are the same."""
        if right not in _PATHS:
            return value.lower() if right == "net" else value
        return os.path.normpath(stated_path(value, self._environ, self._file.parent))

    # --- The file ---

    def _read(self) -> SettingsFile:
        file = SettingsFile(self._environ, self._home, text=self._text)
        file.read()
        if any(finding.is_error for finding in file.findings):
            raise SettingsError(file.findings)
        return file

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._text.changing())
            except OSError as error:
                raise self._error(f"cannot be written: {error.strerror or error}") from None
            yield

    def _change(self, change: Callable[[_Tables], None]) -> None:
        """Change the tables of all grants in the file, which has no mistakes."""
        try:
            text = self._text.read().decode()
        except FileNotFoundError:
            text = ""
        mark = _MARK if text.startswith(_MARK) else ""
        try:
            changed = changed_text(text.removeprefix(mark), change)
        except ValueError as error:
            raise self._error(
                f"has a form that cannot be changed ({error}); write grants as tables such as "
                f'[grants."{self._plugin}"], or change it by hand'
            ) from None
        content = f"{mark}{changed}".encode()
        if len(content) > LARGEST_FILE:
            raise self._error(f"would be larger than {LARGEST_FILE:,} bytes, which no settings may be")
        try:
            self._text.write(content)
        except OSError as error:
            raise self._error(f"cannot be written: {error.strerror or error}") from None

    def _error(self, what: str) -> GrantsError:
        return GrantsError(
            f"the file of settings, {self._file}, {what}", file=self._file, plugin=self._plugin
        )


def changed_text(text: str, change: Callable[[_Tables], None]) -> str:
    """Return a text of settings with other grants, all else in it as it was.

    Args:
        text: TOML without mistakes.
        change: changes the tables of the plugins, which are plain values or those of the library that keeps the form of the text.

    Raises:
        ValueError: that cannot be done; the message says why.
    """
    import tomlkit

    expected = _plain(text)
    before = set(expected.get(GRANTS, {}))
    change(expected.setdefault(GRANTS, {}))
    new = {name: table for name, table in expected[GRANTS].items() if name not in before}
    if new:
        # A table of its own, behind everything, is what people would write, and leaves every other line alone.
        gap = "" if not text or _has_empty_end(text) else "\n" if text.endswith("\n") else "\n\n"
        appended = f"{text}{gap}{tomlkit.dumps({GRANTS: new})}"
        if _says(appended, expected):
            return appended
    try:
        document = tomlkit.parse(text)
        change(document.setdefault(GRANTS, {}))
        if not document[GRANTS]:
            del document[GRANTS]
        changed = tomlkit.dumps(document)
        if _has_empty_end(changed) and not _has_empty_end(text):
            # The line was between the table that is gone and what stood before it.
            changed = _without_empty_end(changed)
    except Exception as error:
        # The library knows fewer forms than the language has, and fails on others in whichever way.
        raise ValueError(str(error) or type(error).__name__) from error
    if not _says(changed, expected):
        raise ValueError("other settings would change with it")
    return changed


def _has_empty_end(text: str) -> bool:
    return text.replace("\r\n", "\n").endswith("\n\n")


def _without_empty_end(text: str) -> str:
    kept = text.rstrip("\r\n")
    end = text[len(kept) :]
    return kept + end[: 2 if end.startswith("\r\n") else 1]


def _plain(text: str) -> dict[str, Any]:
    """Read TOML for a comparison: numbers with a fraction stay texts, since `nan` does not equal itself."""
    import tomllib

    return tomllib.loads(text, parse_float=str)


def _says(text: str, expected: Mapping[str, Any]) -> bool:
    """Say whether a text says what is expected, apart from plugins without grants."""

    def granting(document: Mapping[str, Any]) -> dict[str, Any]:
        grants = {name: table for name, table in document.get(GRANTS, {}).items() if table}
        return {**document, GRANTS: grants}

    try:
        return granting(_plain(text)) == granting(expected)
    except ValueError:
        return False


def _add(grants: _Tables, plugin: str, more: GrantSettings) -> None:
    """Add grants to the table of a plugin, which is made if there is none."""
    names = [name for name in grants if name.casefold() == plugin.casefold()]
    if not names:
        grants[plugin] = {
            right: True if reach is None else list(reach)
            for right, reach in more._asdict().items()
            if reach != ()
        }
        return
    for right, reach in more._asdict().items():
        # Of several tables with one name in different cases, the last one that has the right is read.
        name = next((one for one in reversed(names) if right in grants[one]), names[-1])
        table = grants[name]
        if reach is None:
            _put(table, right, value=True)
        elif reach and right in table:
            for one in reach:
                table[right].append(one)
        elif reach:
            _put(table, right, value=list(reach))


def _put(table: _Tables, key: str, *, value: object) -> None:
    """Set a key; a new one stands behind the others, and not behind comments that belong to what follows the table."""
    container = getattr(table, "value", None)
    body = getattr(container, "body", None)
    if key in table or not isinstance(body, list):
        table[key] = value
        return
    count = len(body)
    while count and body[count - 1][0] is None:
        count -= 1
    rest = body[count:]
    del body[count:]
    table[key] = value
    body.extend(rest)


def _remove(grants: _Tables, plugin: str, gone: GrantSettings, key: Callable[[str, str], str]) -> None:
    """Remove grants from the tables of a plugin; `key` tells which entries are the same."""
    for name in [name for name in grants if name.casefold() == plugin.casefold()]:
        table = grants[name]
        for right, reach in gone._asdict().items():
            if reach == () or right not in table:
                continue
            if reach is None or table[right] is True:
                del table[right]
                continue
            keys = {key(right, one) for one in reach}
            held = table[right]
            for index in reversed(range(len(held))):
                if key(right, str(held[index])) in keys:
                    del held[index]
            if not held:
                del table[right]
        # A comment in it, or behind it, may be about something else.
        if not table and "#" not in (table.as_string() if hasattr(table, "as_string") else ""):
            del grants[name]
