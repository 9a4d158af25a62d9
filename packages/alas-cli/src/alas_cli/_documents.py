"""The JSON documents of `-format json`. They are ASCII, so no terminal minds them."""

import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alas_core.errors import RunError
    from alas_manifest import Diagnostic


def result_document(result: object, more: Mapping[str, object] | None = None) -> str:
    """Return the document of a program that has ended: `{"ok": true, "result": …}`.

    Args:
        result: what it returned. NaN and the infinities, which JSON does not have, become the strings `"NaN"`,
            `"Infinity"` and `"-Infinity"`.
        more: further keys of the document.

    Example:
        >>> result_document([4.0, float("nan"), None])
        '{"ok": true, "result": [4.0, "NaN", null]}'
    """
    others = "".join(f", {json.dumps(key)}: {json.dumps(value)}" for key, value in (more or {}).items())
    return f'{{"ok": true, "result": {exact_json(result)}{others}}}'


def error_document(error: "RunError") -> str:
    """Return the document of a program that has failed: `{"ok": false, "error": {…}}`."""
    return json.dumps(
        {
            "ok": False,
            "error": {
                "code": error.code,
                "message": error.message,
                "file": error.file,
                "pointer": error.pointer,
                "line": error.line,
                "column": error.column,
                "module": error.module,
                "function": error.function,
                "stack": [frame._asdict() for frame in error.stack],
            },
        }
    )


def failure_document(
    code: str,
    message: str,
    diagnostics: "Iterable[Diagnostic] | None" = None,
    more: Mapping[str, object] | None = None,
) -> str:
    """Return the document of a command that failed outside a program.

    The error has a place where files of settings are wrong, that of the first mistake; otherwise the places are those of the
    findings.

    Args:
        code: what kind of failure; `usage` is a wrong command line.
        message: what was wrong.
        diagnostics: what was found in files besides, if any were looked at.
        more: further keys of the document.
    """
    error = failure_record(code, message)
    document: dict[str, object] = {"ok": False, "error": error, **(more or {})}
    if diagnostics is not None:
        found = [diagnostic.to_dict() for diagnostic in diagnostics]
        document["diagnostics"] = found
        first = next((one for one in found if one["severity"] == "error"), None)
        if code == "settings_error" and first is not None:
            error.update({key: first[key] for key in ("file", "pointer", "line", "column")})
    return json.dumps(document)


def failure_record(code: str, message: str) -> dict[str, object]:
    """Return the record of an error without a place.

    Args:
        code: what kind of failure.
        message: what was wrong.
    """
    return {
        "code": code,
        "message": message,
        "file": None,
        "pointer": "",
        "line": 0,
        "column": 0,
        "module": "",
        "function": "",
        "stack": [],
    }


def diagnostics_document(diagnostics: "Iterable[Diagnostic]", *, ok: bool) -> str:
    """Return the document of a check: `{"ok": …, "diagnostics": […]}`."""
    return json.dumps({"ok": ok, "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics]})


def write_document(document: str) -> None:
    """Write a document as one line on standard output."""
    from alas_cli._program_output import ProgramOutput

    if isinstance(sys.stdout, ProgramOutput):
        sys.stdout.write_document(document + "\n")
    else:
        sys.stdout.write(document + "\n")


def exact_json(value: object) -> str:
    """Return a value as JSON that reads back as the same value.

    Args:
        value: None, bool, int, float, str, lists and mappings, nested as deep as they like.
    """
    try:
        return json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return "".join(_pieces(value))


def _pieces(value: object) -> Iterator[str]:
    """Yield the text of a value piece by piece, without recursion."""
    waiting: list[Iterator[str | object]] = [iter(_parts(value))]
    while waiting:
        part = next(waiting[-1], None)
        if part is None:
            waiting.pop()
        elif isinstance(part, str):
            yield part
        else:
            waiting.append(_parts(part.value))  # type: ignore[attr-defined] # the other parts are `_Nested`
    return


class _Nested:
    """A value inside another."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def _parts(value: object) -> Iterator[str | object]:
    if isinstance(value, Mapping):
        yield "{"
        for index, (key, one) in enumerate(value.items()):
            yield f"{', ' if index else ''}{json.dumps(key)}: "
            yield _Nested(one)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for index, one in enumerate(value):
            if index:
                yield ", "
            yield _Nested(one)
        yield "]"
    elif isinstance(value, float) and not math.isfinite(value):
        yield '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'
    else:
        yield json.dumps(value)
