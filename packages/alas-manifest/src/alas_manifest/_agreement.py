"""Whether a manifest describes its ALaS module as it is: names, parameters, results, types, exports.

The module is only looked at as JSON; whether it is a right program is the engine's business.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from alas_manifest._decoding import MAXIMUM_SIZE, read_text
from alas_manifest._fields import FUNCTION, TYPE_DEFINITION
from alas_manifest._json_document import JsonDocument
from alas_manifest._json_values import JsonValue
from alas_manifest._model import FunctionSignature, Parameter, TypeDefinition
from alas_manifest._names import STANDARD_LIBRARY
from alas_manifest._places import Place
from alas_manifest._source import Problem, Source
from alas_manifest._text import quote_text
from alas_manifest._type_references import TypeReference
from alas_manifest._type_scope import Comparison, TypeScope

_Module = Mapping[str, JsonValue]


def read_module(path: Path) -> tuple[Source, _Module | None]:
    """Read the file of an ALaS module as JSON.

    Args:
        path: the file.

    Returns:
        The findings about its text, and the JSON object, or None when it is not one.
    """
    file = str(path)
    source = Source("", file)
    try:
        with path.open("rb") as stream:
            text = stream.read(MAXIMUM_SIZE + 1)
    except OSError as error:
        source.report(Problem("io_error", f"the file cannot be read: {error.strerror}"), "", 0)
        return source, None
    try:
        # Several times as fast as the reader of manifests, which is needed only to explain a mistake. Decoded here, because
        # the library would guess an encoding.
        content = json.loads(text.decode())
    except (ValueError, RecursionError):
        document = read_text(text, file)
        source, content = document.source, document.value
    return source, content if isinstance(content, dict) else None


@dataclass(frozen=True, slots=True)
class _Implementation:
    """The module that a manifest describes.

    Attributes:
        file: what to call it in messages.
        comparison: compares types of the manifest with types of the module.
    """

    file: str
    comparison: Comparison

    @property
    def shown(self) -> str:
        """The file, as messages show it."""
        return quote_text(self.file)

    def differs(self, stated: TypeReference | None, found: JsonValue) -> bool:
        """Say whether two types contradict each other; what the module does not state is dynamic and fits everything."""
        if stated is None or not isinstance(found, str):
            return False
        try:
            return self.comparison.contradict(stated, TypeReference.parse(found))
        except ValueError:
            return False

    def difference(self, what: str, stated: TypeReference | None, found: JsonValue) -> Problem:
        """Return the problem that the type of something is another one in the module."""
        if str(stated) == found:
            message = f"{what} is {stated}, which is declared differently here and in {self.shown}"
            return Problem("signature_mismatch", message, "declare the type as it is in the module")
        message = f"{what} is {stated} here, but {_shown(found)} in {self.shown}"
        return Problem("signature_mismatch", message, "describe the function as it is")


def check_agreement(
    root: Place, module: _Module, file: str, dependency_types: Mapping[str, TypeDefinition] | None = None
) -> None:
    """Report where a manifest and its ALaS module disagree.

    Args:
        root: the manifest's document; takes the findings.
        module: the module's document.
        file: what to call the module in messages.
        dependency_types: the types of the dependencies, by module and name; None when they are not known.
    """
    foreign = dependency_types if dependency_types is not None else {}
    comparison = Comparison(_manifest_scope(root, foreign), _module_scope(module, foreign))
    implementation = _Implementation(file, comparison)
    _check_module_name(root, module, file)
    found = module.get("functions")
    functions = {
        one["name"]: one
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict) and isinstance(one.get("name"), str)
    }
    exports = module.get("exports")
    exported = {name for name in (exports if isinstance(exports, list) else []) if isinstance(name, str)}
    promised: set[str | None] = set()
    for place in root.elements("functions"):
        # Whether the signature is right has been reported already, so this reading reports nothing.
        signature = FUNCTION.read(place.silently())
        if signature is None:
            name = place.member("name")
            promised.add(name.text if name is not None else None)
            continue
        promised.add(signature.name)
        if signature.native:
            continue
        if signature.name not in functions or signature.name not in exported:
            _report_not_exported(place, signature, file, is_there=signature.name in functions)
        else:
            _check_signature(place, signature, functions[signature.name], implementation)
    is_exact = (stated := root.member("type")) is not None and stated.text == "hybrid"
    _check_surplus(root, exported - promised, file, severity="error" if is_exact else "warning")


def _check_module_name(root: Place, module: _Module, file: str) -> None:
    place, name = root.member("module"), module.get("name")
    if place is not None and place.text is not None and isinstance(name, str) and name != place.text:
        message = (
            f"the module in {quote_text(file)} is called {quote_text(name)}, here {quote_text(place.text)}"
        )
        place.report(Problem("signature_mismatch", message, "give both the same name"))


def _report_not_exported(place: Place, signature: FunctionSignature, file: str, *, is_there: bool) -> None:
    name = quote_text(signature.name)
    if is_there:
        message, advice = f"{quote_text(file)} does not export {name}", f"add {name} to the module's exports"
    else:
        message = f"{quote_text(file)} has no function {name}"
        advice = "add the function to the module, or remove it from the manifest"
    (place.member("name") or place).report(Problem("not_exported", message, advice))


def _check_surplus(
    root: Place, surplus: set[str], file: str, *, severity: Literal["error", "warning"]
) -> None:
    functions = root.member("functions")
    if functions is None or not functions.value:
        return
    for name in sorted(surplus):
        message = f"{quote_text(file)} exports {quote_text(name)}, which the manifest does not describe"
        advice = "add it to the functions, or remove it from the module's exports"
        functions.report(Problem("signature_mismatch", message, advice, severity))


def _check_signature(
    place: Place,
    signature: FunctionSignature,
    function: Mapping[str, JsonValue],
    implementation: _Implementation,
) -> None:
    found = function.get("params", [])
    params = found if isinstance(found, list) else []
    if len(params) != len(signature.params):
        message = (
            f"{quote_text(signature.name)} takes {_count(len(signature.params))} here, "
            f"but {_count(len(params))} in {implementation.shown}"
        )
        at = place.member("params") or place.member("name") or place
        at.report(Problem("signature_mismatch", message, "describe the function as it is"))
    for index, (parameter, found_parameter) in enumerate(zip(signature.params, params, strict=False)):
        if isinstance(found_parameter, dict):
            at = next(itertools.islice(place.elements("params"), index, None))
            _check_parameter(at, parameter, found_parameter, implementation)
    returns = place.member("returns")
    if returns is not None and implementation.differs(signature.returns, function.get("returns")):
        returns.report(implementation.difference("the result", signature.returns, function["returns"]))


def _check_parameter(
    place: Place, parameter: Parameter, found: Mapping[str, JsonValue], implementation: _Implementation
) -> None:
    if implementation.differs(parameter.type, found.get("type")):
        what = f"the parameter {quote_text(parameter.name)}"
        at = place.member("type") or place
        at.report(implementation.difference(what, parameter.type, found["type"]))
    name = found.get("name")
    if isinstance(name, str) and name != parameter.name:
        message = (
            f"the parameter is called {quote_text(parameter.name)} here, but {quote_text(name)} in "
            f"{implementation.shown}"
        )
        advice = "describe the function as it is"
        (place.member("name") or place).report(Problem("signature_mismatch", message, advice, "warning"))


def _manifest_scope(root: Place, foreign: Mapping[str, TypeDefinition]) -> TypeScope:
    definitions = (TYPE_DEFINITION.read(place.silently()) for place in root.elements("types"))
    return TypeScope({one.name: one for one in definitions if one is not None}, foreign)


def _module_scope(module: _Module, foreign: Mapping[str, TypeDefinition]) -> TypeScope:
    """Return what types mean in a module; definitions that are wrong, which the engine reports, define nothing."""
    found = module.get("types")
    definitions = [_defined(one) for one in (found if isinstance(found, list) else [])]
    imports = module.get("imports")
    imported = {name for name in (imports if isinstance(imports, list) else []) if isinstance(name, str)}
    visible = {name: one for name, one in foreign.items() if name.rpartition(".")[0] in imported}
    # An import of which nothing is known, such as a file of the plugin's own, may define every other name.
    known = {name.rpartition(".")[0] for name in visible}
    strange = {name for name in imported - known if name.removeprefix("std.") not in STANDARD_LIBRARY}
    own = {one.name: one for one in definitions if one is not None}
    return TypeScope(own, visible, {} if strange else None)


def _defined(found: JsonValue) -> TypeDefinition | None:
    """Read the definition of a type in a module, which names its parts otherwise than a manifest."""
    definition = found.get("definition") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(definition, dict):
        return None
    base = {"base_type": definition["type"]} if "type" in definition else {}
    parts = {key: value for key, value in definition.items() if key in ("kind", "fields", "values")}
    document = JsonDocument(Source("", None), {"name": found.get("name"), **parts, **base}, is_silent=True)
    return TYPE_DEFINITION.read(Place.whole(document))


def _shown(found: JsonValue) -> str:
    return quote_text(found) if isinstance(found, str) else "something else"


def _count(number: int) -> str:
    return "1 parameter" if number == 1 else f"{number} parameters"
