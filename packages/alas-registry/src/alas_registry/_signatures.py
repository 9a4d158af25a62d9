"""Whether arguments and results are as a manifest says.

Values come from outside ALaS or go there, so they are Python values: int, float, bool, str, None, lists and tuples, mappings,
and buffers of numbers. The walk keeps a list of what is still to be looked at instead of recursing, because values nest as deep
as memory allows.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from alas_registry._errors import ArgumentsError, FunctionNotFoundError, ResultError

if TYPE_CHECKING:
    from alas_manifest import FunctionSignature, Manifest, TypeDefinition, TypeReference

_INT_RANGE = range(-(2**63), 2**63)
# Types of Python whose values fit without a look at each.
_SURE_KINDS: dict[str, frozenset[type]] = {
    "float": frozenset({float}),
    "string": frozenset({str}),
    "bool": frozenset({bool}),
    "void": frozenset({type(None)}),
}
_INT_FORMATS, _FLOAT_FORMATS, _BOOL_FORMATS = "bBhHiIlLqQnN", "efd", "?"


class _Mismatch(NamedTuple):
    """Why a value does not fit: what was expected and found, and where inside the value."""

    expected: str
    found: str
    place: "_Place"

    def __str__(self) -> str:
        """Return it as text, with the place."""
        way: list[str] = []
        place = self.place
        while place is not None:
            place, step = place
            way.append(step)
        lead = f"{''.join(reversed(way))}: " if way else ""
        return f"{lead}expected {self.expected}, found {self.found}"


# A value, the type that it should have, and its place inside the argument or result.
_Part: TypeAlias = "tuple[object, TypeReference, _Place]"
# The place of what holds it, and the way from there; None for the value itself.
_Place: TypeAlias = "tuple[_Place, str] | None"


class SignatureTable:
    """The functions of one plugin as its manifest describes them."""

    def __init__(
        self, manifest: "Manifest", foreign_types: "Mapping[str, TypeDefinition] | None" = None
    ) -> None:
        """Take the signatures.

        Args:
            manifest: describes the functions and types.
            foreign_types: types of plugins that it depends on, by module and name, which its functions may name.
        """
        self._plugin = manifest.name
        self._functions = {function.name: function for function in manifest.functions}
        foreign = foreign_types if foreign_types is not None else {}
        # The plugin's own types come before those of others, which need no module where they are the only ones of a name.
        self._types = {
            **{name.rpartition(".")[2]: one for name, one in foreign.items()},
            **foreign,
            **{one.name: one for one in manifest.types},
        }

    def check_arguments(self, function: str, arguments: Sequence[object]) -> "FunctionSignature | None":
        """Check the arguments of a call.

        Args:
            function: the function's name, without the module's.
            arguments: its arguments in order.

        Returns:
            The function's signature; None when the manifest describes no functions at all.

        Raises:
            FunctionNotFoundError: the manifest describes other functions.
            ArgumentsError: there are more or fewer than parameters, or one does not fit.
        """
        signature = self._functions.get(function)
        if signature is None:
            if self._functions:
                raise self._unknown(function)
            return None
        if len(arguments) != len(signature.params):
            raise ArgumentsError(
                f"{signature} of plugin `{self._plugin}` takes {_count(len(signature.params))}, "
                f"but {len(arguments)} {'was' if len(arguments) == 1 else 'were'} given",
                plugin=self._plugin,
                function=function,
            )
        for parameter, argument in zip(signature.params, arguments, strict=True):
            mismatch = self._find_mismatch(argument, parameter.type)
            if mismatch is not None:
                raise ArgumentsError(
                    f"{signature} of plugin `{self._plugin}`: the argument for `{parameter.name}` does not fit: {mismatch}",
                    plugin=self._plugin,
                    function=function,
                )
        return signature

    def check_result(self, signature: "FunctionSignature", result: object) -> None:
        """Check the result of a call.

        Args:
            signature: of the function that was called.
            result: what it returned.

        Raises:
            ResultError: it is not what the manifest promises.
        """
        if signature.returns is None:
            return
        mismatch = self._find_mismatch(result, signature.returns)
        if mismatch is not None:
            raise ResultError(
                f"{signature} of plugin `{self._plugin}` returned what its manifest does not promise: {mismatch}; "
                "mend the plugin",
                plugin=self._plugin,
                function=signature.name,
            )

    def _unknown(self, function: str) -> FunctionNotFoundError:
        from alas_manifest import nearest_name, quote_text

        near = nearest_name(function[:64], self._functions)
        advice = f"did you mean `{near}`?" if near is not None else f"it has: {', '.join(self._functions)}"
        return FunctionNotFoundError(
            f"plugin `{self._plugin}` has no function {quote_text(function)}; {advice}",
            plugin=self._plugin,
            function=function,
        )

    # --- One value ---

    def _find_mismatch(self, value: object, wanted: "TypeReference") -> _Mismatch | None:
        """Return the first place where a value does not fit a type."""
        waiting: list[_Part] = [(value, wanted, None)]
        # A value may hold another many times, or even itself; what was looked at once is not looked at again. Values are kept
        # because a mapping may make them as it is read, and an id then belongs to one value after the other.
        seen: dict[tuple[int, TypeReference], object] = {}
        while waiting:
            value, wanted, _ = part = waiting.pop()
            if isinstance(value, list | tuple | Mapping):
                if (id(value), wanted) in seen:
                    continue
                seen[id(value), wanted] = value
            definition = self._types.get(wanted.name)
            if definition is None:
                mismatch = self._look(part, waiting)
            else:
                mismatch = _look_at_defined(part, definition, waiting)
            if mismatch is not None:
                return mismatch
        return None

    def _look(self, part: "_Part", waiting: "list[_Part]") -> _Mismatch | None:
        """Look at a value of a built-in type; what it holds is added to what is waiting."""
        value, wanted, place = part
        check = _KIND_CHECKS.get(wanted.name)
        if check is None:
            # `any`, a task, or a type of a dependency that only the engine knows.
            return None
        if not check(value):
            return _Mismatch(str(wanted), _described(value), place)
        if wanted.element is not None and wanted.element.name != "any":
            if isinstance(value, Mapping):
                waiting += [(one, wanted.element, (place, f"[{key!r}]")) for key, one in value.items()][::-1]
            else:
                waiting += _elements(value, wanted.element, place)
        return None


def _elements(value: object, element: "TypeReference", place: "_Place") -> "list[_Part]":
    """Return the elements of an array that need a look."""
    numbers = _buffer_format(value)
    if numbers is not None:
        if _fits_format(element.name, numbers):
            return []
        value = memoryview(cast("bytes", value)).tolist()
    items = cast("Sequence[object]", value)
    sure = _SURE_KINDS.get(element.name)
    if sure is not None and sure.issuperset(map(type, items)):
        return []
    # Taken from the end, so that the first element that does not fit is reported.
    return [(items[index], element, (place, f"[{index}]")) for index in reversed(range(len(items)))]


def _look_at_defined(part: "_Part", definition: "TypeDefinition", waiting: "list[_Part]") -> _Mismatch | None:
    """Look at a value of a type that a manifest defines; what it holds is added to what is waiting."""
    value, _, place = part
    if definition.kind == "alias":
        if definition.base_type is not None:
            waiting.append((value, definition.base_type, place))
        return None
    expected = definition.name
    if definition.kind == "enum":
        if isinstance(value, str) and value in definition.values:
            return None
        expected += f" (one of {', '.join(map(repr, definition.values))})"
    elif isinstance(value, Mapping):
        fields = {field.name: field for field in definition.fields}
        if fields.keys() == value.keys():
            waiting += [
                (value[name], field.type, (place, f".{name}")) for name, field in reversed(fields.items())
            ]
            return None
        expected += f" with the fields {', '.join(fields)}"
        return _Mismatch(expected, f"a map with the fields {_joined(value)}", place)
    return _Mismatch(expected, _described(value), place)


def _joined(keys: Iterable[object]) -> str:
    return ", ".join(map(str, keys)) or "none"


def _is_int(value: object) -> bool:
    if type(value) is int:
        return value in _INT_RANGE
    if isinstance(value, bool | str):
        return False
    try:
        return operator.index(cast("int", value)) in _INT_RANGE
    except TypeError:
        return False


def _is_float(value: object) -> bool:
    return isinstance(value, float) or _is_int(value)


def _is_array(value: object) -> bool:
    return isinstance(value, list | tuple) or _buffer_format(value) is not None


_KIND_CHECKS: dict[str, Callable[[object], bool]] = {
    "int": _is_int,
    "float": _is_float,
    "string": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "void": lambda value: value is None,
    "array": _is_array,
    "map": lambda value: isinstance(value, Mapping),
}


def _buffer_format(value: object) -> str | None:
    """Return the element format of a buffer of numbers; None for all other values, texts of bytes among them."""
    if isinstance(value, list | tuple | str | bytes | bytearray | Mapping):
        return None
    try:
        with memoryview(cast("bytes", value)) as view:
            return view.format.lstrip("@=<>!") if view.ndim == 1 else None
    except TypeError:
        return None


def _fits_format(element: str, numbers: str) -> bool:
    if element == "float":
        return numbers in _FLOAT_FORMATS or numbers in _INT_FORMATS
    return numbers in (_INT_FORMATS if element == "int" else _BOOL_FORMATS if element == "bool" else "")


def _described(value: object) -> str:
    """Return what a value is, short and safe to print."""
    from alas_manifest import quote_text

    if value is None:
        return "void"
    if isinstance(value, bool):
        return f"the bool `{'true' if value else 'false'}`"
    if isinstance(value, int) and value not in _INT_RANGE:
        return "an int that does not fit 64 bits"
    kind = _KIND_NAMES.get(type(value))
    if kind is None:
        return f"a value of the Python type {type(value).__name__}"
    return kind if isinstance(value, list | tuple | dict) else f"{kind} {quote_text(str(value))}"


_KIND_NAMES: dict[type, str] = {
    int: "the int",
    float: "the float",
    str: "the text",
    list: "an array",
    tuple: "an array",
    dict: "a map",
}


def _count(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"
