"""Why a module was not found, said in the engine's finding about it.

The engine knows the place that names the module, the resolver knows the reason. They are brought together by the name: that of
the module in an import, that of the function in a builtin call.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import alas_core
from alas_interp._sources import path_of, read_file
from alas_manifest import Diagnostic, quote_text

# How like a name has to be one of the standard library to be taken for it rather than for a plugin's.
_LIKENESS = 0.8


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a name leads to no module.

    Attributes:
        code: the diagnostic's code.
        message: what is wrong; None leaves it to the engine, which says that there is no such module.
        help: what to do; None where the message says it.
        findings: what is wrong in other files that it follows from.
        cause: the exception that it follows from.
    """

    code: str
    message: str | None
    help: str | None
    findings: tuple[Diagnostic, ...] = ()
    cause: Exception | None = None


def explain(
    diagnostics: Sequence[Diagnostic], problems: dict[tuple[str, str | None], Problem], text: bytes
) -> list[Diagnostic]:
    """Say in the engine's findings why modules were not found.

    Args:
        diagnostics: the engine's findings.
        problems: what a resolver noted.
        text: the text of the program, for findings without a file.

    Returns:
        The findings, with what is wrong in the files of plugins behind them.
    """
    if not problems:
        return list(diagnostics)
    documents: dict[str | None, object] = {None: _parsed(text)}
    explained = []
    for finding in diagnostics:
        if finding.code in ("unknown_module", "unknown_builtin"):
            if finding.file not in documents:
                documents[finding.file] = _parsed(_content(finding.file))
            name = _named(documents[finding.file], finding.pointer)
            # An import holds the module's name, a builtin call that of the function.
            for module in (name, name.rpartition(".")[0]):
                problem = problems.get((module, finding.file))
                if problem is not None:
                    finding = _explained(finding, name, problem)  # noqa: PLW2901 - the finding in a better form
                    break
        explained.append(finding)
    behind = dict.fromkeys(finding for problem in problems.values() for finding in problem.findings)
    return [*explained, *(finding for finding in behind if finding not in explained)]


def explain_file_name(diagnostics: Sequence[Diagnostic], text: bytes) -> list[Diagnostic]:
    """Say in the engine's finding that a text is no JSON, if it is so, that it is rather the name of a file.

    Args:
        diagnostics: the engine's findings.
        text: the text of the program, which ends as names of files do.
    """
    shown = quote_text(text.decode("utf-8", "replace").strip())
    advice = f"a str is the program's text; to load the file {shown}, pass its pathlib.Path"
    return [
        replace(one, help=advice) if (one.code, one.file, one.line) == ("json_syntax", None, 1) else one
        for one in diagnostics
    ]


def _explained(finding: Diagnostic, name: str, problem: Problem) -> Diagnostic:
    if problem.message is None:
        return replace(finding, help=_near_standard(name, finding.code) or problem.help)
    return replace(finding, code=problem.code, message=problem.message, help=problem.help)


def _near_standard(name: str, code: str) -> str | None:
    """Ask whether something of the standard library was meant."""
    import difflib

    functions = [function[0] for function in alas_core.library()]
    if code == "unknown_module":
        namespaces = {function.partition(".")[0] for function in functions}
        known = {f"std.{namespace}".casefold(): f"std.{namespace}" for namespace in namespaces}
        wanted = name if name.startswith("std.") or name not in namespaces else f"std.{name}"
    else:
        known = {function.casefold(): function for function in functions}
        wanted = name
    near = difflib.get_close_matches(wanted.casefold(), known, 1, _LIKENESS)
    return f"did you mean {quote_text(known[near[0]])}?" if near else None


def _content(file: str | None) -> bytes:
    try:
        return read_file(path_of(file or ""))
    except OSError:
        return b""


def _parsed(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _named(document: object, pointer: str) -> str:
    """Return the name at a JSON pointer, or in the object at it."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(key)
        elif isinstance(document, list) and key.isdigit() and int(key) < len(document):
            document = document[int(key)]
        else:
            return ""
    if isinstance(document, dict):
        document = document.get("name")
    return document if isinstance(document, str) else ""
