"""Plugins that `alas-plugin install` has put into a folder of plugins, seen from the one who loads them.

    plugins/my-plugin -> .installed/current/my-plugin      never changes
    plugins/.installed/current -> generations/3            is swapped by every installation
    plugins/.installed/generations/3/lock.json             which versions, from where
    plugins/.installed/generations/3/my-plugin -> ../../store/<content hash>
    plugins/.installed/store/<content hash>/plugin.json    the plugin
    plugins/.installed/store/<content hash>.files          the listing that the hash is of

The lock file of the generation that `current` names says what every plugin has to hold; a link there, or a folder in the
store, that disagrees with it is a plugin that somebody has changed. The name of a folder in the store repeats the hash. A
second folder with the same content, made because the first was changed by somebody, has `-2` behind it.
"""

import json
import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeGuard, get_args

from alas_registry._content import parse_listing, read_content
from alas_registry._files import read_regular_file
from alas_registry._installed_place import CURRENT, InstalledPlace, installed_place
from alas_registry._settings import GrantSettings

if TYPE_CHECKING:
    from alas_manifest import Diagnostic

GENERATIONS = "generations"
STORE = "store"
LOCK_FILE = "lock.json"
LISTING_ENDING = ".files"
FORMAT = 1

Reason = Literal["requested", "dependency"]

_STORE_NAME = re.compile(r"([0-9a-f]{64})(?:-[0-9]+)?")
_HASH = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_GENERATION = re.compile(rf"{GENERATIONS}/([1-9][0-9]{{0,15}})")
_LARGEST_LOCK = 16 << 20
_TEXTS = ("version", "hash", "type", "source", "installed_at", "reason")
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledPlugin:
    """What the lock file says about a plugin.

    Attributes:
        version: its version.
        hash: the hash of its content.
        type: its type.
        source: the folder or archive that it was installed from.
        installed_at: when, in UTC, as in ISO 8601.
        reason: whether somebody asked for it, or only for a plugin that needs it.
        agreed: what its manifest asks to reach, to which whoever installed this content has agreed; None when nobody was asked.
    """

    version: str
    hash: str
    type: str
    source: str
    installed_at: str
    reason: Reason = "requested"
    agreed: GrantSettings | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the record in the file."""
        record: dict[str, object] = {key: getattr(self, key) for key in _TEXTS}
        if self.agreed is not None:
            record["agreed"] = {right: list(reach) for right, reach in self.agreed._asdict().items() if reach}
        return record


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file: what is installed.

    Attributes:
        generation: the number of this state.
        previous: the number of the state before; None for the first.
        plugins: what is installed, by name.
    """

    generation: int
    previous: int | None = None
    plugins: Mapping[str, InstalledPlugin] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the text of the file."""
        plugins = {name: self.plugins[name].to_dict() for name in sorted(self.plugins)}
        document = {
            "format": FORMAT,
            "generation": self.generation,
            "previous": self.previous,
            "plugins": plugins,
        }
        return json.dumps(document, indent=2) + "\n"


def read_lock(file: Path) -> Lock:
    """Read a lock file.

    Args:
        file: the file.

    Returns:
        What it says.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no lock file, or one of a later version; the message says which.
    """
    generation, previous, plugins = _read_document(file)
    return Lock(generation, previous, {name: _read_plugin(name, one) for name, one in plugins.items()})


def _read_document(file: Path) -> tuple[int, int | None, dict[str, object]]:
    """Read a lock file but for its records, of which a load needs only one."""
    try:
        document = json.loads(read_regular_file(file, _LARGEST_LOCK))
    except RecursionError:
        raise ValueError("expected a lock file, found deeply nested JSON") from None
    except ValueError as error:
        raise ValueError(f"expected a lock file, found what is no JSON: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("format"), int):
        raise ValueError("expected a lock file, found other JSON")  # noqa: TRY004 - it is the text that is wrong
    if document["format"] != FORMAT:
        raise ValueError(f"expected the format {FORMAT}, found {document['format']}; a later version made it")
    generation, previous, plugins = (document.get(key) for key in ("generation", "previous", "plugins"))
    if not _is_number(generation) or not (previous is None or _is_number(previous)):
        raise ValueError("expected the numbers of a generation and of the one before it")
    if not isinstance(plugins, dict):
        raise ValueError("expected plugins")  # noqa: TRY004 - as above
    return generation, previous, plugins


def generation_in_force(root: str | os.PathLike[str]) -> int:
    """Return the number of the generation that `current` names.

    Args:
        root: the folder `.installed`.

    Raises:
        FileNotFoundError: there is no `current`.
        OSError: it cannot be read, or is no link.
        ValueError: it leads to something else than a generation; the message says where.
    """
    text = os.readlink(os.path.join(root, CURRENT))  # noqa: PTH115, PTH118 - the text as it is, with every load
    match = _GENERATION.fullmatch(text)
    if match is None:
        raise ValueError(f"expected it to lead to {GENERATIONS}/NUMBER, found {text}")
    return int(match[1])


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _read_plugin(name: str, record: object) -> InstalledPlugin:
    from alas_manifest import Version

    if not _NAME.fullmatch(name):
        raise ValueError(f"expected the name of a plugin, found `{name}`")
    if (
        not isinstance(record, dict)
        or not all(isinstance(record.get(key), str) for key in _TEXTS)
        or record["reason"] not in get_args(Reason)
    ):
        raise ValueError(f"the record of `{name}` is incomplete")
    if not _HASH.fullmatch(record["hash"]):
        raise ValueError(f"the hash of `{name}` has to be 64 hexadecimal digits, found `{record['hash']}`")
    try:
        Version.parse(record["version"])
    except ValueError:
        raise ValueError(f"the version of `{name}` is no version: `{record['version']}`") from None
    return InstalledPlugin(**{key: record[key] for key in _TEXTS}, agreed=_read_agreed(name, record))


def _read_agreed(name: str, record: Mapping[str, object]) -> GrantSettings | None:
    agreed = record.get("agreed")
    if agreed is None:
        return None
    if not isinstance(agreed, dict) or not all(
        right in GrantSettings._fields
        and isinstance(reach, list)
        and all(isinstance(one, str) and one for one in reach)
        for right, reach in agreed.items()
    ):
        raise ValueError(f"the record of `{name}` does not say in words what was agreed to")
    return GrantSettings(**{right: tuple(reach) for right, reach in agreed.items()})


def installed_details(folder: Path) -> InstalledPlugin | None:
    """Return what the lock file says about a plugin.

    Args:
        folder: the folder of a plugin, as discovery has found it.

    Returns:
        The record; None when the plugin was not installed by `alas-plugin install`, or there is no lock file to read.
    """
    place = installed_place(folder)
    if place is None:
        return None
    try:
        return _Entry.at(place).record
    except (OSError, ValueError):
        return None


def check_installed(folder: Path) -> "Diagnostic | None":
    """Check that an installed plugin still is what was installed.

    The lock file of the generation in force says what it has to be. Reads that and all files of the plugin, which for a plugin
    of a few small files takes some tenths of a millisecond.

    Args:
        folder: the folder of a plugin, as discovery has found it.

    Returns:
        An error that says what has changed; None when nothing has, or the way to the plugin does not lead through what
        `alas-plugin install` manages.
    """
    place = installed_place(folder)
    if place is None:
        return None
    try:
        entry = _Entry.at(place)
    except (OSError, ValueError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        what = f"the lock file {os.path.join(place.root, CURRENT, LOCK_FILE)} cannot be read: {reason}"  # noqa: PTH118
        return _changed(folder, what, "go back to the state before: alas-plugin install -rollback")
    if entry.record is None:
        return _changed(
            folder,
            "the lock file does not name it",
            f"install it again, or remove {shlex.quote(str(folder))}",
        )
    difference = _difference(entry, entry.record.hash)
    advice = f"install it again: alas-plugin install {shlex.quote(entry.record.source)}"
    return _changed(folder, difference, advice) if difference is not None else None


def _difference(entry: "_Entry", expected: str) -> str | None:
    """Return what is not as the hash in the lock file says; None when nothing is."""
    if not entry.is_in_store:
        return "its link does not lead to what the lock file names"
    try:
        content = read_content(entry.content)
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    if content.hash == expected:
        return None
    try:
        listing = parse_listing(Path(entry.root, STORE, f"{expected}{LISTING_ENDING}").read_bytes())
    except OSError:
        listing = None
    if listing is None or listing.hash != expected:
        return "its files have changed"
    differences = listing.differences(content)
    named = ", ".join(differences[:_MOST_NAMED])
    if len(differences) > _MOST_NAMED:
        named += f" and {len(differences) - _MOST_NAMED} more"
    return named


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the lock file in force says about a place, and what is there.

    Attributes:
        root: the folder `.installed`.
        record: the record; None when there is none, or the place is not that of a plugin.
        content: the folder with the plugin's files, without links.
    """

    root: str
    record: InstalledPlugin | None
    content: str

    @classmethod
    def at(cls, place: InstalledPlace) -> "_Entry":
        """Look up a place.

        Raises:
            OSError: the lock file cannot be read.
            ValueError: it is no lock file, or not that of a generation.
        """
        root, inside = place.root, place.inside
        # One number for both, so that an installation that ends now does not come in between.
        number = str(generation_in_force(root))
        _, _, plugins = _read_document(Path(root, GENERATIONS, number, LOCK_FILE))
        if inside[:1] == (CURRENT,):
            inside = (GENERATIONS, number, *inside[1:])
        parts = {GENERATIONS: 3, STORE: 2}.get(inside[0], 0) if inside else 0
        if not parts or len(inside) < parts or os.pardir in inside:
            return cls(root, None, root)
        name = inside[parts - 1]
        content = os.path.realpath(os.path.join(root, *inside[:parts]))  # noqa: PTH118 - with every load
        if inside[0] == STORE:
            # The folder in the store bears a hash instead of the plugin's name.
            expected = name.partition("-")[0]
            names = (
                one
                for one, found in plugins.items()
                if isinstance(found, dict) and found.get("hash") == expected
            )
            name = next(names, "")
        return cls(root, _read_plugin(name, plugins[name]) if name in plugins else None, content)

    @property
    def is_in_store(self) -> bool:
        """Whether the files are where the lock file's hash has its place."""
        store, name = os.path.split(self.content)
        match = _STORE_NAME.fullmatch(name)
        is_named = match is not None and self.record is not None and match[1] == self.record.hash
        return is_named and store == os.path.realpath(os.path.join(self.root, STORE))  # noqa: PTH118 - as above


def _changed(folder: Path, what: str, advice: str) -> "Diagnostic":
    from alas_manifest import Diagnostic, escape_text

    message = escape_text(f"the plugin is not as it was installed: {what}")
    return Diagnostic("content_changed", "error", message, str(folder), "", 1, 1, escape_text(advice))
