"""What the fields of a file of tests accept, in one table.

It is made of the shapes that `plugin.json` is read with, so that both files report mistakes alike.
"""

from dataclasses import dataclass, field

from alas_cli._plugin._testing.model import Given
from alas_manifest import Duration, Extra
from alas_manifest.typed_json import (
    DURATION,
    Definitions,
    Field,
    Place,
    Record,
    Repeated,
    Schema,
    Shape,
    Text,
    by_name,
    by_text,
    report_kind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFields:
    """A call, as a file has it."""

    function: str
    args: tuple[Given, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFields:
    """An expected error, as a file has it."""

    code: str
    message: str | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFields:
    """A test, as a file has it."""

    name: str
    function: str
    args: tuple[Given, ...] = ()
    expected: Given | None = None
    expected_error: ErrorFields | None = None
    timeout: Duration | None = None
    tags: tuple[str, ...] = ()
    setup: tuple[CallFields, ...] = ()
    teardown: tuple[CallFields, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFields:
    """A whole file, when it is an object."""

    tests: tuple[CaseFields, ...]
    setup: tuple[CallFields, ...] = ()
    teardown: tuple[CallFields, ...] = ()
    extra: Extra = field(default_factory=dict)


class _AnyValue(Shape[Given]):
    """Any JSON value, `null` among them."""

    def read(self, place: Place) -> Given:
        """Read a value."""
        return Given(place.value)

    def schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a JSON Schema."""
        del definitions
        return {}


class _ErrorShape(Shape[ErrorFields]):
    """The code of an error, or an object of code and message."""

    def read(self, place: Place) -> ErrorFields | None:
        """Read how a call has to fail."""
        if place.text is not None:
            return ErrorFields(code=place.text)
        if isinstance(place.value, dict):
            return ERROR.read(place)
        report_kind(place, 'the code of an error, such as "division_by_zero", or an object')
        return None

    def schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a JSON Schema."""
        return {"anyOf": [{"type": "string"}, ERROR.schema(definitions)]}


_FUNCTION = Field(Text(), "The function, without the module's name.", is_required=True, example='"process"')
_ARGS = Field(Repeated(_AnyValue()), "The arguments in their order.")

ERROR = Record(
    "expected error",
    ErrorFields,
    {
        "code": Field(Text(), "The code of the error.", is_required=True, example='"division_by_zero"'),
        "message": Field(Text(), "What the message has to contain."),
    },
)
CALL = Record("call", CallFields, {"function": _FUNCTION, "args": _ARGS})
CASE = Record(
    "test",
    CaseFields,
    {
        "name": Field(Text(), "What the test proves.", is_required=True, example='"what it proves"'),
        "function": _FUNCTION,
        "args": _ARGS,
        "expected": Field(_AnyValue(), "The result; null for none."),
        "expected_error": Field(_ErrorShape(), "How the call has to fail."),
        "timeout": Field(DURATION, "How long each call of the test may take."),
        "tags": Field(Repeated(Text(), by_text, "tag"), "Words to choose tests by."),
        "setup": Field(Repeated(CALL), "Calls before the test."),
        "teardown": Field(Repeated(CALL), "Calls after the test, whatever came of it."),
    },
)
CASES = Repeated(CASE, by_name, "test")
FILE = Record(
    "tests of a plugin",
    FileFields,
    {
        "tests": Field(CASES, "The tests.", is_required=True, example="[]"),
        "setup": Field(Repeated(CALL), "Calls before the first test."),
        "teardown": Field(Repeated(CALL), "Calls after the last test."),
    },
    ("$schema",),
)
STEPS = ("setup", "teardown")
