"""The plugins that a user wants loaded in every run, kept in `state.json`."""

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from alas_registry._errors import RegistryError
from alas_registry._files import HeldError, held, read_regular_file, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable

STATE_FILE = "state.json"
_FORMAT = 1
_LARGEST_FILE = 1_000_000


class StateError(RegistryError):
    """What is remembered cannot be read or written.

    Attributes:
        file: the file.
    """

    code: ClassVar[str] = "state_error"

    def __init__(self, message: str, *, file: Path) -> None:
        super().__init__(message)
        self.file = file


class RememberedPlugins:
    """The names of the plugins that every run loads first.

    Several processes may change them at once: each change reads what is there, under a lock, and replaces the file as a whole.

    Example:
        >>> RememberedPlugins(Path("no-such-folder")).names()
        ()
    """

    def __init__(self, home: Path) -> None:
        """Take the folder of the user's settings.

        Args:
            home: the folder, as `alas_home` returns it; made when something is to be remembered.
        """
        self._file = home / STATE_FILE

    def names(self) -> tuple[str, ...]:
        """Return the names, in the order in which they were added.

        Raises:
            StateError: the file cannot be read, or is not of this form.
        """
        return tuple(self._read())

    def add(self, names: Iterable[str]) -> tuple[str, ...]:
        """Remember plugins.

        Args:
            names: their names; upper and lower case are the same.

        Returns:
            Those that were not remembered before.

        Raises:
            StateError: the file cannot be read or written; nothing has changed.
        """
        wanted: dict[str, str] = {}
        for name in names:
            wanted.setdefault(name.casefold(), name)

        def change(before: list[str]) -> list[str]:
            known = {name.casefold() for name in before}
            return [*before, *(name for key, name in wanted.items() if key not in known)]

        before, after = self._change(change)
        return tuple(after[len(before) :])

    def remove(self, names: Iterable[str]) -> tuple[str, ...]:
        """Forget plugins.

        Args:
            names: their names; upper and lower case are the same, and those that are not remembered change nothing.

        Returns:
            Those that were remembered.

        Raises:
            StateError: the file cannot be read or written; nothing has changed.
        """
        unwanted = {name.casefold() for name in names}
        before, after = self._change(
            lambda known: [name for name in known if name.casefold() not in unwanted]
        )
        return tuple(name for name in before if name not in after)

    def _change(self, change: "Callable[[list[str]], list[str]]") -> tuple[list[str], list[str]]:
        """Replace the names; return what they were and what they are."""
        with self._locked():
            before = self._read()
            after = change(before)
            if after != before:
                text = json.dumps({"format": _FORMAT, "loaded": after}, indent=2)
                try:
                    write_atomically(self._file, f"{text}\n".encode())
                except OSError as error:
                    raise self._error(f"cannot be written: {error.strerror or error}") from None
        return before, after

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(held(self._file))
            except HeldError as error:
                raise self._error(str(error.strerror).removeprefix("it ")) from None
            except OSError as error:
                raise self._error(f"cannot be written: {error.strerror or error}") from None
            yield

    def _read(self) -> list[str]:
        try:
            document = json.loads(read_regular_file(self._file, _LARGEST_FILE))
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            raise self._error("cannot be read: its folder is none; ALAS_HOME names it") from None
        except OSError as error:
            raise self._error(f"cannot be read: {error.strerror or error}") from None
        except json.JSONDecodeError as error:
            raise self._broken(f"is no JSON: line {error.lineno}, column {error.colno}") from None
        except (ValueError, RecursionError):
            raise self._broken("is no JSON text in UTF-8") from None
        if not isinstance(document, dict) or "format" not in document:
            raise self._broken('has no "format"')
        if document["format"] != _FORMAT:
            raise self._error(
                f"is of format {json.dumps(document['format'])[:20]}, written by another version of ALaS; this one knows "
                f"{_FORMAT}: use that version, or delete the file and load the plugins again"
            )
        names = document.get("loaded")
        if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
            raise self._broken('needs an array of names as "loaded"')
        return names

    def _broken(self, what: str) -> StateError:
        return self._error(f"{what}; mend it, or delete it and load the plugins again: alas-plugin load NAME")

    def _error(self, what: str) -> StateError:
        return StateError(f"the list of remembered plugins, {self._file}, {what}", file=self._file)
