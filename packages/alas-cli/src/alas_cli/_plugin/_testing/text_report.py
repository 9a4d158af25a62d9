"""The results of tests as text for people, while they come in."""

import reprlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._documents import exact_json
from alas_cli._excerpts import Texts
from alas_cli._plugin._testing.comparison import NOTHING, Difference
from alas_cli._plugin._testing.results import Failure, Result
from alas_cli._rendering import Row, print_rows, render_run_error
from alas_interp import RunError
from alas_manifest import escape_text, quote_text

if TYPE_CHECKING:
    from typing import TextIO

_GOOD, _BAD, _QUIET, _STRONG, _PLAIN = "green", "bold red", "dim", "bold", ""
_LONGEST_VALUE, _LONGEST_OUTPUT = 400, 2000


class TextReport:
    """Prints results as they come, and a summary at the end."""

    def __init__(self, *, slowest: int, stream: "TextIO | None" = None) -> None:
        """Make a report.

        Args:
            slowest: of how many of the slowest tests the summary tells the time.
            stream: where it goes; None is standard output.
        """
        self._slowest = slowest
        self._stream = stream if stream is not None else sys.stdout
        self._plugin = ""
        self._file = ""

    def add(self, result: Result) -> None:
        """Print what came of a test."""
        rows: list[Row] = []
        plugin = f"{result.plugin} {result.version}"
        if plugin != self._plugin:
            self._plugin, self._file = plugin, ""
            rows.append([(plugin, _STRONG)])
        if result.file.shown != self._file:
            self._file = result.file.shown
            rows.append([(f"  {escape_text(self._file)}", _PLAIN)])
        if result.failure is None:
            rows.append([("    passed  ", _GOOD), (escape_text(result.name), _PLAIN)])
        else:
            rows.append([("    FAILED  ", _BAD), (escape_text(result.name), _STRONG)])
            rows += [[("      ", _PLAIN), *row] for row in _explain(result, result.failure)]
        print_rows(rows, self._stream)
        self._stream.flush()

    def finish(self, results: Sequence[Result], seconds: float, left_out: int) -> None:
        """Print the summary.

        Args:
            results: of all tests.
            seconds: how long all took.
            left_out: how many tests were not chosen.
        """
        rows: list[Row] = []
        if self._slowest:
            slowest = sorted(results, key=lambda result: -result.milliseconds)[: self._slowest]
            rows.append([("slowest:", _STRONG)])
            rows += [
                [(f"  {result.milliseconds:9.1f} ms  ", _PLAIN), (_full_name(result), _PLAIN)]
                for result in slowest
            ]
        failed = sum(not result.has_passed for result in results)
        counts = [(f"{failed} failed", _BAD)] if failed else []
        counts.append((f"{len(results) - failed} passed", _GOOD))
        if left_out:
            counts.append((f"{left_out} not chosen", _QUIET))
        row: Row = []
        for count in counts:
            row += [(", ", _PLAIN), count] if row else [count]
        rows.append([*row, (f" in {seconds:.2f} s", _PLAIN)])
        print_rows(rows, self._stream)
        self._stream.flush()


def _full_name(result: Result) -> str:
    return escape_text(f"{result.plugin}, {result.file.shown}: {result.name}")


def failure_text(result: Result, failure: Failure) -> str:
    """Return why a test failed as plain lines."""
    return "\n".join("".join(piece for piece, _ in row) for row in _explain(result, failure))


def _explain(result: Result, failure: Failure) -> list[Row]:
    arguments = ", ".join(_value(argument) for argument in failure.call.args)
    rows: list[Row] = [
        [("at: ", _QUIET), (escape_text(str(result.position)), _QUIET)],
        [("call: ", _QUIET), (escape_text(f"{failure.call.function}({arguments})"), _PLAIN)],
    ]
    if failure.difference is not None:
        rows += _difference(failure, failure.difference)
    else:
        rows.append([(escape_text(failure.message), _PLAIN)])
    if failure.kind == "error":
        rows.append([("expected: ", _QUIET), (_value(failure.expected), _PLAIN)])
    if failure.kind == "no_error":
        rows.append([("found:    ", _QUIET), (_value(failure.found), _PLAIN)])
    if isinstance(failure.error, RunError) and failure.error.line:
        rows += render_run_error(_from_here(failure.error), Texts(), more=result.advice)
    if result.output:
        rows.append([("printed:", _QUIET)])
        rows += [[(f"  {escape_text(line)}", _PLAIN)] for line in _last(result.output).splitlines()]
    return rows


def _from_here(error: RunError) -> RunError:
    """Return an error whose file is written as seen from the current folder, where it lies in that."""
    if error.file is None or not Path(error.file).is_relative_to(Path.cwd()):
        return error
    file = str(Path(error.file).relative_to(Path.cwd()))
    shown = RunError(error.message, error.place._replace(file=file), error.stack)
    shown.code = error.code
    return shown


def _difference(failure: Failure, difference: Difference) -> list[Row]:
    rows: list[Row] = []
    if difference.path:
        where = f"differs at {escape_text(difference.path)}: "
        pair = f"expected {_value(difference.expected)}, found {_value(difference.found)}"
        rows.append([(where, _STRONG), (pair, _PLAIN)])
    rows.append([("expected: ", _QUIET), (_value(failure.expected), _PLAIN)])
    rows.append([("found:    ", _QUIET), (_value(failure.found), _PLAIN)])
    if difference.reason is not None:
        rows.append([(difference.reason, _QUIET)])
    return rows


def _value(value: object) -> str:
    """Return a value as JSON, safe to print, shortened in its middle when it is long."""
    if value is NOTHING:
        return repr(NOTHING)
    text = readable_json(value)
    if len(text) > _LONGEST_VALUE:
        text = f"{text[: _LONGEST_VALUE // 2]} … {text[-_LONGEST_VALUE // 2 :]}"
    return escape_text(text)


def readable_json(value: object) -> str:
    """Return a value as JSON, with the letters of all scripts as they are."""
    import json

    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (ValueError, RecursionError, TypeError):
        pass
    try:
        return exact_json(value)
    except TypeError:
        return quote_text(reprlib.repr(value))


def _last(output: str) -> str:
    return output if len(output) <= _LONGEST_OUTPUT else f"…{output[-_LONGEST_OUTPUT:]}"


def outcome_summary(failure: Failure) -> str:
    """Return why a test failed in one line."""
    if failure.difference is None:
        return escape_text(failure.message)
    where = f"at {escape_text(failure.difference.path)}: " if failure.difference.path else ""
    return f"{where}expected {_value(failure.difference.expected)}, found {_value(failure.difference.found)}"
