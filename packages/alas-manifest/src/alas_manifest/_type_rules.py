"""The rules about the types that a manifest declares and uses."""

from collections.abc import Iterator, Mapping

from alas_manifest._habits import TYPE_HABITS
from alas_manifest._model import TypeDefinition
from alas_manifest._nearest import nearest_name
from alas_manifest._places import Place
from alas_manifest._records import report_missing
from alas_manifest._source import Problem
from alas_manifest._text import quote_text
from alas_manifest._type_references import BUILTIN_TYPES, TypeReference
from alas_manifest._type_scope import by_bare_name

# How much a name must be like a built-in type's to be taken for a slip even where a dependency may declare it.
_SLIP = 0.8
_LONGEST_SLIP = 10

# The part that each kind of type consists of, with an example.
PARTS = {
    "struct": ("fields", '[{"name": "x", "type": "int"}]'),
    "enum": ("values", '["red", "green"]'),
    "alias": ("base_type", '"int"'),
}


def check_type_definitions(root: Place) -> None:
    """Report types that lack what their kind consists of, take a built-in name, or stand for themselves."""
    aliases: dict[str, tuple[Place, str]] = {}
    for definition in root.elements("types"):
        name, kind = definition.member("name"), definition.member("kind")
        if name is not None and name.text in BUILTIN_TYPES:
            message = f"{quote_text(name.text)} is a built-in type"
            name.report(Problem("invalid_name", message, "choose another name"))
        if kind is not None and kind.text in PARTS:
            _check_parts(definition, kind.text)
        base = definition.member("base_type")
        reference = _reference(base)
        if base is not None and reference is not None and name is not None and name.text is not None:
            aliases.setdefault(name.text, (base, reference.innermost))
    _check_cycles(aliases)


def _check_parts(definition: Place, kind: str) -> None:
    wanted, example = PARTS[kind]
    part = definition.member(wanted)
    if part is None:
        report_missing(definition, wanted, example)
    elif kind == "enum" and part.value == []:
        message = "expected at least one value, because no value would fit this type"
        part.report(Problem("missing_field", message, f"for example {example}"))
    for other, (key, _) in PARTS.items():
        if other != kind and definition.member(key) is not None:
            article = "an" if other in ("enum", "alias") else "a"
            message = f"`{key}` belongs to {article} {other}, but the kind here is `{kind}`"
            advice = f"remove it, or change the kind to `{other}`"
            definition.report_key(key, Problem("unknown_field", message, advice, "warning"))


def _check_cycles(aliases: dict[str, tuple[Place, str]]) -> None:
    settled: set[str] = set()
    for start in aliases:
        # The keys are the chain in order; a dictionary because looking up in it takes no time.
        chain: dict[str, None] = {}
        name = start
        while name in aliases and name not in settled and name not in chain:
            chain[name] = None
            name = aliases[name][1]
        if name in chain:
            names = list(chain)
            cycle = [*names[names.index(name) :], name]
            message = f"these types stand for each other: {' → '.join(cycle)}"
            aliases[name][0].report(
                Problem("type_cycle", message, "let one of them stand for a built-in type")
            )
        settled.update(chain)


def check_known_types(root: Place, foreign: Mapping[str, TypeDefinition] | None) -> None:
    """Report types that are neither built in nor declared.

    Args:
        root: the whole document.
        foreign: the types of dependencies, by module and name; None when they are not known, and any name may be one of them.
    """
    declared = [definition.member("name") for definition in root.elements("types")]
    own = {name.text for name in declared if name is not None and name.text is not None}
    bare = by_bare_name(foreign) if foreign else {}
    known = {*BUILTIN_TYPES, *own, *(name for name, one in bare.items() if one is not None), *(foreign or ())}
    for place in _type_places(root):
        if place.text in known:
            continue
        reference = _reference(place)
        if reference is None or reference.innermost in known:
            continue
        name = reference.innermost
        if name in bare:
            _report_ambiguous(place, name, foreign or {})
            continue
        message = f"the type {quote_text(name)} is neither built in nor declared in `types`"
        advice = _advice(place, name, own, foreign)
        if foreign is None:
            message += "; it may come from a dependency"
        elif foreign:
            message += " or by a dependency"
        place.report(Problem("unknown_type", message, advice, "warning" if foreign is None else "error"))


def _report_ambiguous(place: Place, name: str, foreign: Mapping[str, TypeDefinition]) -> None:
    full_names = sorted(one for one in foreign if one.rpartition(".")[2] == name)
    message = f"several dependencies declare a type {quote_text(name)}, each another one"
    place.report(Problem("unknown_type", message, f"write {' or '.join(map(quote_text, full_names))}"))


def _advice(place: Place, name: str, own: set[str], foreign: Mapping[str, TypeDefinition] | None) -> str:
    """Return what was probably meant by the name of a type that is not known."""
    habit = TYPE_HABITS.get(name.lower())
    if habit is not None:
        return f"did you mean `{habit}`?"
    built_in = _slip(name)
    declared = {*own, *(foreign or ()), *(one.rpartition(".")[2] for one in foreign or ())}
    advice = place.suggest(name, declared if built_in is None else {built_in, *declared})
    if advice is None and built_in is not None:
        advice = f"did you mean `{built_in}`?"
    if advice is None and "." in name:
        advice = "add the plugin whose module declares it to the dependencies"
    return advice or f"declare it in `types`; the built-in types are {', '.join(BUILTIN_TYPES)}"


def _slip(name: str) -> str | None:
    """Return the built-in type that was surely meant: much alike, or of the same letters."""
    letters = sorted(name.lower()) if len(name) <= _LONGEST_SLIP else []
    same = (one for one in BUILTIN_TYPES if sorted(one) == letters)
    return next(same, None) or nearest_name(name[:64], BUILTIN_TYPES, likeness=_SLIP)


def _type_places(root: Place) -> Iterator[Place]:
    """Yield every place that holds a type."""
    for function in root.elements("functions"):
        for parameter in function.elements("params"):
            yield from _present(parameter.member("type"))
        yield from _present(function.member("returns"))
    for definition in root.elements("types"):
        for struct_field in definition.elements("fields"):
            yield from _present(struct_field.member("type"))
        yield from _present(definition.member("base_type"))


def _present(place: Place | None) -> Iterator[Place]:
    if place is not None:
        yield place


def _reference(place: Place | None) -> TypeReference | None:
    if place is None or place.text is None:
        return None
    try:
        return TypeReference.parse(place.text)
    except ValueError:
        return None
