"""What plugins are installed from: a folder, a `.zip`, a `.tar.gz`.

A source yields the files of a plugin, with paths that are checked already, piece by piece, so that whoever copies them can
stop at any moment. Nothing that it says about itself is believed before it was counted.
"""

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from alas_installer._entry_names import EntryNames
from alas_installer._errors import InstallError
from alas_installer._limits import Limits, too_large
from alas_manifest import MANIFEST_FILE, ByteSize, quote_text

PIECE = 1 << 16
SUPPORTED = "plugins are installed from a folder, a .zip or a .tar.gz"

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|git@|[\w.-]+@[\w.-]+:")
_ARCHIVE_ENDINGS = (
    ".tar", ".tar.xz", ".txz", ".tar.bz2", ".tbz", ".tbz2", ".tar.zst", ".tzst", ".gz", ".xz", ".bz2", ".7z", ".rar", ".whl",
    ".jar", ".deb", ".rpm", ".alas.json", ".json",
)  # fmt: skip

# How archives begin, and how their names end.
_MARKS = ((b"PK\3\4", "a zip archive", (".zip",)), (b"\x1f\x8b", "packed with gzip", (".tar.gz", ".tgz")))
_LONGEST_MARK = 4

# What else than a file or folder can be in a folder, as Unix has it.
UNIX_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a plugin: its `path` inside the source, and the `pieces` of its content."""

    path: str
    pieces: Iterator[bytes]


class Source(Protocol):
    """What a plugin is installed from.

    Attributes:
        path: what the user has named, or the folder that this means.
        archive_bytes: the size of the archive; None for a folder.
    """

    @property
    def path(self) -> Path:
        """What the user has named, or the folder that this means."""
        ...

    @property
    def archive_bytes(self) -> int | None:
        """The size of the archive; None for a folder."""
        ...

    def files(self, names: EntryNames, scratch: Path) -> Iterator[FileEntry]:
        """Yield the files; those that are left out are not among them.

        Args:
            names: checks the paths.
            scratch: a folder for intermediate files.
        """
        ...


def find_source(stated: str, limits: Limits) -> Source:
    """Find out what a user has named.

    Args:
        stated: a path.
        limits: how large an archive may be.

    Returns:
        The source. Of an archive, nothing was read yet.

    Raises:
        InstallError: plugins cannot be installed from it.
        OSError: it cannot be looked at.
    """
    if _ADDRESS.match(stated):
        raise InstallError(
            "source_unsupported",
            f"{quote_text(stated)} is an address; {SUPPORTED} on this machine",
            "download it first",
        )
    if not stated or "\0" in stated:
        raise InstallError("source_not_found", f"there is no file or folder {quote_text(stated)}", SUPPORTED)
    path = Path(stated)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise _not_found(path, stated) from None
    if stat.S_ISREG(mode) and path.name == MANIFEST_FILE:
        path, mode = path.parent, stat.S_IFDIR
    if stat.S_ISDIR(mode):
        from alas_installer._folder_source import FolderSource

        return FolderSource(path)
    if not stat.S_ISREG(mode):
        raise InstallError(
            "source_unsupported", f"{quote_text(stated)} is neither a file nor a folder", SUPPORTED
        )
    return _archive(path, stated, limits)


def _archive(path: Path, stated: str, limits: Limits) -> Source:
    name = path.name.lower()
    size = path.stat().st_size
    if not name.endswith((".zip", ".tar.gz", ".tgz")):
        raise _unsupported(path, stated)
    if size > limits.archive_bytes:
        raise too_large(f"the archive is larger than {ByteSize(limits.archive_bytes)}")
    _check_beginning(path, stated)
    if name.endswith(".zip"):
        from alas_installer._zip_source import ZipSource

        return ZipSource(path, size)
    from alas_installer._tar_source import TarSource

    return TarSource(path, size)


def _check_beginning(path: Path, stated: str) -> None:
    """Refuse an archive whose name says another kind than its content."""
    with path.open("rb") as stream:
        beginning = stream.read(_LONGEST_MARK)
    for mark, what, endings in _MARKS:
        if beginning.startswith(mark) and not path.name.lower().endswith(endings):
            message = f"{quote_text(stated)} is {what}, whatever its name says"
            raise InstallError("archive_damaged", message, f"give it a name that ends with {endings[0]}")


def _unsupported(path: Path, stated: str) -> InstallError:
    name = path.name.lower()
    ending = next((one for one in _ARCHIVE_ENDINGS if name.endswith(one)), "")
    beside = path.parent / MANIFEST_FILE
    if beside.is_file():
        advice = f"name the folder of the plugin: {path.parent}"
    elif ending and not ending.endswith("json"):
        advice = f"unpack it, and name the folder with its {MANIFEST_FILE}"
    else:
        advice = f"name the folder with its {MANIFEST_FILE}"
    what = f"a {ending} file" if ending else "a file of another kind"
    return InstallError("source_unsupported", f"{quote_text(stated)} is {what}; {SUPPORTED}", advice)


def _not_found(path: Path, stated: str) -> InstallError:
    from alas_manifest import nearest_name

    try:
        names = [one.name for one in path.parent.iterdir()]
    except OSError:
        names = []
    near = nearest_name(path.name[:64], names)
    advice = f"did you mean {quote_text(str(path.parent / near))}?" if near is not None else SUPPORTED
    return InstallError("source_not_found", f"there is no file or folder {quote_text(stated)}", advice)


class BoundedReader:
    """A file of which no large part can be asked for at once, whatever a length in it says."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        """Wrap a file.

        Args:
            stream: the file.
            most: how many bytes can be read at once.
        """
        self._stream = stream
        self._most = most

    def read(self, count: int = -1) -> bytes:
        """Read bytes.

        Raises:
            InstallError: these would be too many.
        """
        data = self._stream.read(count if 0 <= count <= self._most else self._most + 1)
        if len(data) > self._most:
            raise too_large("the archive has headers larger than a plugin needs")
        return data

    def seek(self, position: int, whence: int = 0) -> int:
        """Go to a position."""
        return self._stream.seek(position, whence)

    def tell(self) -> int:
        """Return the position."""
        return self._stream.tell()

    def seekable(self) -> bool:
        """Say that `seek` works."""
        return True


def pieces_of(stream: IO[bytes], start: int, count: int) -> Iterator[bytes]:
    """Yield a part of a file that others may read in between.

    Args:
        stream: the file.
        start: where the part begins.
        count: how many bytes it has.

    Raises:
        EOFError: the file ends before it.
    """
    position, end = start, start + count
    while position < end:
        stream.seek(position)
        piece = stream.read(min(PIECE, end - position))
        if not piece:
            raise EOFError("it is cut off")
        position += len(piece)
        yield piece


def damaged(path: Path, why: str) -> InstallError:
    """Return the error that an archive is not as it has to be."""
    return InstallError(
        "archive_damaged", f"the archive {quote_text(str(path))} {why}", "fetch it, or pack it, again"
    )


def wrong_kind(name: str, what: str) -> InstallError:
    """Return the error that an entry is neither a file nor a folder."""
    return InstallError(
        "entry_kind",
        f"{quote_text(name)} is {what}; a plugin holds only files and folders",
        "put the file itself into the plugin, or leave it out",
    )
