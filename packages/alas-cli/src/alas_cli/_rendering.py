"""From findings and run-time errors to text for people, in the one place that does so.

A text is made of rows of pieces, each with a style. Terminals get it in colour from rich, all others as it is. Whatever comes
from a program or a manifest is escaped, so that it cannot drive a terminal.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from alas_cli._excerpts import Texts, excerpt
from alas_manifest import escape_text

if TYPE_CHECKING:
    from alas_core.errors import Frame, RunError
    from alas_manifest import Diagnostic

Row = list[tuple[str, str]]

STYLES = {"error": "bold red", "warning": "bold yellow"}
PLAIN, STRONG, QUIET, ADVICE = "", "bold", "dim", "cyan"
_MARK = "bold red"
_FIRST_FRAMES, _LAST_FRAMES = 8, 3

# What to do about a run-time error, where the code alone says it.
_ADVICE_BY_CODE = {
    "division_by_zero": "test the divisor before dividing",
    "index_out_of_bounds": "positions run from 0 to the length less one; `array.get` takes a default",
    "key_not_found": "ask with `map.contains`, or give `map.get` a default",
    "call_depth_exceeded": "end the recursion earlier, or use a loop",
    "timeout": "the limit of a plugin is set in its manifest and in `[limits]` of the settings",
    "memory_limit_exceeded": "the limit of a plugin is set in its manifest and in `[limits]` of the settings",
    "type_error": "`type.typeOf` names the kind of a value, and `type.toInt` and the like convert it",
    "value_error": "`result.try` turns an error into a Result that the program can handle",
}
# The same where the command has options for the limits.
_ADVICE_BY_LIMIT = {
    "call_depth_exceeded": "end the recursion earlier, use a loop, or raise the limit with -max-depth",
    "step_limit_exceeded": "the limit is set with -max-steps",
    "timeout": "the limit is set with -timeout, that of a plugin in its manifest and in `[limits]` of the settings",
    "memory_limit_exceeded": "the limit is set with -max-memory, that of a plugin in its manifest and in `[limits]` of the settings",
}
# The same where the command has options for what code may reach.
_ADVICE_BY_OPTION = {
    (
        "key_not_found",
        "env.get",
    ): "give `env.get` a default, or let the program see the variable with -allow-env=NAME",
}
# How the engine says that no option raises a limit.
_IS_FIXED = "as far as it goes"
# The same where the builtin that failed says more.
_ADVICE_BY_BUILTIN = {
    (
        "key_not_found",
        "env.get",
    ): "give `env.get` a default; a plugin sees what its manifest asks for and alas-plugin grant PLUGIN -env NAME grants",
    (
        "key_not_found",
        "plugin.config",
    ): "give `plugin.config` a default, or set the value in `implementation.config` of the plugin's manifest",
    ("value_error", "result.getValue"): "ask with `result.isOk` first",
    ("value_error", "result.getError"): "ask with `result.isError` first",
}


def render_diagnostics(diagnostics: "Iterable[Diagnostic]", texts: Texts) -> list[Row]:
    """Return the rows of findings, with the lines they are about.

    Args:
        diagnostics: the findings.
        texts: where the lines come from.
    """
    rows: list[Row] = []
    for diagnostic in diagnostics:
        place = _place(diagnostic.file, diagnostic.line, diagnostic.column)
        rows.append(_headline(place, diagnostic.severity, diagnostic.code, diagnostic.message))
        rows += _excerpt_rows(texts.lines(diagnostic.file), diagnostic.line, diagnostic.column)
        if diagnostic.pointer:
            rows.append([("  at: ", QUIET), (escape_text(diagnostic.pointer), QUIET)])
        if diagnostic.help is not None:
            rows.append(_help_row(diagnostic.help))
    return rows


def render_run_error(
    error: "RunError", texts: Texts, *, has_limits: bool = False, more: str | None = None
) -> list[Row]:
    """Return the rows of a run-time error, with the failing lines and the calls that were running.

    Args:
        error: the error.
        texts: where the lines come from.
        has_limits: whether the command has options for the limits of a run, and for what it may reach.
        more: what to do about it, where the command knows more than the error says.
    """
    rows = []
    if error.line:
        rows.append(
            _headline(_place(error.file, error.line, error.column), "error", error.code, error.message)
        )
        rows += _excerpt_rows(texts.lines(error.file), error.line, error.column)
        rows.append([("  at: ", QUIET), (escape_text(error.pointer), QUIET)])
    else:
        rows.append(_headline("", "error", error.code, error.message))
    rows += [[("  in: ", QUIET), (frame, PLAIN)] for frame in _frames(error.stack)]
    builtin = texts.name_at(error.file, error.pointer) if error.line else None
    advice = _ADVICE_BY_BUILTIN.get((error.code, builtin or ""), _ADVICE_BY_CODE.get(error.code))
    if has_limits and not error.message.endswith(_IS_FIXED):
        advice = _ADVICE_BY_LIMIT.get(error.code, advice)
    if has_limits:
        advice = _ADVICE_BY_OPTION.get((error.code, builtin or ""), advice)
    advice = more if more is not None else advice
    if advice is not None:
        rows.append(_help_row(advice))
    return rows


def render_failure(code: str, message: str) -> list[Row]:
    """Return the row of a failure without a place."""
    return [_headline("", "error", code, message)]


def render_summary(diagnostics: "Sequence[Diagnostic]") -> list[Row]:
    """Return a row that counts the findings."""
    errors = sum(diagnostic.is_error for diagnostic in diagnostics)
    return [[(f"{plural(errors, 'error')}, {plural(len(diagnostics) - errors, 'warning')}", STRONG)]]


def print_rows(rows: Sequence[Row], stream: TextIO | None = None) -> None:
    """Write rows, in colour where the stream is a terminal.

    Args:
        rows: what to write.
        stream: where; None is standard error.
    """
    stream = stream if stream is not None else sys.stderr
    if stream is None:
        return
    if in_colour(stream):
        _print_in_colour(rows, stream)
        return
    encoding = stream.encoding or "utf-8"
    for row in rows:
        text = "".join(piece for piece, _ in row)
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def in_colour(stream: TextIO) -> bool:
    """Say whether a stream is a terminal that wants colours."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _print_in_colour(rows: Sequence[Row], stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    for row in rows:
        console.print(Text.assemble(*row))


def _headline(place: str, severity: str, code: str, message: str) -> Row:
    lead: Row = [(f"{place}: ", STRONG)] if place else []
    return [*lead, (f"{severity}[{code}]", STYLES[severity]), (f": {escape_text(message)}", STRONG)]


def _place(file: str | None, line: int, column: int) -> str:
    return f"{escape_text(file) if file is not None else '<standard input>'}:{line}:{column}"


def _help_row(advice: str) -> Row:
    return [("  help: ", ADVICE), (escape_text(advice), PLAIN)]


def _excerpt_rows(lines: list[str], line: int, column: int) -> list[Row]:
    found = excerpt(lines, line, column)
    margin = max((len(number) for number, _, _ in found), default=0)
    rows: list[Row] = []
    for number, text, marks in found:
        rows.append([(f"  {number:>{margin}} | ", QUIET), (text, PLAIN)])
        if marks:
            rows.append([(f"  {'':>{margin}} | ", QUIET), (marks, _MARK)])
    return rows


def _frames(stack: "Sequence[Frame]") -> Iterator[str]:
    """Yield a line for each running call, leaving out the middle of a deep recursion."""
    hidden = len(stack) - _FIRST_FRAMES - _LAST_FRAMES
    for index, frame in enumerate(stack):
        if hidden <= 1 or index < _FIRST_FRAMES or index >= _FIRST_FRAMES + hidden:
            yield escape_text(f"{frame.module}.{frame.function}, line {frame.line}")
        elif index == _FIRST_FRAMES:
            yield f"… {hidden} more calls"


def plural(count: int, word: str) -> str:
    """Return a count with its noun: `1 error`, `2 errors`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
