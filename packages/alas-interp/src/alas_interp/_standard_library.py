"""The standard library as builtin plugins: one for each namespace, made when somebody lists or calls them.

The engine has these functions anyway; the plugins describe them in the form that all plugins have, and let Python call them.
"""

import functools
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import alas_core
from alas_core.errors import FunctionNotFoundError
from alas_interp._interpreter import Interpreter
from alas_manifest import (
    BUILTIN_TYPES,
    CAPABILITIES,
    STANDARD_LIBRARY,
    Capability,
    FunctionSignature,
    Implementation,
    JsonValue,
    Manifest,
    Parameter,
    Security,
    TypeReference,
    Version,
    nearest_name,
    quote_text,
)

_PREFIX = "std."
_ANY = TypeReference("any")
_SIGNATURE = re.compile(r"\((?P<params>.*)\) -> (?P<returns>.*)")
_DESCRIPTIONS = {
    "io": "Input and output on the console, and of files",
    "math": "Numbers: constants, powers, logarithms, angles, rounding, chance",
    "string": "Text",
    "collections": "What strings, arrays and maps have in common",
    "array": "Arrays",
    "map": "Maps",
    "type": "Types of values, and values of other types",
    "result": "Results that may be errors, and catching errors",
    "json": "JSON",
    "async": "Tasks that run at once",
    "time": "Moments and durations",
    "env": "Environment variables",
    "plugin": "What a plugin's manifest says, for its own code",
    "fs": "Files and folders",
    "net": "Requests over the network",
    "process": "Other programs",
}


def is_standard(name: str) -> bool:
    """Say whether a plugin is one of the standard library, whose names no other plugin can have."""
    return name.startswith(_PREFIX)


@functools.cache
def standard_manifests() -> tuple[Manifest, ...]:
    """Return a manifest for each namespace of the standard library, in the order of the language's description.

    A parameter that may be left out has `x-optional`; what a signature says beyond the types of manifests stands under `x-signature`.

    Example:
        >>> [manifest.name for manifest in standard_manifests()][:2]
        ['std.io', 'std.math']
    """
    functions: dict[str, list[tuple[str, str, list[str], str]]] = {}
    for name, signature, capabilities, documentation in alas_core.library():
        namespace, _, function = name.partition(".")
        functions.setdefault(namespace, []).append((function, signature, capabilities, documentation))
    return tuple(_manifest(namespace, functions.get(namespace, [])) for namespace in STANDARD_LIBRARY)


def _manifest(namespace: str, rows: Sequence[tuple[str, str, list[str], str]]) -> Manifest:
    signatures = tuple(_function(name, signature, text) for name, signature, _, text in rows)
    needed = {capability for _, _, capabilities, _ in rows for capability in capabilities}
    needed.add("function")
    capabilities: tuple[Capability, ...] = tuple(one for one in CAPABILITIES if one in needed)
    return Manifest(
        name=f"{_PREFIX}{namespace}",
        version=Version.parse(alas_core.version),
        module=f"{_PREFIX}{namespace}",
        description=_DESCRIPTIONS[namespace],
        author="ALaS authors",
        type="builtin",
        capabilities=capabilities,
        functions=signatures,
        implementation=Implementation(language="rust"),
        security=Security(sandbox=False),
    )


def _function(name: str, signature: str, documentation: str) -> FunctionSignature:
    match = _SIGNATURE.fullmatch(signature)
    assert match is not None, "the engine's table is written in one form"
    exact: list[str] = [match["returns"]]
    parameters = []
    for parameter, kind in _parameters(match["params"]):
        exact.append(kind)
        is_optional = parameter.endswith("?")
        extra: Mapping[str, JsonValue] = {"x-optional": True} if is_optional else {}
        parameters.append(Parameter(name=parameter.removesuffix("?"), type=_type(kind), extra=extra))
    returns = _type(match["returns"])
    says_more = [str(_type(kind)) for kind in exact] != exact
    return FunctionSignature(
        name=name,
        params=tuple(parameters),
        returns=returns,
        description=documentation,
        extra={"x-signature": signature} if says_more else {},
    )


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and type of each parameter. Commas inside of brackets belong to a type."""
    depth, begin = 0, 0
    for position, character in enumerate(f"{text},"):
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0 and text[begin:position].strip():
            name, _, kind = text[begin:position].strip().partition(": ")
            yield name, kind
            begin = position + 1


def _type(kind: str) -> TypeReference:
    """Return the type of a manifest that says most of what a signature says: variables and functions become `any`."""
    try:
        reference = TypeReference.parse(kind)
    except ValueError:
        return _ANY
    if reference.innermost in BUILTIN_TYPES:
        return reference
    return _ANY if reference.element is None else TypeReference(reference.name)


class StandardPlugin:
    """A namespace of the standard library, to be called from Python.

    The engine knows its functions inside programs only. So the first call of a function makes a program that calls it.

    Attributes:
        manifest: what the namespace offers.
        checks_calls: true, because its functions take optional arguments, which signatures in manifests do not know.

    Example:
        >>> StandardPlugin("std.math").call("sqrt", [16.0])
        4.0
    """

    checks_calls: ClassVar[bool] = True

    def __init__(self, name: str) -> None:
        """Take a namespace.

        Args:
            name: its name, with `std.` before it.

        Raises:
            LookupError: there is no such namespace.
        """
        known = {manifest.name: manifest for manifest in standard_manifests()}
        if name not in known:
            near = nearest_name(name, known)
            advice = f"did you mean `{near}`?" if near else f"there are: {', '.join(known)}"
            raise LookupError(f"the standard library has no namespace {quote_text(name)}; {advice}")
        self.manifest = known[name]
        self._interpreter: Interpreter | None = None
        self._lock = threading.Lock()

    def call(self, function: str, arguments: Sequence[object]) -> object:
        """Call a function.

        Args:
            function: its name, without the namespace.
            arguments: its arguments in order; optional ones may be left out.

        Returns:
            Its result.

        Raises:
            FunctionNotFoundError: there is no such function, or only a program can call it.
            RunError: it failed, or the arguments do not fit.
        """
        signature = self._callable_signature(function)
        least = sum("x-optional" not in one.extra for one in signature.params)
        # With too few or too many arguments the program's function says so.
        count = min(max(len(arguments), least), len(signature.params))
        return self._program().call(f"caller.{function}_{count}", *arguments)

    def close(self) -> None:
        """Forget the programs. The functions stay where they are: in the engine."""
        with self._lock:
            interpreter, self._interpreter = self._interpreter, None
        if interpreter is not None:
            interpreter.close()

    def _callable_signature(self, function: str) -> FunctionSignature:
        name = f"{self.manifest.name}.{function}"
        signature = self.manifest.function(function)
        if signature is None:
            known = [one.name for one in self.manifest.functions]
            near = nearest_name(function, known)
            advice = f"did you mean `{near}`?" if near else f"it has: {', '.join(known)}"
            raise FunctionNotFoundError(
                f"{self.manifest.name} has no function {quote_text(function)}; {advice}"
            )
        if self.manifest.name == "std.plugin":
            raise FunctionNotFoundError(
                f"{name} is about the plugin that calls it; read the manifest of a plugin instead"
            )
        if self.manifest.name == "std.async":
            raise FunctionNotFoundError(
                f"{name} is about tasks, which only programs have; call it in a program"
            )
        if not _is_callable_from_outside(signature):
            raise FunctionNotFoundError(
                f"{name} takes a function, which only programs have; call it in a program"
            )
        return signature

    def _program(self) -> Interpreter:
        """Return where the programs are that call the functions, one for each number of arguments."""
        with self._lock:
            if self._interpreter is None:
                interpreter = Interpreter()
                callable_functions = filter(_is_callable_from_outside, self.manifest.functions)
                functions = [
                    caller for one in callable_functions for caller in _callers(self.manifest.name, one)
                ]
                interpreter.load({"type": "module", "name": "caller", "functions": functions})
                self._interpreter = interpreter
            return self._interpreter


def _is_callable_from_outside(signature: FunctionSignature) -> bool:
    return not any(": function" in str(text) for text in signature.extra.values())


def _callers(namespace: str, signature: FunctionSignature) -> Iterator[dict[str, object]]:
    least = sum("x-optional" not in one.extra for one in signature.params)
    name = f"{namespace.removeprefix(_PREFIX)}.{signature.name}"
    for count in range(least, len(signature.params) + 1):
        parameters = signature.params[:count]
        arguments = [{"type": "variable", "name": one.name} for one in parameters]
        call = {"type": "builtin", "name": name, "args": arguments}
        is_void = signature.returns == TypeReference("void")
        yield {
            "name": f"{signature.name}_{count}",
            "params": [{"name": one.name, "type": str(one.type)} for one in parameters],
            "body": [{"type": "expr" if is_void else "return", "value": call}],
        }
