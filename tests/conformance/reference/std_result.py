"""`result` and `json`: what can go wrong, as a value."""

from __future__ import annotations

from .errors import UNCATCHABLE, Failure, value_error
from .library import Host, function, host_function
from .text import parse_json
from .text import stringify as json_text
from .values import Value

Map = dict[str, Value]


def success(value: Value) -> Map:
    """The Result of a success."""
    return {"ok": True, "value": value, "error": ""}


def failure(message: str, code: str | None = None) -> Map:
    """The Result of a failure; with a code when it was an error before."""
    plain: Map = {"ok": False, "value": None, "error": message}
    return plain if code is None else {**plain, "code": code}


@function("result.ok", "any")
def ok(value: Value) -> Value:
    return success(value)


@function("result.error", "string")
def error(message: str) -> Value:
    return failure(message)


def _outcome(result: Map) -> bool:
    """Whether the Result is a success."""
    outcome = result.get("ok")
    if not isinstance(outcome, bool) or "value" not in result or not isinstance(result.get("error"), str):
        raise value_error("the map is no Result")
    return outcome


@function("result.isOk", "map")
def is_ok(result: Map) -> Value:
    return _outcome(result)


@function("result.isError", "map")
def is_error(result: Map) -> Value:
    return not _outcome(result)


@function("result.getValue", "map")
def get_value(result: Map) -> Value:
    if not _outcome(result):
        raise value_error(str(result["error"]))
    return result["value"]


@function("result.getError", "map")
def get_error(result: Map) -> Value:
    if _outcome(result):
        raise value_error("the Result is a success")
    return result["error"]


@host_function("result.try", "string", "array")
def attempt(host: Host, name: str, arguments: list[Value]) -> Value:
    try:
        return success(host.call_by_name(name, arguments))
    except Failure as problem:
        if problem.code in UNCATCHABLE:
            raise
        return failure(problem.message, problem.code)


@function("json.parse", "string")
def parse(source: str) -> Value:
    try:
        return success(parse_json(source))
    except ValueError as problem:
        return failure(str(problem), "value_error")


@function("json.stringify", "any", "int?")
def stringify(value: Value, indent: int | None = None) -> Value:
    if indent is not None and not 0 <= indent <= 16:
        raise value_error(f"an indent of {indent}")
    return json_text(value, indent or None)
