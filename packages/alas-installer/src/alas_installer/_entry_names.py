"""The paths of a plugin's files: inside its folder, and different from each other on every system."""

import os
import re
import sys
import unicodedata

from alas_installer._errors import InstallError
from alas_installer._limits import Limits, Meter, too_large
from alas_manifest import escape_text, quote_text

# What version control, Python and file managers leave in a folder. It is no part of a plugin.
LEFT_OUT = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", "_darcs", ".fslckout", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache",
        ".ds_store", "__macosx", "thumbs.db", "desktop.ini",
    }
)  # fmt: skip
# What a Mac keeps beside each file, named after it, where a file system or an archive has no room for it.
_BESIDE_FILES = "._"

_DRIVE = re.compile(r"[A-Za-z]:")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_HERE = re.compile(r"(?:\./)+")
_FORBIDDEN = re.compile(r'[":<>|?*]')
_LONGEST_NAME = 255


class EntryNames:
    """Checks the paths of the files and folders of one plugin, one after the other."""

    def __init__(self, meter: Meter) -> None:
        """Begin with no paths.

        Args:
            meter: counts them.
        """
        self._meter = meter
        self._seen: dict[str, tuple[str, bool]] = {}
        self._files: set[str] = set()
        # Folders that were counted without an entry of their own so far.
        self._implied: set[str] = set()
        self.left_out: set[str] = set()
        """What was met and is no part of a plugin: names out of `LEFT_OUT`, and `._*`."""

    @property
    def limits(self) -> Limits:
        """The most that a plugin may consist of."""
        return self._meter.limits

    def add(self, name: str, *, is_folder: bool) -> str | None:
        """Check a path and remember it.

        Args:
            name: the path as the source has it.
            is_folder: whether it is a folder's.

        Returns:
            The path inside the plugin, with `/` between its parts; an empty text for the top folder itself; None when it
            is to be left out.

        Raises:
            InstallError: the path is not one that a file of a plugin may have.
        """
        parts = self._parts(name)
        for part in parts:
            if part.startswith(_BESIDE_FILES) or part.casefold() in LEFT_OUT:
                self._meter.add_entry()
                self.left_out.add(f"{_BESIDE_FILES}*" if part.startswith(_BESIDE_FILES) else part)
                return None
        for count in range(1, len(parts)):
            self._imply("/".join(parts[:count]))
        path = "/".join(parts)
        key = _key(path)
        if is_folder and key in self._implied:
            self._implied.remove(key)
        else:
            self._meter.add_entry()
        if path:
            self._remember(path, key, is_folder=is_folder)
        elif not is_folder:
            raise _refused(name, "is empty")
        return path

    def _imply(self, folder: str) -> None:
        """Take note of a folder that something is in; it is made and counts, whether or not it has an entry."""
        key = _key(folder)
        if key not in self._seen:
            self._meter.add_entry()
            self._implied.add(key)
        self._remember(folder, key, is_folder=True)

    def _parts(self, name: str) -> list[str]:
        if "\0" in name:
            raise _refused(name, "holds a NUL character")
        if name.startswith("/"):
            raise _refused(name, "is absolute")
        if "\\" in name:
            raise _refused(name, "holds a backslash, which some systems take for the end of a folder's name")
        if _DRIVE.match(name):
            raise _refused(name, "begins with the letter of a drive")
        if escape_text(name) != name:
            raise _refused(name, "holds control characters, or bytes that are no UTF-8")
        if len(name.encode()) > self._meter.limits.path_bytes:
            raise too_large(
                f"the path {quote_text(name)} is longer than {self._meter.limits.path_bytes} bytes"
            )
        try:
            os.fsencode(name)
        except UnicodeEncodeError:
            encoding = sys.getfilesystemencoding()
            raise _refused(name, f"cannot be written on this system, whose names are {encoding}") from None
        inside = name[match.end() :] if (match := _HERE.match(name)) else name
        parts = inside.removesuffix("/").split("/") if inside not in ("", ".") else []
        for part in parts:
            _check_part(part, name)
        if len(parts) > self._meter.limits.depth:
            raise too_large(f"{quote_text(name)} is nested deeper than {self._meter.limits.depth} folders")
        return parts

    def _remember(self, path: str, key: str, *, is_folder: bool) -> None:
        known, known_is_folder = self._seen.setdefault(key, (path, is_folder))
        if known != path:
            raise _duplicate(f"{quote_text(known)} and {quote_text(path)} are the same path on some systems")
        if known_is_folder != is_folder:
            raise _duplicate(f"{quote_text(path)} is both a file and a folder")
        if is_folder:
            return
        if key in self._files:
            raise _duplicate(f"{quote_text(path)} is there twice")
        self._files.add(key)


def _key(path: str) -> str:
    """Return what two paths have in common that some systems take for the same."""
    # The order in which Unicode defines a comparison without regard to case and to how accents are written.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def _check_part(part: str, name: str) -> None:
    if part == "..":
        raise _refused(name, "leads out of its folder with `..`")
    if part in ("", "."):
        raise _refused(name, "has an empty part")
    if match := _FORBIDDEN.search(part):
        raise _refused(name, f"holds a `{match[0]}`, which some systems have in no name")
    if part.endswith((".", " ")) or part.startswith(" "):
        raise _refused(name, "has a part that begins with a space, or ends with a space or dot")
    if _DEVICES.fullmatch(part):
        raise _refused(name, f"holds {quote_text(part)}, which names a device on some systems")
    if len(part.encode()) > _LONGEST_NAME:
        raise too_large(f"a name in {quote_text(name)} is longer than {_LONGEST_NAME} bytes")


def _refused(name: str, why: str) -> InstallError:
    return InstallError(
        "entry_name",
        f"the path {quote_text(name)} {why}",
        "a file of a plugin has a path inside the plugin, that every system can have; rename it",
    )


def _duplicate(message: str) -> InstallError:
    return InstallError("entry_duplicate", message, "keep one of the two")
