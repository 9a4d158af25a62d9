"""The user's `config.toml` as a text, and how it changes in one step with what is installed.

An installation that changes what plugins are granted keeps the new text in the folder of its generation, beside the text that it was
made from. From the moment in which that generation is in force, the new text is read in place of the old one; then it is moved
there. So whatever stops it, and whenever, the old plugins have what they were granted, and the new ones what was agreed to.

The new text counts only as long as the file is what it was made from: what somebody has written since is not overwritten.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from alas_registry._files import held, make_durable, read_regular_file, write_atomically
from alas_registry._installed_place import CURRENT
from alas_registry._search_paths import INSTALLED_FOLDER

LARGEST_FILE = 64 * 1024
# No plugin can be called so, whose names stand beside them.
_NEW, _OLD = ".config.toml", ".config.toml.before"


class SettingsText(Protocol):
    """A text of settings that can be read and replaced."""

    def read(self) -> bytes:
        """Return what it says.

        Raises:
            FileNotFoundError: there is none.
            OSError: it cannot be read.
        """
        ...

    def write(self, content: bytes) -> None:
        """Replace it.

        Raises:
            OSError: it cannot be written; it is as it was.
        """
        ...

    def changing(self) -> AbstractContextManager[None]:
        """Keep others from changing it between reading and writing.

        Raises:
            OSError: that cannot be done.
        """
        ...


class _Staged(NamedTuple):
    """What an installation keeps beside its plugins.

    Attributes:
        folder: the folder of the generation.
        new: what the file is to hold.
        old: what it held; nothing is the same as no file.
    """

    folder: Path
    new: bytes
    old: bytes


class SettingsStore:
    """The text of the user's settings on the disk.

    Attributes:
        file: the `config.toml`.
    """

    def __init__(self, home: Path) -> None:
        """Take where it is; nothing is read yet.

        Args:
            home: the folder of the user's settings.
        """
        self.file = home / "config.toml"
        self._generation = home / "plugins" / INSTALLED_FOLDER / CURRENT

    def read(self) -> bytes:
        """Return the text in force. See `SettingsText.read`."""
        # In this order: what is staged may be moved to the file meanwhile, and then the file is right.
        staged = self._staged()
        try:
            content = read_regular_file(self.file, LARGEST_FILE)
        except FileNotFoundError:
            if staged is None or staged.old:
                raise
            content = b""
        return staged.new if staged is not None and staged.old == content else content

    def write(self, content: bytes) -> None:
        """Replace the file. See `SettingsText.write`."""
        # A link to where somebody keeps such files stays one.
        write_atomically(self.file.resolve(), content)

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the file, after an installation that was stopped is brought to its end. See `SettingsText.changing`."""
        with held(self.file):
            self.finish_staged()
            yield

    def settle(self) -> None:
        """Bring an installation to its end that was stopped behind its switch.

        Raises:
            OSError: the file cannot be written.
        """
        if self._staged() is not None:
            with self.changing():
                pass

    def _staged(self) -> _Staged | None:
        """Return what the generation in force keeps; None when that is nothing, as nearly always."""
        if not os.path.lexists(self._generation / _NEW):
            return None
        # One folder for both, so that an installation that ends now does not come in between.
        folder = Path(os.path.realpath(self._generation))
        try:
            new, old = (read_regular_file(folder / name, LARGEST_FILE) for name in (_NEW, _OLD))
        except FileNotFoundError:
            return None
        return _Staged(folder, new, old)

    def finish_staged(self) -> None:
        """Put in place what the generation in force keeps, while the file is held.

        Raises:
            OSError: the file cannot be written.
        """
        staged = self._staged()
        if staged is None:
            return
        try:
            content = read_regular_file(self.file, LARGEST_FILE)
        except FileNotFoundError:
            content = b""
        if staged.old == content:
            self._put_in_place(staged)
        SettingsDraft.clear(staged.folder)

    def _put_in_place(self, staged: _Staged) -> None:
        """Move what is staged to the file, which ends both its being staged and what it replaces in one step."""
        target = self.file.resolve()
        try:
            (staged.folder / _NEW).replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # Settings that are kept on another disk are a copy, for which one step is not enough.
            write_atomically(target, staged.new)
        make_durable(target.parent)


class SettingsDraft:
    """New settings, which are put in force in one step with a generation of installed plugins.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as home, SettingsDraft.begun(Path(home)) as draft:
        ...     draft.is_changed
        False
    """

    def __init__(self, store: SettingsStore, content: bytes) -> None:
        """Begin with what the file holds. `begun` is the usual way."""
        self._store = store
        self._old = self._new = content

    @classmethod
    @contextlib.contextmanager
    def begun(cls, home: Path) -> Iterator[Self]:
        """Begin a draft; nobody else changes the settings meanwhile.

        Args:
            home: the folder of the user's settings.

        Raises:
            OSError: the file cannot be read or written.
        """
        store = SettingsStore(home)
        with store.changing():
            try:
                content = read_regular_file(store.file, LARGEST_FILE)
            except FileNotFoundError:
                content = b""
            yield cls(store, content)

    @property
    def is_changed(self) -> bool:
        """Whether it says anything new."""
        return self._new != self._old

    def read(self) -> bytes:
        """Return what it says. See `SettingsText.read`."""
        return self._new

    def write(self, content: bytes) -> None:
        """Say something else. See `SettingsText.write`."""
        if not os.access(self._store.file.resolve().parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        self._new = content

    def changing(self) -> AbstractContextManager[None]:
        """Return nothing to wait for, since nobody else has it. See `SettingsText.changing`."""
        return contextlib.nullcontext()

    def stage(self, folder: Path) -> None:
        """Keep it in the folder of a generation that is not in force yet, in place of what may have been left there.

        Args:
            folder: the folder.

        Raises:
            OSError: it cannot be written.
        """
        self.clear(folder)
        if self.is_changed:
            write_atomically(folder / _OLD, self._old)
            write_atomically(folder / _NEW, self._new)

    def apply(self) -> None:
        """Put it in force at once, where no generation changes with it.

        Raises:
            OSError: the file cannot be written; it is as it was.
        """
        self._store.write(self._new)
        self._old = self._new

    def finish(self) -> None:
        """Put it in place, once its generation is in force.

        Raises:
            OSError: the file cannot be written; what the generation keeps is read in its place.
        """
        self._store.finish_staged()

    @staticmethod
    def clear(folder: Path) -> None:
        """Remove what was kept in the folder of a generation.

        Args:
            folder: the folder.

        Raises:
            OSError: it cannot be removed.
        """
        for name in (_NEW, _OLD):
            (folder / name).unlink(missing_ok=True)
