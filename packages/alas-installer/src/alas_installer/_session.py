"""One change of what is installed: alone, from a clean start, and with an error that people can read when it fails."""

import contextlib
import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_installer import _durable as durable
from alas_installer._errors import InstallError
from alas_installer._layout import Layout
from alas_installer._settings import Settings
from alas_installer._state import State
from alas_registry import SettingsStore

if TYPE_CHECKING:
    from filelock import BaseFileLock

_MOST_TRIES = 5
_ADVICE = {
    errno.EACCES: "see the permissions of the file and of the folders it is in",
    errno.EEXIST: "move it away, and try again",
    errno.ENOTDIR: "move away what is there instead of a folder, and try again",
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
    _check_system()
    with explained():
        absent = [folder for folder in (layout.root, layout.plugins, layout.home) if not folder.exists()]
        with _locked(layout, settings):
            for folder in (layout.store, layout.generations, layout.staging):
                durable.make_folder(folder)
            state.clear_staging()
            # What was granted with the generation in force has to stay when another one replaces it.
            SettingsStore(layout.home).settle()
            try:
                yield
            finally:
                # What cannot be removed now is removed by the next one.
                with contextlib.suppress(OSError):
                    state.clear_staging()
                    if absent and state.current_number() is None:
                        _remove_empty(layout, absent)


def _check_system() -> None:
    """Refuse a system that cannot keep a folder that is copied from being exchanged for a link, above all Windows."""
    if os.open not in os.supports_dir_fd or os.scandir not in os.supports_fd:
        message = "plugins cannot be installed on this system, which opens files by their whole paths only"
        raise InstallError(
            "io_error", message, "put the plugin's folder into the folder of the plugins by hand"
        )


def _remove_empty(layout: Layout, absent: Sequence[Path]) -> None:
    """Remove the folders that were made for a first installation that came to nothing, where nothing else is in them."""
    for folder in (layout.store, layout.generations, layout.staging):
        folder.rmdir()
    # Whoever waits for this lock finds that its file has gone, and makes another.
    layout.lock.unlink()
    for folder in absent:
        folder.rmdir()


@contextlib.contextmanager
def _locked(layout: Layout, settings: Settings) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(str(layout.lock))
    try:
        _acquire(lock, layout, 0)
    except Timeout:
        if settings.on_wait is not None:
            settings.on_wait()
        try:
            _acquire(lock, layout, settings.lock_timeout)
        except Timeout:
            plural = "" if settings.lock_timeout == 1 else "s"
            message = f"another installation did not end within {settings.lock_timeout:g} second{plural}"
            raise InstallError("busy", message, "try again when it has ended") from None
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: "BaseFileLock", layout: Layout, timeout: float) -> None:
    for tries_left in reversed(range(_MOST_TRIES)):
        durable.make_folder(layout.root)
        try:
            lock.acquire(timeout=timeout)
        except FileNotFoundError:
            # Somebody else's first installation came to nothing, and its folders have gone.
            if not tries_left:
                raise
        else:
            return
