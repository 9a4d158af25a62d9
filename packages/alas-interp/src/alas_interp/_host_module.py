"""Python functions that a host offers to programs, without a plugin around them."""

import functools
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

from alas_core.errors import AlasTypeError, NativeError, RunError

if TYPE_CHECKING:
    import alas_core
    from alas_builtin import BuiltinFunction
    from alas_manifest import FunctionSignature, TypeDefinition

Implementation = TypeVar("Implementation", bound=Callable[..., Any])
Class = TypeVar("Class", bound=type)

Declaration = tuple[str, list[tuple[str, str]], str | None, Callable[..., object]]


class HostModule:
    """A module of Python functions, which `Interpreter.define` lets programs call.

    Functions join by a decorator that reads their type hints, as those of a builtin plugin do; or by `add`, with types in the
    words of the language. A result that is not of the declared type is the error `native_error`; an exception is a run-time
    error too, of the class that means the same (`ValueError` is `value_error`) or else `native_error`. Raise a class of
    `alas_interp` to choose the error, such as `PermissionDeniedError("…")`. Either way the exception is its `__cause__`.

    Attributes:
        name: the module's name.

    Example:
        >>> from alas_interp import Interpreter
        >>> shop = HostModule("shop")
        >>> @shop.function
        ... def price(item: str, count: int) -> float:
        ...     return {"tea": 2.5, "cake": 4.0}[item] * count
        >>> with Interpreter() as interpreter:
        ...     print(interpreter.define(shop).function("price"))
        ...     interpreter.call("shop.price", "tea", 2)
        price(item: string, count: int) -> float
        5.0
    """

    def __init__(self, name: str) -> None:
        """Make a module without functions.

        Args:
            name: what programs write before the names of its functions.

        Raises:
            DefinitionError: it is not the name of a module, or one of the standard library.
        """
        import alas_core
        from alas_builtin import BuiltinPlugin, DefinitionError

        namespaces = {function.partition(".")[0] for function, *_ in alas_core.library()}
        if name.startswith("std.") or name in namespaces:
            raise DefinitionError(f"`{name}` is a module of the standard library; choose another name")
        self.name = name
        plugin_name = re.sub(r"[^a-z0-9._-]", "-", name.lower()).strip("._-") or "host"
        self._described = BuiltinPlugin(plugin_name, version="0.0.0", module=name)
        self._added: list[Declaration] = []

    @overload
    def function(self, implementation: Implementation, /) -> Implementation: ...

    @overload
    def function(self, /, *, name: str | None = None) -> Callable[[Implementation], Implementation]: ...

    def function(
        self, implementation: Implementation | None = None, /, *, name: str | None = None
    ) -> Implementation | Callable[[Implementation], Implementation]:
        """Make a Python function a function of the module. A decorator, with arguments or without.

        Args:
            implementation: the function; its hints say what it takes and returns, and one without hints is dynamic.
            name: what programs call it, when it is not the Python name.

        Returns:
            The same function, to be called from Python as before.

        Raises:
            DefinitionError: programs cannot call it; the message says why and what to write instead.
        """
        if implementation is None:
            return functools.partial(self._join, name=name)
        return self._join(implementation, name)

    def _join(self, implementation: Implementation, name: str | None) -> Implementation:
        return self._described.function(name=name)(implementation)

    def type(self, kind: Class) -> Class:
        """Make a class a type of the module though no hint names the class. A decorator.

        Args:
            kind: a dataclass, TypedDict, NamedTuple or enumeration of texts.

        Returns:
            The same class.

        Raises:
            DefinitionError: the language has no such types.
        """
        return self._described.type(kind)

    def add(
        self,
        name: str,
        implementation: Callable[..., object],
        parameters: Mapping[str, str],
        returns: str = "any",
    ) -> None:
        """Add a function whose types are stated, for those without hints and for speed: nothing is converted for it.

        It is passed int, float, bool, str, None, lists, and dicts with str keys.

        Args:
            name: what programs call it.
            implementation: what is called, with its arguments by position.
            parameters: the name and type of each parameter, in order.
            returns: the type of its result.

        Raises:
            TypeError: the implementation is not callable.

        Example:
            >>> import math
            >>> numbers = HostModule("numbers")
            >>> numbers.add("gcd", math.gcd, {"a": "int", "b": "int"}, "int")
            >>> from alas_interp import Interpreter
            >>> interpreter = Interpreter()
            >>> print(*interpreter.define(numbers).functions)
            gcd(a: int, b: int) -> int
            >>> interpreter.call("numbers.gcd", 12, 18)
            6
        """
        if not callable(implementation):
            raise TypeError(f"expected what implements {self.name}.{name}, found {implementation!r}")
        self._added.append((name, list(parameters.items()), returns, implementation))

    def for_engine(self) -> "alas_core.HostModule":
        """Return the module as the engine takes it, with the functions that have joined so far."""
        import alas_core

        described = [declare_function(one.signature, one) for one in self._described.functions]
        types = [declare_type(definition) for definition in self._described.types]
        return alas_core.HostModule(self.name, [*described, *self._added], types=types)


# --- From functions with hints to the engine's declarations ---


def declare_function(signature: "FunctionSignature", function: "BuiltinFunction") -> Declaration:
    """Declare a function with hints to the engine.

    Args:
        signature: what it takes and returns.
        function: the function, and what converts its arguments and its result.

    Returns:
        Its name, its parameters with their types, the type of its result, and what the engine calls.
    """
    parameters = [(one.name, str(one.type)) for one in signature.params]
    returns = str(signature.returns) if signature.returns is not None else None
    return signature.name, parameters, returns, _with_errors_of_the_language(function)


def declare_type(definition: "TypeDefinition") -> dict[str, object]:
    """Return a type as a module defines it.

    Args:
        definition: the type as a manifest has it.
    """
    body: dict[str, object] = {"kind": definition.kind}
    if definition.kind == "struct":
        body["fields"] = [{"name": one.name, "type": str(one.type)} for one in definition.fields]
    elif definition.kind == "enum":
        body["values"] = list(definition.values)
    else:
        body["type"] = str(definition.base_type)
    return {"name": definition.name, "definition": body}


def _with_errors_of_the_language(function: "BuiltinFunction") -> Callable[..., object]:
    """Return what calls a function, and raises what it raises as an error of the language where there is the same one."""
    from alas_builtin import ConversionError

    call, name = _shortest_call(function), f"{function.module}.{function.name}"

    def call_or_raise(*arguments: object) -> object:
        try:
            return call(*arguments)
        except ConversionError as error:
            # A wrong argument is the caller's mistake, a wrong result the function's.
            kind = NativeError if error.is_result else AlasTypeError
            raise kind(error.message) from error
        except RunError:
            raise
        except Exception as error:
            from alas_interp._native_failures import failure_of

            raise failure_of(name, function.implementation, error) from error
        except SystemExit as error:
            from alas_interp._native_failures import failure_of, is_of_function

            if is_of_function(error):
                raise failure_of(name, function.implementation, error) from error
            raise

    return call_or_raise


def _shortest_call(function: "BuiltinFunction") -> Callable[..., object]:
    """Return what calls a function. Scalars pass as they are, because the engine has checked them."""
    exact = function.result.exact
    if exact is None or any(one.by_name or one.conversion.exact is None for one in function.parameters):
        return function
    implementation, name = function.implementation, f"{function.module}.{function.name}"

    def call(*arguments: object) -> object:
        result = implementation(*arguments)
        if type(result) is exact:
            return result
        # What is like the declared type, such as the numbers of other libraries, becomes one of it.
        try:
            return function.result.to_alas(result)
        except Exception as error:
            raise NativeError(f"the result of {name}: {error}") from error

    return call
