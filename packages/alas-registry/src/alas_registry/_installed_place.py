"""Whether a folder is reached through what `alas-plugin install` manages. Hashes nothing, because every load asks."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from alas_registry._home import absolute
from alas_registry._search_paths import INSTALLED_FOLDER

CURRENT = "current"
_STAGING = "staging"
# As many links as Linux follows in one path.
_MOST_LINKS = 40


@dataclass(frozen=True, slots=True)
class InstalledPlace:
    """Where the way to a folder enters a folder `.installed`.

    Attributes:
        root: the folder `.installed`.
        inside: the parts of the path from there, as the links before it have them: `current` and a name, for most.
    """

    root: str
    inside: tuple[str, ...]


def installed_place(folder: Path) -> InstalledPlace | None:
    """Return where the way to a folder leads into what `alas-plugin install` manages.

    All links on the way are followed, because each of them could lead there or, exchanged by somebody, away from there.

    Args:
        folder: the folder of a plugin, as discovery has found it.

    Returns:
        The place; None when the way does not lead there. What an installation is looking at, and names by its own path in
        the staging folder, is not installed yet.
    """
    folder = absolute(folder)
    here, ahead = folder.anchor, list(reversed(folder.parts[1:]))
    links = 0
    while ahead:
        part = ahead.pop()
        if part == os.pardir:
            here = os.path.dirname(here)  # noqa: PTH120 - as text, because this runs with every load
            continue
        if part == INSTALLED_FOLDER:
            if ahead[-1:] == [_STAGING] and INSTALLED_FOLDER in folder.parts:
                return None
            return InstalledPlace(os.path.join(here, part), tuple(reversed(ahead)))  # noqa: PTH118 - as above
        path = os.path.join(here, part)  # noqa: PTH118 - as above
        target = _target(path)
        if target is None:
            here = path
            continue
        links += 1
        if links > _MOST_LINKS:
            return None
        leads_to = Path(target)
        if leads_to.is_absolute():
            here = leads_to.anchor
        ahead.extend(reversed(leads_to.parts[1:] if leads_to.is_absolute() else leads_to.parts))
    return None


def _target(path: str) -> str | None:
    """Return where a link leads; None for all else, and for what is not there."""
    try:
        return os.readlink(path) if stat.S_ISLNK(os.lstat(path).st_mode) else None  # noqa: PTH115 - the text as it is
    except OSError:
        return None
