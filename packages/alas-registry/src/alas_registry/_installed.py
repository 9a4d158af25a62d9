"""Plugins that `alas-plugin install` has put into a folder of plugins, seen from the one who loads them.

    plugins/my-plugin -> .installed/current/my-plugin      never changes
    plugins/.installed/current -> generations/3            is swapped by every installation
    plugins/.installed/generations/3/lock.json             which versions, from where
    plugins/.installed/generations/3/my-plugin -> ../../store/<content hash>
    plugins/.installed/store/<content hash>/plugin.json    the plugin
    plugins/.installed/store/<content hash>.files          the listing that the hash is of

The name of a folder in the store says what it has to hold. A second folder with the same content, made because the first was
changed by somebody, has `-2` behind the hash.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from alas_registry._content import parse_listing, read_content
from alas_registry._search_paths import INSTALLED_FOLDER

if TYPE_CHECKING:
    from alas_manifest import Diagnostic

CURRENT = "current"
STORE = "store"
LOCK_FILE = "lock.json"
LISTING_ENDING = ".files"
FORMAT = 1

Reason = Literal["requested", "dependency"]

_STORE_NAME = re.compile(r"([0-9a-f]{64})(?:-[0-9]+)?")
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
    """

    version: str
    hash: str
    type: str
    source: str
    installed_at: str
    reason: Reason = "requested"


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
        plugins = {name: asdict(self.plugins[name]) for name in sorted(self.plugins)}
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
    try:
        document = json.loads(file.read_bytes())
    except RecursionError:
        raise ValueError("expected a lock file, found deeply nested JSON") from None
    except ValueError as error:
        raise ValueError(f"expected a lock file, found what is no JSON: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("format"), int):
        raise ValueError("expected a lock file, found other JSON")  # noqa: TRY004 - it is the text that is wrong
    if document["format"] != FORMAT:
        raise ValueError(f"expected the format {FORMAT}, found {document['format']}; a later version made it")
    generation, previous, plugins = (document.get(key) for key in ("generation", "previous", "plugins"))
    if (
        not isinstance(generation, int)
        or not isinstance(previous, int | None)
        or not isinstance(plugins, dict)
    ):
        raise ValueError("expected a generation, the previous one, and plugins")  # noqa: TRY004 - as above
    return Lock(generation, previous, {name: _read_plugin(name, one) for name, one in plugins.items()})


def _read_plugin(name: str, record: object) -> InstalledPlugin:
    if (
        not isinstance(record, dict)
        or not all(isinstance(record.get(key), str) for key in _TEXTS)
        or record["reason"] not in get_args(Reason)
    ):
        raise ValueError(f"the record of `{name}` is incomplete")
    return InstalledPlugin(**{key: record[key] for key in _TEXTS})


def installed_details(folder: Path) -> InstalledPlugin | None:
    """Return what the lock file says about a plugin.

    Args:
        folder: the folder of a plugin, as discovery has found it.

    Returns:
        The record; None when the plugin was not installed by `alas-plugin install`, or there is no lock file to read.
    """
    place = _place(folder)
    if place is None:
        return None
    try:
        plugins = read_lock(place.root / CURRENT / LOCK_FILE).plugins
    except (OSError, ValueError):
        return None
    # The folder in the store bears a hash instead of the plugin's name.
    by_hash = (one for one in plugins.values() if one.hash == place.expected)
    return plugins.get(folder.name) or next(by_hash, None)


def check_installed(folder: Path) -> "Diagnostic | None":
    """Check that an installed plugin still is what was installed.

    Reads all files of the plugin, which for a plugin of a few small files takes some tenths of a millisecond.

    Args:
        folder: the folder of a plugin, as discovery has found it.

    Returns:
        An error that says what has changed; None when nothing has, or the plugin was not installed.
    """
    place = _place(folder)
    if place is None:
        return None
    if place.expected is None:
        return _changed(folder, "its link does not lead to what was installed")
    try:
        content = read_content(place.content)
    except OSError as error:
        return _changed(folder, f"it cannot be read: {error.strerror or error}")
    if content.hash == place.expected:
        return None
    try:
        listing = parse_listing((place.root / STORE / f"{place.expected}{LISTING_ENDING}").read_bytes())
    except OSError:
        listing = None
    if listing is None or listing.hash != place.expected:
        return _changed(folder, "its files have changed")
    differences = listing.differences(content)
    named = ", ".join(differences[:_MOST_NAMED])
    if len(differences) > _MOST_NAMED:
        named += f" and {len(differences) - _MOST_NAMED} more"
    return _changed(folder, named)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an installed plugin is.

    Attributes:
        root: the folder `.installed`.
        content: the folder with the plugin's files.
        expected: the hash that its content has to have; None when the folder is not in the store.
    """

    root: Path
    content: Path
    expected: str | None


def _place(folder: Path) -> _Place | None:
    content = Path(os.path.realpath(folder))
    store = content.parent
    match = _STORE_NAME.fullmatch(content.name)
    if match is not None and store.name == STORE and store.parent.name == INSTALLED_FOLDER:
        return _Place(store.parent, content, match[1])
    try:
        is_link_of_ours = Path(os.readlink(folder)).parts[:1] == (INSTALLED_FOLDER,)  # noqa: PTH115 - text as it is
    except OSError:
        return None
    return _Place(folder.parent / INSTALLED_FOLDER, content, None) if is_link_of_ours else None


def _changed(folder: Path, what: str) -> "Diagnostic":
    from alas_manifest import Diagnostic, escape_text

    details = installed_details(folder)
    source = details.source if details is not None else "PATH"
    return Diagnostic(
        "content_changed",
        "error",
        escape_text(f"the plugin is not as it was installed: {what}"),
        str(folder),
        "",
        1,
        1,
        escape_text(f"install it again: alas-plugin install {source}"),
    )
