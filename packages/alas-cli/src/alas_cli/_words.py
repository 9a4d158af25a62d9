"""The arguments of a program, from words of the command line to values of the declared types."""

import json
import re
import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from alas_cli._command import UsageMistake
from alas_cli._language_json import JsonReader

if TYPE_CHECKING:
    from alas_interp import Function, Parameter

_INT = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?Infinity|NaN")
_ARRAY = re.compile(r"array(<(?P<element>.*)>)?")
_ENGINE_MESSAGE = re.compile(r"parameter `(?P<name>[^`]*)` of `[^`]*`: (?P<reason>.*)", re.DOTALL)
_MOST, _LEAST = 2**63 - 1, -(2**63)
_LONGEST_SHOWN = 60


def read_words(function: "Function", words: Sequence[str], types: "Types") -> list[object]:
    """Read the arguments of a function.

    Args:
        function: what is called.
        words: an argument each.
        types: the module's own types.

    Raises:
        UsageMistake: there are more or fewer words than parameters, or one does not fit its parameter's type.
    """
    if len(words) != len(function.parameters):
        wanted = ", ".join(map(str, function.parameters)) or "none"
        raise UsageMistake(
            f"{function.name} takes {_count(len(function.parameters))} ({wanted}), but {len(words)} "
            f"{'was' if len(words) == 1 else 'were'} given{_regrouped(function, words)}"
        )
    read_json = JsonReader()
    return [
        _read(word, parameter, types, read_json)
        for word, parameter in zip(words, function.parameters, strict=True)
    ]


def _regrouped(function: "Function", words: Sequence[str]) -> str:
    """Say how too many words are written as the arguments that were probably meant: JSON in one word."""
    if len(words) <= len(function.parameters):
        return ""
    grouped = _joined(words)
    if len(grouped) != len(function.parameters):
        match = _ARRAY.fullmatch(function.parameters[0].type) if len(function.parameters) == 1 else None
        if match is None:
            return ""
        # The elements of the one array, each in a word of its own.
        grouped = [json.dumps([_element(word, match["element"]) for word in words])]
    return f"; an array or map is one argument, in quotation marks: {' '.join(map(shlex.quote, grouped))}"


def _joined(words: Sequence[str]) -> list[str]:
    """Join words that are JSON together only, as when a shell splits `[1, 2]`."""
    grouped: list[str] = []
    rest = list(words)
    while rest:
        count = 1
        if rest[0][:1] in ("[", "{"):
            count = next((end for end in range(1, len(rest) + 1) if _is_json(" ".join(rest[:end]))), 1)
        grouped.append(" ".join(rest[:count]))
        del rest[:count]
    return grouped


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _element(word: str, kind: str) -> object:
    try:
        return word if kind == "string" else json.loads(word)
    except (ValueError, RecursionError):
        return word


def unfit_argument(function: "Function", message: str) -> str:
    """Return what is wrong with an argument that the engine refuses, in the words of this command.

    Args:
        function: what was called.
        message: the engine's message.

    Example:
        >>> from alas_interp import Function, Parameter
        >>> mean = Function("mean", (Parameter("of", "array<int>"),), "int", True)
        >>> unfit_argument(
        ...     mean, "parameter `of` of `mean`: element 1: expected `int`, found a string"
        ... )
        "the argument for the parameter 'of' has to be of the type array<int>: element 1: expected `int`, found a string"
    """
    match = _ENGINE_MESSAGE.fullmatch(message)
    types = {parameter.name: parameter.type for parameter in function.parameters}
    if match is None or match["name"] not in types:
        return f"an argument of {function.name} does not fit: {message}"
    return f"{_wanted(match['name'], types[match['name']])}: {match['reason']}"


def _wanted(name: str, kind: str) -> str:
    return f"the argument for the parameter {name!r} has to be of the type {kind}"


class Types(Protocol):
    """The types that a module or plugin defines itself."""

    def written_as(self, name: str) -> str:
        """Return the built-in type that values of a type are written as: `map` for a struct, `string` for an enum."""
        ...


class ModuleTypes:
    """The types of a module, read from its text when a parameter names one."""

    def __init__(self, read_text: Callable[[], bytes]) -> None:
        self._read_text = read_text
        self._definitions: dict[str, dict[str, object]] | None = None

    def written_as(self, name: str) -> str:
        """Return the built-in type that values of a type are written as; aliases are resolved already."""
        kind = self._find(name).get("kind")
        return "map" if kind == "struct" else "string" if kind == "enum" else "any"

    def _find(self, name: str) -> dict[str, object]:
        if self._definitions is None:
            self._definitions = {}
            module = json.loads(self._read_text())
            for one in module.get("types", []):
                self._definitions[one["name"]] = one["definition"]
        return self._definitions.get(name, {})


def _read(word: str, parameter: "Parameter", types: Types, read_json: JsonReader) -> object:
    name = parameter.type.partition("<")[0]
    kind = name if name in _BUILT_IN else types.written_as(name)
    try:
        _check_text(word)
        if kind in _READERS:
            return _READERS[kind](word)
        return _READERS_OF_JSON[kind](word, read_json)
    except ValueError as error:
        shown = word if len(word) <= _LONGEST_SHOWN else f"{word[:_LONGEST_SHOWN]}…"
        raise UsageMistake(f"{_wanted(parameter.name, parameter.type)}: {error}, found {shown!r}") from None


def _check_text(word: str) -> None:
    # Bytes that are no UTF-8 come as lone surrogates.
    if not word.isascii() and any("\ud800" <= character <= "\udfff" for character in word):
        raise ValueError("expected text in UTF-8")


def _read_int(word: str) -> int:
    if not _INT.fullmatch(word):
        raise ValueError("expected a whole number")
    return _in_range(word)


def _read_float(word: str) -> float:
    if not _FLOAT.fullmatch(word):
        raise ValueError("expected a number")
    return float(word)


def _read_bool(word: str) -> bool:
    if word not in ("true", "false"):
        raise ValueError("expected true or false")
    return word == "true"


def _read_array(word: str, read_json: JsonReader) -> object:
    value = read_json(word)
    if not isinstance(value, list):
        raise ValueError('expected a JSON array, such as [1, 2] or ["a"]')  # noqa: TRY004 - it is the text that is wrong
    return value


def _read_map(word: str, read_json: JsonReader) -> object:
    value = read_json(word)
    if not isinstance(value, dict):
        raise ValueError('expected a JSON object, such as {"key": 1}')  # noqa: TRY004 - it is the text that is wrong
    return value


def _read_any(word: str, read_json: JsonReader) -> object:
    try:
        return read_json(word)
    except ValueError:
        if _is_nearly_json(word):
            raise
        return word


def _is_nearly_json(word: str) -> bool:
    """Say whether a text is JSON to others, though not to the language: it was not meant as plain text."""
    try:
        json.loads(word, parse_int=str, parse_constant=_refuse)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _in_range(digits: str) -> int:
    # Python refuses to convert thousands of digits, with another message.
    value = int(digits) if len(digits) < 30 else _MOST + 1
    if not _LEAST <= value <= _MOST:
        raise ValueError(f"expected a number from {_LEAST} to {_MOST}")
    return value


def _refuse(constant: str) -> object:
    raise ValueError(f"JSON has no {constant}")


def _count(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"


_READERS: dict[str, Callable[[str], object]] = {
    "int": _read_int,
    "float": _read_float,
    "bool": _read_bool,
    "string": str,
}
_READERS_OF_JSON: dict[str, Callable[[str, JsonReader], object]] = {
    "array": _read_array,
    "map": _read_map,
    "any": _read_any,
}
_BUILT_IN = _READERS.keys() | _READERS_OF_JSON.keys()
