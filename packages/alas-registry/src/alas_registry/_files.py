"""Reading and writing the small files of a user's home."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

_LOCK_SECONDS = 10.0


class TooLargeError(OSError):
    """A file is larger than it may be."""


class HeldError(OSError):
    """A file is being changed by another process, which does not end."""


@contextlib.contextmanager
def held(file: Path) -> Iterator[None]:
    """Keep other processes from changing a file that is read, changed and replaced; its folder is made if need be.

    Args:
        file: the file; the lock is another one, beside it.

    Raises:
        HeldError: another process holds it for too long.
        OSError: the folder or the lock cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(f"{file}.lock", timeout=_LOCK_SECONDS, mode=0o600)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        what = f"it is held by another process, through {lock.lock_file}; try again when that has ended"
        raise HeldError(0, what) from None
    try:
        yield
    finally:
        lock.release()


def read_regular_file(path: Path, largest: int) -> bytes:
    """Return the content of a file that is nothing else: no folder, no pipe, no device.

    Args:
        path: the file.
        largest: how many bytes it may hold.

    Raises:
        FileNotFoundError: there is nothing of that name.
        TooLargeError: it holds more.
        OSError: it cannot be read, or is something else.
    """
    try:
        # Without O_NONBLOCK opening a pipe would wait for its writer.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        if path.is_symlink():
            raise OSError(0, "it is a link that leads nowhere") from None
        raise
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(0, "it is a folder" if stat.S_ISDIR(mode) else "it is no regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            content = stream.read(largest + 1)
    finally:
        os.close(descriptor)
    if len(content) > largest:
        raise TooLargeError(0, f"it is larger than {largest:,} bytes")
    return content


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file, so that whoever reads it finds the old content or the new, also after a loss of power.

    Args:
        path: the file; only its owner may read the new one.
        content: what it will hold.

    Raises:
        OSError: it cannot be written; the old one is as it was.
    """
    import tempfile

    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    make_durable(path.parent)


def make_durable(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system knows how.

    Args:
        folder: the folder.

    Raises:
        OSError: it cannot be done.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
