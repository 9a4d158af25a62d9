"""A program's result as the text that `io.println` would print."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alas_interp import Interpreter

# The engine alone decides how values look, so it is asked.
_HELPER = {
    "type": "module",
    "name": "alas-run.text",
    "functions": [
        {
            "name": "text",
            "params": [{"name": "value", "type": "any"}],
            "returns": "string",
            "body": [
                {
                    "type": "return",
                    "value": {
                        "type": "builtin",
                        "name": "type.toString",
                        "args": [{"type": "variable", "name": "value"}],
                    },
                }
            ],
        }
    ],
}


def result_text(interpreter: "Interpreter", result: object) -> str:
    """Return the text of a result.

    Args:
        interpreter: any interpreter.
        result: what a call returned.

    Raises:
        RunError: the interpreter's limits are too small even for this.
    """
    if isinstance(result, str):
        return result
    if isinstance(result, bool):
        return "true" if result else "false"
    if isinstance(result, int):
        return str(result)
    module = interpreter.load(_HELPER)
    return str(interpreter.call(f"{module.name}.text", result))
