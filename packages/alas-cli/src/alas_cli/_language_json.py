"""JSON by the rules of the language: no key twice, numbers that fit, nested no deeper than a program may be."""

import functools
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# The engine alone decides what is JSON to a program, so it is asked.
_HELPER = {
    "type": "module",
    "name": "alas-cli.json",
    "functions": [
        {
            "name": "parse",
            "params": [{"name": "text", "type": "string"}],
            "returns": "any",
            "body": [
                {
                    "type": "return",
                    "value": {
                        "type": "builtin",
                        "name": "json.parse",
                        "args": [{"type": "variable", "name": "text"}],
                    },
                }
            ],
        }
    ],
}
_FIRST_LINE = re.compile(r"line 1, (column \d+): (.*)", re.DOTALL)


class JsonReader:
    """Reads JSON texts.

    Example:
        >>> JsonReader()('{"a": [1, 2.0]}')
        {'a': [1, 2.0]}
        >>> JsonReader()('{"a": 1, "a": 2}')
        Traceback (most recent call last):
        ...
        ValueError: expected JSON (column 10: the object names the key `a` twice; the first stands at line 1, column 2)
    """

    def __call__(self, text: str) -> object:
        """Return the value of a text.

        Raises:
            ValueError: it is not JSON, or not what the language takes.
        """
        result: Any = self._parse(text)
        if not result["ok"]:
            match = _FIRST_LINE.fullmatch(result["error"])
            where = f"{match[1]}: {match[2]}" if match is not None else result["error"]
            raise ValueError(f"expected JSON ({where})")
        value: object = result["value"]
        return value

    @functools.cached_property
    def _parse(self) -> "Callable[[str], object]":
        from alas_interp import Interpreter

        interpreter = Interpreter()
        interpreter.load(_HELPER)
        return interpreter.function("alas-cli.json.parse")
