"""What came of tests, as values."""

from dataclasses import dataclass
from typing import Literal

from alas_cli._plugin._testing.comparison import Difference
from alas_cli._plugin._testing.model import Call, CaseFile, Position

FailureKind = Literal["difference", "error", "no_error", "wrong_error", "timeout", "setup", "teardown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a test failed.

    Attributes:
        kind: in one word.
        message: in a sentence; may hold text of the plugin.
        call: the call that did it.
        expected: the whole result that was expected, when the kind is `difference`.
        found: the whole result, when the call returned one.
        difference: where the two part.
        error: what the call failed with.
    """

    kind: FailureKind
    message: str
    call: Call
    expected: object = None
    found: object = None
    difference: Difference | None = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one test.

    Attributes:
        plugin: the plugin's name.
        version: the plugin's version.
        file: the file of the test.
        name: the test's name; `teardown` for what ends a file and failed.
        position: where it stands.
        function: what was called.
        tags: the test's tags.
        milliseconds: how long it took, with its own setup and teardown.
        failure: why it failed; None when it passed.
        output: what the plugin printed, or the end of it.
        advice: what to do about the error that it failed with, where that is known.
    """

    plugin: str
    version: str
    file: CaseFile
    name: str
    position: Position
    function: str
    tags: tuple[str, ...] = ()
    milliseconds: float = 0.0
    failure: Failure | None = None
    output: str = ""
    advice: str | None = None

    @property
    def has_passed(self) -> bool:
        """Whether nothing was wrong."""
        return self.failure is None


def error_code(error: BaseException) -> str:
    """Return the code of what a call failed with; what a plugin in Python raised is a `native_error`."""
    code = getattr(error, "code", None)
    return code if isinstance(code, str) else "native_error"


def error_message(error: BaseException) -> str:
    """Return the message of what a call failed with."""
    message = getattr(error, "message", None)
    return message if isinstance(message, str) else f"{type(error).__name__}: {error}"
