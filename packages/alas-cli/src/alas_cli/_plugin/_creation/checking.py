"""What a new plugin may be made of; whatever may not, the error says what would do."""

import json
from pathlib import Path

from alas_cli._command import UsageMistake
from alas_cli._plugin._creation.languages import LANGUAGES, Language
from alas_cli._plugin._creation.templates import NewType
from alas_manifest import LicenseExpression, quote_text, read

_DEFAULT_LANGUAGE = "c"
# Of the types without native code.
_OWN_LANGUAGES: dict[NewType, str] = {"module": "alas", "builtin": "python"}


def available_language(plugin_type: NewType, stated: str | None) -> Language | None:
    """Return the language of a new plugin's native code.

    Args:
        plugin_type: the plugin's type.
        stated: what `-lang` says; None is C where there is native code.

    Returns:
        The language; None where there is no native code.

    Raises:
        UsageMistake: plugins of this type are written in another one.
    """
    own_language = _OWN_LANGUAGES.get(plugin_type)
    if own_language is None:
        own_type = next((kind for kind, word in _OWN_LANGUAGES.items() if word == stated), None)
        if own_type is not None:
            raise UsageMistake(
                f"-lang: native code is not written in {stated}; plugins in it are of the type {own_type}"
            )
        return LANGUAGES[stated or _DEFAULT_LANGUAGE]
    if stated not in (None, own_language):
        raise UsageMistake(
            f"-lang: a {plugin_type} plugin is written in {own_language}; -type native is for plugins in {stated}, "
            f"-type hybrid for those in alas and {stated}"
        )
    return None


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
