"""What a new plugin may be made of; whatever may not, the error says what would do."""

import json
from pathlib import Path

from alas_cli._command import UsageMistake
from alas_cli._plugin._creation.templates import NewType
from alas_manifest import LicenseExpression, quote_text, read


def available_type(plugin_type: str) -> NewType:
    """Return a type of which plugins can be made.

    Raises:
        UsageMistake: this version makes none of this type.
    """
    if plugin_type == "module":
        return "module"
    if plugin_type == "builtin":
        return "builtin"
    raise UsageMistake(
        f"{plugin_type} plugins are not available in this version, which has no loader for them; "
        "-type module is for ALaS code, -type builtin for Python"
    )


def legal_name(folder: Path) -> str:
    """Return the plugin's name.

    Raises:
        UsageMistake: the manifest would refuse it; says which name would do.
    """
    probe = {"name": folder.name, "version": "1.0.0", "module": "m", "implementation": {"language": "alas"}}
    finding = next((one for one in read(json.dumps(probe)).diagnostics if one.pointer == "/name"), None)
    if finding is None:
        return folder.name
    raise UsageMistake(f"{finding.message}{f'; {finding.help}' if finding.help else ''}")


def legal_license(text: str) -> str:
    """Return a licence with its official spelling.

    Raises:
        UsageMistake: SPDX does not know it; says which was probably meant.
    """
    try:
        return str(LicenseExpression.parse(text))
    except ValueError as error:
        probe = {"license": text}
        findings = (one for one in read(json.dumps(probe)).diagnostics if one.pointer == "/license")
        advice = next((one.help for one in findings if one.help), None)
        raise UsageMistake(f"-license: {error}{f'; {advice}' if advice else ''}") from None


def check_text(what: str, text: str) -> str:
    """Return a text of one line.

    Raises:
        UsageMistake: it is no text, or more than a line.
    """
    if not text.isprintable():
        # Bytes that are no UTF-8 come as lone surrogates, which are not printable either.
        raise UsageMistake(f"{what}: expected text on one line, found {quote_text(text)}")
    return text
