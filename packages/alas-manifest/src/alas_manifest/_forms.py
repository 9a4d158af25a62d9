"""Strings that have a form but no type of their own: names, paths, commands, hosts.

Each function returns the string, or raises ValueError; FormError where the diagnostic's code depends on what is wrong.
"""

import re

from alas_manifest._diagnostics import FormError
from alas_manifest._names import ENVIRONMENT_NAME, IDENTIFIER, MODULE_NAME, PLUGIN_NAME
from alas_manifest._text import quote_text

_DRIVE = re.compile(r"[A-Za-z]:")
_HOST_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:\s]+))(?::([0-9]{1,5}))?")
_HOST_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_QUOTE = re.compile(r"[\"'\\]")
_EXPANDED = re.compile(r"[*?]|\$[A-Za-z_{]")
_SHELL_COMMAND = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=|(?:cd|export|source)$")
_SHELL_WORD = re.compile(r"(?:&&?|\|\|?|;|[0-9]*[<>].*)|.*(?:\$\(|`).*|.*[^\\];", re.DOTALL)
LONGEST_COMMAND = 32_768
_LONGEST_HOST = 253


def text(text: str) -> str:
    """Accept every text."""
    return text


def plugin_name(text: str) -> str:
    """Accept the name of a plugin."""
    if not PLUGIN_NAME.fullmatch(text):
        expected = "a plugin name (lower-case letters, digits, dot, dash and underscore, at most 64)"
        raise ValueError(f"expected {expected}, found {quote_text(text)}")
    return text


def module_name(text: str) -> str:
    """Accept the name of a module."""
    if not MODULE_NAME.fullmatch(text):
        expected = "a module name (letters, digits, underscore and dash, parts separated by dots)"
        raise ValueError(f"expected {expected}, found {quote_text(text)}")
    return text


def identifier(text: str) -> str:
    """Accept the name of a function, parameter, field or type."""
    if not IDENTIFIER.fullmatch(text):
        expected = "a name (letters, digits and underscore, not beginning with a digit)"
        raise ValueError(f"expected {expected}, found {quote_text(text)}")
    return text


def environment_name(text: str) -> str:
    """Accept the name of an environment variable."""
    if not ENVIRONMENT_NAME.fullmatch(text):
        expected = "the name of an environment variable (letters, digits and underscore)"
        raise ValueError(f"expected {expected}, found {quote_text(text)}")
    return text


def enum_value(text: str) -> str:
    """Accept the word of an enum."""
    if not text:
        raise ValueError("expected a word, found an empty text")
    return text


def inside_path(text: str) -> str:
    """Accept a path that stays inside the plugin folder, as far as its text tells."""
    steps = re.split(r"[/\\]", text)
    if ".." in steps or text[:1] in {"/", "\\"} or steps[0] == "~" or _DRIVE.match(text) or "://" in text:
        raise FormError(f"expected a path inside the plugin folder, found {quote_text(text)}", "path_escapes")
    if "\0" in text or not set(steps) - {"", "."}:
        raise ValueError(f"expected a path inside the plugin folder, found {quote_text(text)}")
    if steps[-1] in ("", "."):
        raise ValueError(f"expected the path of a file, found the folder {quote_text(text)}")
    if "\\" in text:
        # It parts folders on one system, and belongs to a name on the others.
        raise ValueError(f"expected a path whose folders are parted by `/`, found {quote_text(text)}")
    return text


def scope_path(text: str) -> str:
    """Accept a path that a permission may name."""
    if not text or "\0" in text:
        raise ValueError(f"expected a path, found {quote_text(text)}")
    return text


def scope_command(text: str) -> str:
    """Accept a command that a permission may name: a program, without arguments."""
    if not text or any(character.isspace() or character == "\0" for character in text):
        raise ValueError(f"expected a command without arguments, found {quote_text(text)}")
    return text


def scope_host(text: str) -> str:
    """Accept a host that a permission may name, alone or with a port."""
    match = _HOST_PORT.fullmatch(text)
    if match is None or not _is_host(match[1], match[2]) or not 0 < int(match[3] or 1) < 2**16:
        raise ValueError(f"expected a host such as example.com or example.com:443, found {quote_text(text)}")
    return text


def is_host(text: str) -> bool:
    """Say whether a text names a host that a permission may name, alone or with a port.

    Args:
        text: what may be one.

    Example:
        >>> [
        ...     is_host(text)
        ...     for text in (
        ...         "example.com",
        ...         "*.example.com:443",
        ...         "[::1]:8080",
        ...         "https://example.com",
        ...     )
        ... ]
        [True, True, True, False]
    """
    try:
        scope_host(text)
    except ValueError:
        return False
    return True


def is_command(text: str) -> bool:
    """Say whether a text names a command that a host may grant: a name without arguments, or a path.

    Args:
        text: what may be one.

    Example:
        >>> [is_command(text) for text in ("ls", "/opt/my tools/ls", "ls -l")]
        [True, True, False]
    """
    return _is_text(text) and ("/" in text or not any(map(str.isspace, text)))


def is_variable(text: str) -> bool:
    """Say whether a text names an environment variable that a host may grant, whatever the system allows in names.

    Args:
        text: what may be one.

    Example:
        >>> [is_variable(text) for text in ("HOME", "HOME=/root")]
        [True, False]
    """
    return _is_text(text) and "=" not in text


def _is_text(text: str) -> bool:
    return bool(text) and "\0" not in text


def _is_host(bracketed: str | None, plain: str | None) -> bool:
    if bracketed is not None:
        import ipaddress

        try:
            return ipaddress.ip_address(bracketed).version == 6
        except ValueError:
            return False
    labels = (plain or "").removeprefix("*.").removesuffix(".")
    return len(labels) <= _LONGEST_HOST and all(_HOST_LABEL.fullmatch(label) for label in labels.split("."))


def build_command(text: str) -> str:
    """Accept a command with arguments that needs no shell."""
    import shlex

    if len(text) > LONGEST_COMMAND:
        raise ValueError(
            f"expected a command of at most {LONGEST_COMMAND} characters, found {quote_text(text)}"
        )
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ValueError(f"expected a command, found {quote_text(text)}: {str(error).lower()}") from None
    if not words or "\0" in text:
        raise ValueError(f"expected a command, found {quote_text(text)}")
    # Quotes stay on these words: what is quoted, a shell would leave alone as well.
    bare = [word for word in shlex.split(text, posix=False) if not _QUOTE.search(word)]
    for_shell = [word for word in words if _SHELL_WORD.fullmatch(word)]
    for_shell += [word for word in bare if _EXPANDED.search(word)]
    for_shell += [word for word in words[:1] if _SHELL_COMMAND.match(word)]
    if for_shell:
        message = f"the command runs without a shell, which {quote_text(for_shell[0])} would need"
        raise FormError(message, "unenforceable")
    return text
