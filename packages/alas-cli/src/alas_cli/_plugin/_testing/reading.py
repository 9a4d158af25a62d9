"""From the files of a plugin's tests to cases and findings.

The fields are read first (`fields`); what they mean together is checked here, against the functions of the plugin. A file
gives cases only when nothing in it is an error.
"""

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from alas_cli._plugin._testing import fields
from alas_cli._plugin._testing.model import Call, Case, CaseFile, ExpectedError, Given, Position
from alas_manifest import Diagnostic, quote_text
from alas_manifest.typed_json import Place, Problem, read_bytes, read_text, report_kind

FOLDER = "tests"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a plugin offers to be tested.

    Attributes:
        module: the name of its module.
        parameters: how many parameters each function takes, by its name; None when only running it would tell.
    """

    module: str
    parameters: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class FileReading:
    """What came out of reading a file.

    Attributes:
        file: the tests; None when a diagnostic is an error.
        diagnostics: what is wrong with it.
    """

    file: CaseFile | None
    diagnostics: tuple[Diagnostic, ...]


def test_files(folder: Path) -> list[Path]:
    """Return the files of tests of a plugin, in the order of their names.

    Args:
        folder: the plugin's folder.

    Raises:
        OSError: the folder of the tests cannot be read.
    """
    tests = folder / FOLDER
    if not tests.is_dir():
        return []
    return sorted(path for path in tests.iterdir() if path.suffix == ".json" and not path.is_dir())


def read_test_file(path: Path, shown: str, offer: Offer) -> FileReading:
    """Read a file of tests.

    Args:
        path: the file.
        shown: what it is called in reports.
        offer: what its plugin offers.
    """
    content = read_bytes(path)
    if isinstance(content, Diagnostic):
        return FileReading(None, (dataclasses.replace(content, help="tests are files of JSON"),))
    file, text = content
    document = read_text(text, file)
    file_fields = _read_root(Place.whole(document), offer) if document.is_readable else None
    findings = tuple(document.source.diagnostics())
    if file_fields is None or document.source.has_errors:
        return FileReading(None, findings)
    read, places = file_fields
    return FileReading(
        CaseFile(
            path=path,
            shown=shown,
            cases=tuple(_case(one, place) for one, place in zip(read.tests, places, strict=True)),
            setup=_calls(read.setup),
            teardown=_calls(read.teardown),
        ),
        findings,
    )


def _read_root(root: Place, offer: Offer) -> tuple[fields.FileFields, list[Place]] | None:
    """Read the whole document; return what it holds, and the places of the tests, unless it has errors."""
    if isinstance(root.value, list):
        places = [Place(root.document, value, root, index) for index, value in enumerate(root.value)]
        tests = fields.CASES.read(root)
        read = fields.FileFields(tests=tests) if tests is not None else None
    elif isinstance(root.value, dict):
        places = list(root.elements("tests"))
        read = fields.FILE.read(root)
        _check_calls(root, offer)
    else:
        report_kind(root, "an array of tests, or an object with them in `tests`")
        return None
    for place in places:
        _check_function(place, offer)
        _check_calls(place, offer)
        _check_expectation(place)
    return (read, places) if read is not None else None


# --- What several fields mean together ---


def _check_calls(place: Place, offer: Offer) -> None:
    for step in fields.STEPS:
        for call in place.elements(step):
            _check_function(call, offer)


def _check_function(place: Place, offer: Offer) -> None:
    """Report a function that the plugin does not have, and the wrong number of arguments."""
    function, known = place.member("function"), offer.parameters
    if known is None or function is None or function.text is None:
        return
    name = function.text
    if name not in known:
        function.report(_no_function(function, name, offer.module, known))
        return
    args = place.member("args")
    given = len(args.value) if args is not None and isinstance(args.value, list) else 0
    if given != known[name] and (args is None or isinstance(args.value, list)):
        message = f"{quote_text(name)} takes {_count(known[name])}, found {given}"
        advice = "give an argument for each parameter: `alas-plugin info` shows them"
        (args or place).report(Problem("argument_count", message, advice))


def _no_function(place: Place, name: str, module: str, known: Mapping[str, int]) -> Problem:
    message = f"the plugin has no function {quote_text(name)}"
    if name.removeprefix(f"{module}.") in known:
        return Problem(
            "unknown_function", message, f"leave the module out: `{name.removeprefix(f'{module}.')}`"
        )
    advice = place.suggest(name, known)
    if advice is None:
        advice = f"it has: {', '.join(sorted(known))}" if known else "it has none"
    return Problem("unknown_function", message, advice)


def _check_expectation(case: Place) -> None:
    """Report a case that expects nothing, or two things that exclude each other, or an error that there is not."""
    if not isinstance(case.value, dict):
        return
    value, error = case.member("expected"), case.member("expected_error")
    if value is not None and error is not None:
        message = "a call cannot both return `expected` and fail with `expected_error`"
        error.report(Problem("unenforceable", message, "leave one of them out"))
    elif value is None and error is None:
        advice = "add `expected` with the result (null for none), or `expected_error` with a code"
        case.report(Problem("missing_field", "the test does not say what it expects", advice))
    if error is not None:
        code = error if error.text is not None else error.member("code")
        if code is not None and code.text is not None and code.text not in error_codes():
            message = f"there is no error {quote_text(code.text)}"
            advice = (
                code.suggest(code.text, error_codes())
                or "the codes are those that `alas-run` and `alas-plugin call` print in brackets"
            )
            code.report(Problem("unknown_value", message, advice))


@functools.cache
def error_codes() -> frozenset[str]:
    """Return the codes of all errors that a call can end in."""
    import alas_core
    import alas_registry

    of_registry = (getattr(alas_registry, name) for name in alas_registry.__all__)
    return frozenset(
        {code for code, _ in alas_core.error_codes()}
        | {
            one.code
            for one in of_registry
            if isinstance(one, type) and issubclass(one, alas_registry.RegistryError)
        }
    )


def _count(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"


# --- From parts to cases, once all is right ---


def _case(read: fields.CaseFields, place: Place) -> Case:
    line, column = place.position
    expected: Given | ExpectedError
    if read.expected_error is not None:
        expected = ExpectedError(code=read.expected_error.code, message=read.expected_error.message)
    else:
        assert read.expected is not None, "a test that expects nothing is an error"
        expected = read.expected
    return Case(
        name=read.name,
        call=_call(read),
        expected=expected,
        position=Position(place.document.source.file or "", line, column),
        timeout=read.timeout,
        tags=read.tags,
        setup=_calls(read.setup),
        teardown=_calls(read.teardown),
    )


def _calls(read: Iterable[fields.CallFields]) -> tuple[Call, ...]:
    return tuple(map(_call, read))


def _call(read: fields.CallFields | fields.CaseFields) -> Call:
    return Call(function=read.function, args=tuple(given.value for given in read.args))
