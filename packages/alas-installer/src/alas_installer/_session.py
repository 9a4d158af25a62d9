"""One change of what is installed: alone, from a clean start, and with an error that people can read when it fails."""

import contextlib
import errno
from collections.abc import Iterator

from alas_installer import _durable as durable
from alas_installer._errors import InstallError
from alas_installer._layout import Layout
from alas_installer._settings import Settings
from alas_installer._state import State

_ADVICE = {
    errno.EACCES: "see the permissions of the file and of the folders it is in",
    errno.EPERM: "see the permissions of the file and of the folders it is in",
    errno.EROFS: "set ALAS_HOME to a folder that can be written to",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room: all that you may use of the disk is used",
    errno.EIO: "the disk, or its connection, may be failing",
}


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn what the operating system refuses into an `InstallError`."""
    try:
        yield
    except OSError as error:
        raise InstallError("io_error", describe(error), _ADVICE.get(error.errno or 0)) from error


def describe(error: OSError) -> str:
    """Return what the operating system has refused, and where."""
    names = [str(name) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)]
    place = f"{' to '.join(names)}: " if names else ""
    return f"{place}{error.strerror or error}"


@contextlib.contextmanager
def session(state: State, settings: Settings) -> Iterator[None]:
    """Have everything to oneself, and leave nothing unfinished behind.

    Args:
        state: what is installed.
        settings: how long to wait for others, and whom to tell.

    Raises:
        InstallError: another one does not end in time, or the operating system refuses something.
    """
    layout = state.layout
    with explained():
        for folder in (layout.store, layout.generations, layout.staging):
            durable.make_folder(folder)
        with _locked(layout, settings):
            state.clear_staging()
            try:
                yield
            finally:
                # What cannot be removed now is removed by the next one.
                with contextlib.suppress(OSError):
                    state.clear_staging()


@contextlib.contextmanager
def _locked(layout: Layout, settings: Settings) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(str(layout.lock))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if settings.on_wait is not None:
            settings.on_wait()
        try:
            lock.acquire(timeout=settings.lock_timeout)
        except Timeout:
            message = f"another installation did not end within {settings.lock_timeout:g} seconds"
            raise InstallError("busy", message, "try again when it has ended") from None
    try:
        yield
    finally:
        lock.release()
