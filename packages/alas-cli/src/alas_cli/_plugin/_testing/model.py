"""A file of tests, as values."""

from dataclasses import dataclass
from pathlib import Path

from alas_manifest import Duration, JsonValue


@dataclass(frozen=True, slots=True)
class Position:
    """Where in a file something stands.

    Attributes:
        file: the file, as it is shown.
        line: the line, from 1.
        column: the column, from 1.
    """

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """Return the position as compilers write it."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a file, which may be `null`."""

    value: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a function of the plugin."""

    function: str
    args: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedError:
    """The failure that a call should end in.

    Attributes:
        code: the error's code.
        message: what its message has to contain; None is anything.
    """

    code: str
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test.

    Attributes:
        name: what it proves, different for each test of a file.
        call: what is called.
        expected: what the call has to return, or how it has to fail.
        position: where it stands.
        timeout: how long each of its calls may take; None is what the command says.
        tags: words to choose tests by.
        setup: calls before it; if one fails, so does the test.
        teardown: calls after it, whatever came of it.
    """

    name: str
    call: Call
    expected: Given | ExpectedError
    position: Position
    timeout: Duration | None = None
    tags: tuple[str, ...] = ()
    setup: tuple[Call, ...] = ()
    teardown: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file of tests.

    Attributes:
        path: the file.
        shown: the file as it is shown: its path in the plugin's folder.
        cases: the tests, in their order.
        setup: calls before the first test.
        teardown: calls after the last test.
    """

    path: Path
    shown: str
    cases: tuple[Case, ...] = ()
    setup: tuple[Call, ...] = ()
    teardown: tuple[Call, ...] = ()
