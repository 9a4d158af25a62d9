"""A plugin in a folder.

The folder is walked by descriptors and no link is followed, so that nobody who changes it meanwhile can lead the copy out of
it. Links are refused, those that stay inside as well: what is installed must not depend on where it came from.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from alas_installer._entry_names import EntryNames
from alas_installer._sources import PIECE, FileEntry, wrong_kind

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER_FLAGS = _FLAGS | getattr(os, "O_DIRECTORY", 0)
# Opening a pipe would wait for somebody to write to it.
_FILE_FLAGS = _FLAGS | getattr(os, "O_NONBLOCK", 0)
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class FolderSource:
    """A folder that a plugin is installed from."""

    archive_bytes = None

    def __init__(self, path: Path) -> None:
        """Take the folder; it may be a link to one."""
        self.path = path

    def files(self, names: EntryNames, scratch: Path) -> Iterator[FileEntry]:
        """Yield the files, in the order of their names."""
        del scratch
        descriptor = os.open(self.path, _FOLDER_FLAGS & ~getattr(os, "O_NOFOLLOW", 0))
        try:
            yield from _walk(descriptor, "", names)
        finally:
            os.close(descriptor)


def _walk(folder: int, prefix: str, names: EntryNames) -> Iterator[FileEntry]:
    with os.scandir(folder) as entries:
        found = sorted((entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries)
    for name, mode in found:
        path = names.add(f"{prefix}{name}", is_folder=stat.S_ISDIR(mode))
        if path is None:
            continue
        if stat.S_ISDIR(mode):
            descriptor = os.open(name, _FOLDER_FLAGS, dir_fd=folder)
            try:
                yield from _walk(descriptor, f"{path}/", names)
            finally:
                os.close(descriptor)
        elif stat.S_ISREG(mode):
            yield FileEntry(path, _pieces(folder, name, path))
        else:
            raise wrong_kind(path, _KINDS.get(stat.S_IFMT(mode), "neither a file nor a folder"))


def _pieces(folder: int, name: str, path: str) -> Iterator[bytes]:
    descriptor = os.open(name, _FILE_FLAGS, dir_fd=folder)
    try:
        # It may have been replaced since it was looked at.
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise wrong_kind(path, "no longer a file")
        while piece := os.read(descriptor, PIECE):
            yield piece
    finally:
        os.close(descriptor)
