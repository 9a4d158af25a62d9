"""A plugin in a folder.

The folder is walked by descriptors and no link is followed, so that nobody who changes it meanwhile can lead the copy out of
it. Links are refused, those that stay inside as well: what is installed must not depend on where it came from.

Tools mark folders of what they can make again with a file `CACHEDIR.TAG` (https://bford.info/cachedir/), Cargo its `target` among
them. Of those only what the manifest names is a part of the plugin.
"""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from alas_installer._entry_names import EntryNames
from alas_installer._sources import PIECE, UNIX_KINDS, FileEntry, wrong_kind
from alas_manifest import read_file

_MARK_OF_CACHES = "CACHEDIR.TAG"
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER_FLAGS = _FLAGS | getattr(os, "O_DIRECTORY", 0)
# Opening a pipe would wait for somebody to write to it.
_FILE_FLAGS = _FLAGS | getattr(os, "O_NONBLOCK", 0)


class FolderSource:
    """A folder that a plugin is installed from."""

    archive_bytes = None

    def __init__(self, path: Path) -> None:
        """Take the folder; it may be a link to one."""
        self.path = path
        self._needed: frozenset[str] | None = None

    def files(self, names: EntryNames, scratch: Path) -> Iterator[FileEntry]:
        """Yield the files, in the order of their names."""
        del scratch
        descriptor = os.open(self.path, _FOLDER_FLAGS & ~getattr(os, "O_NOFOLLOW", 0))
        try:
            yield from self._walk(descriptor, "", names)
        finally:
            os.close(descriptor)

    def _walk(self, folder: int, prefix: str, names: EntryNames) -> Iterator[FileEntry]:
        with os.scandir(folder) as entries:
            found = sorted((entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries)
        if prefix and self._is_cache(folder, prefix, dict(found)):
            names.left_out.add(prefix.split("/")[-2])
            found = [(name, mode) for name, mode in found if f"{prefix}{name}" in self._needed_paths()]
        for name, mode in found:
            path = names.add(f"{prefix}{name}", is_folder=stat.S_ISDIR(mode))
            if path is None:
                continue
            if stat.S_ISDIR(mode):
                descriptor = self._open(folder, path, _FOLDER_FLAGS)
                try:
                    yield from self._walk(descriptor, f"{path}/", names)
                finally:
                    os.close(descriptor)
            elif stat.S_ISREG(mode):
                yield FileEntry(path, self._pieces(folder, path))
            else:
                raise wrong_kind(path, UNIX_KINDS.get(stat.S_IFMT(mode), "neither a file nor a folder"))

    def _is_cache(self, folder: int, prefix: str, modes: dict[str, int]) -> bool:
        """Say whether a folder is marked as one of what can be made again."""
        if not stat.S_ISREG(modes.get(_MARK_OF_CACHES, 0)):
            return False
        return next(self._pieces(folder, f"{prefix}{_MARK_OF_CACHES}"), b"").startswith(_SIGNATURE)

    def _needed_paths(self) -> frozenset[str]:
        """Return the paths that the manifest names, and those of the folders above them."""
        if self._needed is None:
            manifest = read_file(self.path).manifest
            named: list[PurePosixPath] = []
            if manifest is not None:
                implementation = manifest.implementation
                stated = [implementation.entrypoint or "", *implementation.sources]
                stated += [path for binary in implementation.binaries for path in binary.paths]
                named = [PurePosixPath(path) for path in stated]
            self._needed = frozenset(str(one) for path in named for one in (path, *path.parents))
        return self._needed

    def _pieces(self, folder: int, path: str) -> Iterator[bytes]:
        descriptor = self._open(folder, path, _FILE_FLAGS)
        try:
            # It may have been replaced since it was looked at.
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise wrong_kind(path, "no longer a file")
            while piece := os.read(descriptor, PIECE):
                yield piece
        finally:
            os.close(descriptor)

    def _open(self, folder: int, path: str, flags: int) -> int:
        """Open something in an opened folder; an error names all of its path."""
        try:
            return os.open(path.rpartition("/")[2], flags, dir_fd=folder)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise wrong_kind(path, "a link") from None
            raise OSError(error.errno, error.strerror, str(self.path / path)) from None
