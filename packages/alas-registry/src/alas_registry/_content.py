"""What a plugin's folder holds, and its hash: the same for the same files, wherever they came from.

The hash is the SHA-256 of a listing in UTF-8 (bytes of a path that are no UTF-8 stand as they are): the line
`alas plugin content 1`, then a line for each file, in the order of the bytes of their paths:

    <SHA-256 of the content, in hexadecimal> <size in bytes> <length of the path in bytes> <path>

A path is relative to the folder, with `/` between its parts. Lengths stand before what they measure, so that no two folders
have the same listing, and the first line keeps it apart from all else that is hashed. Times, owners, permissions, empty
folders and the kind of archive that a plugin came in do not count. What is neither a file nor a folder, a link for example,
counts as a file of size -1; no installed plugin holds one.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_FIRST_LINE = b"alas plugin content 1\n"
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)
_PIECE = 1 << 20
_NO_FILE = -1
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file in a folder: its `size` in bytes and the `sha256` of its content, in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a folder holds.

    Attributes:
        files: the files, by their paths inside the folder.
    """

    files: Mapping[str, FileRecord]

    @property
    def listing(self) -> bytes:
        """The listing, as the module describes it."""
        lines = [_FIRST_LINE]
        by_bytes = {os.fsencode(path): record for path, record in self.files.items()}
        for path, record in sorted(by_bytes.items()):
            lines.append(b"%s %d %d %s\n" % (record.sha256.encode(), record.size, len(path), path))
        return b"".join(lines)

    @property
    def hash(self) -> str:
        """The SHA-256 of the listing, in hexadecimal."""
        return hashlib.sha256(self.listing).hexdigest()

    def differences(self, other: "Content") -> list[str]:
        """Say how another content differs from this one: `changed PATH`, `added PATH`, `removed PATH`, in order."""
        found = []
        for path in sorted({*self.files, *other.files}):
            mine, theirs = self.files.get(path), other.files.get(path)
            if mine != theirs:
                word = "added" if mine is None else "removed" if theirs is None else "changed"
                found.append(f"{word} `{path}`")
        return found


def read_content(folder: str | os.PathLike[str]) -> Content:
    """Read what a folder holds.

    Args:
        folder: the folder; it may be a link to one.

    Returns:
        Its files. Nothing that could block is opened, and no link inside is followed.

    Raises:
        OSError: something in it cannot be read.
    """
    return Content(dict(_files(os.fspath(folder), "")))


def parse_listing(listing: bytes) -> Content | None:
    """Read a listing.

    Args:
        listing: what `Content.listing` has returned.

    Returns:
        The content, or None when it is not a listing.
    """
    if not listing.startswith(_FIRST_LINE):
        return None
    files = {}
    position = len(_FIRST_LINE)
    try:
        while position < len(listing):
            sha256, size, length, rest = listing[position:].split(b" ", 3)
            path = rest[: int(length)]
            files[os.fsdecode(path)] = FileRecord(int(size), sha256.decode())
            position += len(sha256) + len(size) + len(length) + 3 + len(path) + 1
    except ValueError:
        return None
    content = Content(files)
    return content if content.listing == listing else None


def _files(folder: str, prefix: str) -> Iterator[tuple[str, FileRecord]]:
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        path = f"{prefix}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            yield path, _read_file(entry.path)
        else:
            yield path, FileRecord(_NO_FILE, _NO_HASH)


def _read_file(file: str) -> FileRecord:
    descriptor = os.open(file, _FLAGS | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return FileRecord(_NO_FILE, _NO_HASH)
        digest, size = hashlib.sha256(), 0
        while piece := os.read(descriptor, _PIECE):
            digest.update(piece)
            size += len(piece)
    finally:
        os.close(descriptor)
    return FileRecord(size, digest.hexdigest())
