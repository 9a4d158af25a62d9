"""Writing so that it outlasts a power cut: contents first, then the names that lead to them.

Everything that the installer writes goes through here.
"""

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

_FOLDER_MODE, _FILE_MODE = 0o755, 0o644


def make_folder(folder: Path) -> None:
    """Make a folder, and the folders above it, where they are absent.

    Raises:
        FileExistsError: something else has the name.
        OSError: it cannot be made.
    """
    missing = []
    above = folder
    while not above.is_dir():
        missing.append(above)
        above = above.parent
    for one in reversed(missing):
        try:
            one.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        except FileExistsError:
            raise FileExistsError(errno.EEXIST, "it is no folder, and has to be one", str(one)) from None
        sync(one.parent)


def make_inner_folder(folder: Path) -> None:
    """Make a folder of a plugin, with the permissions that all have."""
    folder.mkdir(mode=_FOLDER_MODE)
    # The process may have been told to take permissions away from what it makes.
    folder.chmod(_FOLDER_MODE)


def write_file(file: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file; nothing may be there. It is not durable before `sync` or `sync_tree`."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(file, flags | getattr(os, "O_BINARY", 0), _FILE_MODE)
    try:
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)
    file.chmod(_FILE_MODE)


def make_link(link: Path, text: str) -> None:
    """Make a symbolic link."""
    link.symlink_to(text)


def rename(source: Path, target: Path) -> None:
    """Give something another name, in one step and for good; a link or file at the target is replaced."""
    source.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems cannot do it for folders, and say so.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make all files and folders in a folder durable, and the folder itself."""
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            sync_tree(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            sync(Path(entry.path))
    sync(folder)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it; whatever is absent is fine."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(path.lstat().st_mode):
            shutil.rmtree(path)
        else:
            path.unlink()
