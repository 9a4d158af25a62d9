"""From a Python function to what the manifest says about it, and to what calls it with values of ALaS."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from alas_builtin._containers import AnyConversion
from alas_builtin._conversion import Conversion, MisfitError
from alas_builtin._declared_types import DeclaredTypes
from alas_builtin._docstrings import read_docstring
from alas_builtin._errors import ConversionError, DefinitionError
from alas_builtin._hints import HintReader, pascal_case
from alas_builtin._structs import evaluated_hints
from alas_manifest import FunctionSignature, Parameter

_ANY = AnyConversion()


@dataclass(frozen=True, slots=True)
class BuiltinParameter:
    """A parameter of a function.

    Attributes:
        name: its name.
        conversion: what takes its values across the border.
        by_name: whether Python wants it by name.
    """

    name: str
    conversion: Conversion
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class BuiltinFunction:
    """A Python function that is a function of a plugin.

    Attributes:
        name: what ALaS calls it.
        module: the ALaS module that it belongs to.
        implementation: the Python function.
        parameters: its parameters in order.
        result: what takes its results across the border.
        stated_description: what it does, when somebody said so besides its docstring.
    """

    name: str
    module: str
    implementation: Callable[..., object]
    parameters: tuple[BuiltinParameter, ...]
    result: Conversion
    stated_description: str | None = None

    @property
    def signature(self) -> FunctionSignature:
        """Its name and types, without what the docstring says."""
        parameters = tuple(Parameter(name=one.name, type=one.conversion.reference) for one in self.parameters)
        return FunctionSignature(name=self.name, params=parameters, returns=self.result.reference)

    def described_signature(self) -> FunctionSignature:
        """Return the signature with what the docstring says, its parameters included, as fields for tools."""
        said = read_docstring(self.implementation)
        signature = self.signature
        parameters = tuple(
            dataclasses.replace(one, extra={"x-description": said.parameters[one.name]})
            if one.name in said.parameters
            else one
            for one in signature.params
        )
        return dataclasses.replace(
            signature,
            params=parameters,
            description=said.text if self.stated_description is None else self.stated_description,
            extra={"x-returns": said.returns} if said.returns else {},
        )

    def call(self, arguments: Sequence[object]) -> object:
        """Call the function with values of ALaS.

        Args:
            arguments: the arguments in order.

        Returns:
            The result as a value of ALaS.

        Raises:
            ConversionError: an argument or the result does not fit.
            Exception: whatever the function raises.
        """
        if len(arguments) != len(self.parameters):
            wanted = "1 argument" if len(self.parameters) == 1 else f"{len(self.parameters)} arguments"
            message = f"{self.module}.{self.name} takes {wanted}, found {len(arguments)}: {self.signature}"
            raise ConversionError(
                message, function=f"{self.module}.{self.name}", expected=wanted, found=tuple(arguments)
            )
        by_position: list[object] = []
        by_name: dict[str, object] = {}
        for parameter, argument in zip(self.parameters, arguments, strict=True):
            try:
                value = _convert(parameter.conversion.to_python, argument)
            except MisfitError as misfit:
                raise self._misfit(misfit, parameter) from misfit.__cause__
            if parameter.by_name:
                by_name[parameter.name] = value
            else:
                by_position.append(value)
        result = self.implementation(*by_position, **by_name)
        try:
            return _convert(self.result.to_alas, result)
        except MisfitError as misfit:
            raise self._misfit(misfit) from misfit.__cause__

    def __call__(self, *arguments: object) -> object:
        """Call the function with values of ALaS, as `call` does."""
        return self.call(arguments)

    def _misfit(self, misfit: MisfitError, parameter: BuiltinParameter | None = None) -> ConversionError:
        """Say which parameter does not fit, or that the result does not."""
        function = f"{self.module}.{self.name}"
        whole = f"the parameter `{parameter.name}`" if parameter is not None else "the result"
        way = "".join(reversed(misfit.steps))
        return ConversionError(
            f"{whole} of {function}{f', at {way}' if way else ''}: {misfit}",
            function=function,
            expected=misfit.expected,
            found=misfit.found,
            is_result=parameter is None,
        )


def _convert(convert: Callable[[object], object], value: object) -> object:
    try:
        return convert(value)
    except RecursionError:
        raise MisfitError("a value", value, "the value contains itself, or is nested too deep") from None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the author of a function says about it besides its hints and docstring.

    Attributes:
        name: what ALaS calls it; None takes Python's name.
        description: what it does; None takes the docstring's first paragraph.
    """

    name: str | None = None
    description: str | None = None


def read_function(
    implementation: Callable[..., object], stated: Stated, module: str, types: DeclaredTypes
) -> BuiltinFunction:
    """Make a function of a plugin.

    Args:
        implementation: the Python function.
        stated: what its author says about it.
        module: the ALaS module that it will belong to.
        types: the types of the plugin; takes those that the function needs.

    Returns:
        The function.

    Raises:
        DefinitionError: it cannot be a function of ALaS; the message says why and what to write instead.
    """
    name = stated.name if stated.name is not None else getattr(implementation, "__name__", "")
    if not (name.isascii() and name.isidentifier()):
        raise DefinitionError(
            f'a function needs a name of letters, digits and underscores, found "{name}"; '
            'give it one: @plugin.function(name="…")'
        )
    signature = _python_signature(implementation, name)
    inner = inspect.unwrap(implementation)
    hints = evaluated_hints(getattr(inner, "func", inner), f"the function `{name}`")
    namespace: Mapping[str, object] = getattr(inner, "__globals__", {})
    parameters = []
    for parameter in signature.parameters.values():
        _check_parameter(parameter, name)
        hint = hints.get(parameter.name, inspect.Parameter.empty)
        reader = HintReader(
            types,
            f"the parameter `{parameter.name}` of `{name}`",
            (pascal_case(parameter.name), pascal_case(f"{name}_{parameter.name}")),
            namespace,
        )
        conversion = _ANY if hint is inspect.Parameter.empty else reader.read(hint)
        by_name = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        parameters.append(BuiltinParameter(parameter.name, conversion, by_name))
    suggested = (pascal_case(f"{name}_result"),)
    reader = HintReader(types, f"the result of `{name}`", suggested, namespace, is_result=True)
    result = reader.read(hints["return"]) if "return" in hints else _ANY
    return BuiltinFunction(name, module, implementation, tuple(parameters), result, stated.description)


def _python_signature(implementation: Callable[..., object], name: str) -> inspect.Signature:
    if not callable(implementation):
        raise DefinitionError(
            f"expected a function, found {implementation!r}; write @plugin.function right above a `def`"
        )
    if isinstance(implementation, type):
        raise DefinitionError(
            f"`{name}` is a class; write a function that makes an instance, or use @plugin.type"
        )
    if inspect.iscoroutinefunction(implementation) or inspect.isasyncgenfunction(implementation):
        raise DefinitionError(
            f"`{name}` is asynchronous, which is not supported yet; write `def`, and run the event loop inside: asyncio.run(…)"
        )
    try:
        return inspect.signature(implementation)
    except (TypeError, ValueError):
        raise DefinitionError(
            f"`{name}` does not say which parameters it has, as some functions written in C; write a `def` that calls it"
        ) from None


def _check_parameter(parameter: inspect.Parameter, function: str) -> None:
    place = f"the parameter `{parameter.name}` of `{function}`"
    if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
        mark, instead = (
            ("*", "list[…]") if parameter.kind is inspect.Parameter.VAR_POSITIONAL else ("**", "dict[str, …]")
        )
        raise DefinitionError(
            f"{place}: a function of ALaS has a fixed number of parameters, so there is no `{mark}{parameter.name}`; "
            f"take one parameter of the type {instead}"
        )
    if parameter.default is not inspect.Parameter.empty:
        raise DefinitionError(
            f"{place}: a function of ALaS has a fixed number of parameters, so the default {parameter.default!r} would never "
            "be used; remove it, or offer a second function without this parameter"
        )
    if not parameter.name.isascii():
        raise DefinitionError(
            f"{place}: names in ALaS have the letters A to Z, digits and underscores; rename it"
        )
    if parameter.name == "self" and parameter.annotation is inspect.Parameter.empty:
        raise DefinitionError(f"{place}: `{function}` is a method; write a function outside of any class")
