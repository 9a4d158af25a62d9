"""Findings as the commands that GitHub's workflows understand, so that they show up beside the lines of a change."""

from alas_manifest._diagnostics import Diagnostic
from alas_manifest._text import escape_text


def annotation(finding: Diagnostic) -> str:
    """Return a finding as a workflow command.

    Args:
        finding: the finding.

    Returns:
        One line.

    Example:
        >>> annotation(
        ...     Diagnostic("wrong_kind", "error", "expected an object", "plugin.json", "", 1, 3)
        ... )
        '::error file=plugin.json,line=1,col=3,title=wrong_kind::expected an object'
    """
    place = {"line": str(finding.line), "col": str(finding.column), "title": finding.code}
    if finding.file is not None:
        place = {"file": escape_text(finding.file), **place}
    properties = ",".join(f"{key}={_escape_property(value)}" for key, value in place.items())
    text = escape_text(finding.message)
    if finding.help is not None:
        text = f"{text}\nhelp: {escape_text(finding.help)}"
    return f"::{finding.severity} {properties}::{_escape(text)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
