"""The results of tests as documents for other programs: JSON, and the XML that JUnit made common."""

import reprlib
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from alas_cli._documents import exact_json
from alas_cli._plugin._testing.comparison import NOTHING
from alas_cli._plugin._testing.results import Failure, Result, error_code, error_message
from alas_cli._plugin._testing.text_report import failure_text, outcome_summary
from alas_manifest import escape_text, quote_text

# Numbers of so many decimals are never written with an exponent, which some readers of the XML do not know.
_DECIMALS = 4


def json_report(results: Sequence[Result], seconds: float, left_out: int) -> str:
    """Return the results as one JSON document on one line.

    Args:
        results: of all tests.
        seconds: how long all took.
        left_out: how many tests were not chosen.
    """
    failed = sum(not result.has_passed for result in results)
    return exact_json(
        {
            "ok": failed == 0,
            "summary": {
                "passed": len(results) - failed,
                "failed": failed,
                "not_chosen": left_out,
                "milliseconds": round(seconds * 1000, 3),
            },
            "tests": [_test(result) for result in results],
        }
    )


def _test(result: Result) -> dict[str, Any]:
    return {
        "plugin": result.plugin,
        "version": result.version,
        "file": result.position.file,
        "line": result.position.line,
        "column": result.position.column,
        "name": result.name,
        "function": result.function,
        "tags": list(result.tags),
        "outcome": "passed" if result.has_passed else "failed",
        "milliseconds": round(result.milliseconds, 3),
        "failure": _failure(result.failure) if result.failure is not None else None,
        "output": result.output,
    }


def _failure(failure: Failure) -> dict[str, Any]:
    document: dict[str, Any] = {
        "kind": failure.kind,
        "message": outcome_summary(failure),
        "function": failure.call.function,
        "args": list(failure.call.args),
    }
    if failure.kind in ("difference", "error"):
        document["expected"] = failure.expected
    if failure.kind in ("difference", "no_error"):
        document["found"] = _plain(failure.found)
    if failure.difference is not None:
        document["path"] = failure.difference.path
        document["at_path"] = {
            key: _plain(value)
            for key, value in (
                ("expected", failure.difference.expected),
                ("found", failure.difference.found),
            )
            if value is not NOTHING
        }
    if failure.error is not None:
        document["error"] = {
            "code": error_code(failure.error),
            "message": error_message(failure.error),
            "file": getattr(failure.error, "file", None),
            "line": getattr(failure.error, "line", 0),
            "column": getattr(failure.error, "column", 0),
        }
    return document


def _plain(value: object) -> object:
    """Return a value as it is, and a description of what is no value at all."""
    try:
        exact_json(value)
    except TypeError:
        return quote_text(reprlib.repr(value))
    return value


def junit_report(results: Sequence[Result], seconds: float) -> str:
    """Return the results as the XML of JUnit: a suite for each file.

    Args:
        results: of all tests.
        seconds: how long all took.
    """
    from junitparser import Failure as FailureElement
    from junitparser import JUnitXml, TestCase, TestSuite

    document = JUnitXml("alas-plugin test")
    for (plugin, file), group in groupby(results, lambda result: (result.plugin, result.file.shown)):
        suite = TestSuite(escape_text(f"{plugin}: {file}"))
        for result in group:
            case = TestCase(
                escape_text(result.name),
                escape_text(_class_name(plugin, result)),
                round(result.milliseconds / 1000, _DECIMALS),
            )
            if result.failure is not None:
                failure = FailureElement(outcome_summary(result.failure), result.failure.kind)
                failure.text = failure_text(result, result.failure)
                case.result = [failure]
            if result.output:
                # XML has no way to write most control characters.
                case.system_out = "\n".join(map(escape_text, result.output.splitlines()))
            suite.add_testcase(case)
        document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call] # the library leaves it untyped
    for suite in document:
        # The library rounds so that quick tests add up to nothing.
        suite.time = round(sum(case.time for case in suite), _DECIMALS)
    document.time = round(seconds, _DECIMALS)
    text: bytes = document.tostring()  # type: ignore[no-untyped-call] # as above
    return text.decode()


def _class_name(plugin: str, result: Result) -> str:
    """Return what readers of the XML group tests by; they take what is behind its last dot for the name of a class."""
    return f"{plugin}.{result.file.path.stem.replace('.', '_')}"
