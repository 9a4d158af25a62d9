"""What types mean in a manifest, in its module and in what it depends on."""

import json

import pytest

from alas_manifest import TypeReference, loads, read_folder, types_of_dependencies, validate_folder

POINT = [{"name": "x", "type": "Length"}, {"name": "y", "type": "Length"}]
SHAPES = {
    "name": "my-shapes",
    "version": "1.0.0",
    "module": "shapes",
    "implementation": {"language": "alas"},
    "types": [
        {"name": "Length", "kind": "alias", "base_type": "float"},
        {"name": "Point", "kind": "struct", "fields": POINT},
        {"name": "Side", "kind": "enum", "values": ["left", "right"]},
        {"name": "Path", "kind": "alias", "base_type": "array<Point>"},
        {"name": "Paint", "kind": "alias", "base_type": "Color"},
    ],
    "dependencies": ["colors"],
}
MISMATCH = ("signature_mismatch", "error", "/functions/0/returns")
UNKNOWN = ("unknown_type", "error", "/functions/0/returns")


def types_of(*manifests):
    return types_of_dependencies(loads(json.dumps(manifest)) for manifest in manifests)


def write(folder, stated, found, *, types=(), module_types=(), imports=("shapes",), **more):
    manifest = {
        "name": "a",
        "version": "1.0.0",
        "module": "a",
        "dependencies": ["my-shapes", "std.math"],
        "types": list(types),
        "functions": [{"name": "f", "returns": stated}],
        "implementation": {"language": "alas"},
    }
    module = {
        "type": "module",
        "name": "a",
        "imports": list(imports),
        "exports": ["f"],
        "types": list(module_types),
        "functions": [{"name": "f", "returns": found, "body": []}],
    }
    (folder / "plugin.json").write_text(json.dumps(manifest | more))
    (folder / "a.alas.json").write_text(json.dumps(module))


def findings_of(folder, types):
    return [(one.code, one.severity, one.pointer) for one in validate_folder(folder, dependency_types=types)]


def struct(**fields):
    return [{"name": name, "type": kind} for name, kind in fields.items()]


@pytest.mark.parametrize(
    ("stated", "found", "expected"),
    [
        ("Point", "Point", []),
        ("shapes.Point", "Point", []),
        ("Point", "shapes.Point", []),
        ("array<Point>", "Path", []),
        ("Path", "array<shapes.Point>", []),
        ("Length", "float", []),
        ("float", "Length", []),
        ("Point", "map", []),
        ("Side", "string", []),
        ("any", "Point", []),
        ("Point", "any", []),
        # Which type this is, only the dependency of the dependency knows.
        ("Paint", "int", []),
        ("Point", "int", [MISMATCH]),
        ("Side", "int", [MISMATCH]),
        ("Side", "map", [MISMATCH]),
        ("Point", "string", [MISMATCH]),
        ("Point", "Side", [MISMATCH]),
        ("Length", "int", [MISMATCH]),
        ("int", "Length", [MISMATCH]),
        ("Path", "array<Side>", [MISMATCH]),
        ("map<Point>", "map<Length>", [MISMATCH]),
        ("Nope", "int", [UNKNOWN]),
        ("shapes.Nope", "int", [UNKNOWN]),
        ("colors.Color", "any", [UNKNOWN]),
        ("array<Nope>", "array", [UNKNOWN]),
    ],
)
def test_types_of_dependencies_are_looked_up(tmp_path, stated, found, expected):
    write(tmp_path, stated, found)
    types = types_of(SHAPES)
    assert findings_of(tmp_path, types) == expected
    assert (read_folder(tmp_path, dependency_types=types).manifest is None) == bool(expected)


def test_a_dependency_without_types_declares_none(tmp_path):
    write(tmp_path, "Nope", "int")
    assert findings_of(tmp_path, {}) == [UNKNOWN]
    assert findings_of(tmp_path, None) == [("unknown_type", "warning", "/functions/0/returns")]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("itn", "did you mean `int`?"),
        ("flaot", "did you mean `float`?"),
        ("Text", "did you mean `string`?"),
        ("Piont", "did you mean `Point`?"),
        ("shape.Point", "did you mean `shapes.Point`?"),
        ("far.Away", "add the plugin whose module declares it to the dependencies"),
    ],
)
def test_what_was_probably_meant(tmp_path, name, advice):
    write(tmp_path, name, "any")
    [finding] = validate_folder(tmp_path, dependency_types=types_of(SHAPES))
    assert (finding.severity, finding.help) == ("error", advice)
    assert finding.message.endswith("is neither built in nor declared in `types` or by a dependency")


@pytest.mark.parametrize("name", ["itn", "flaot", "Text"])
def test_slips_are_told_although_a_dependency_may_declare_them(tmp_path, name):
    write(tmp_path, name, "any")
    [finding] = validate_folder(tmp_path)
    assert (finding.code, finding.severity) == ("unknown_type", "warning")
    assert finding.help.startswith("did you mean")
    write(tmp_path, "Text", "any")
    own = {"name": "Text", "kind": "alias", "base_type": "string"}
    assert findings_of(tmp_path, types_of(SHAPES | {"types": [own]})) == []


def test_a_name_that_two_dependencies_define(tmp_path):
    write(tmp_path, "Side", "any")
    other = {
        "name": "other",
        "module": "other",
        "types": [{"name": "Side", "kind": "enum", "values": ["up"]}],
    }
    [finding] = validate_folder(tmp_path, dependency_types=types_of(SHAPES, SHAPES | other))
    assert finding.message == "several dependencies declare a type `Side`, each another one"
    assert finding.help == "write `other.Side` or `shapes.Side`"
    write(tmp_path, "other.Side", "any")
    assert findings_of(tmp_path, types_of(SHAPES, SHAPES | other)) == []


@pytest.mark.parametrize(
    ("kind", "definition", "expected"),
    [
        ({"kind": "struct", "fields": struct(x="int")}, {"kind": "struct", "fields": struct(x="int")}, []),
        ({"kind": "struct", "fields": struct(x="T")}, {"kind": "struct", "fields": struct(x="T")}, []),
        ({"kind": "struct", "fields": struct(x="int")}, {"kind": "struct", "fields": struct(x="any")}, []),
        ({"kind": "enum", "values": ["a", "b"]}, {"kind": "enum", "values": ["b", "a"]}, []),
        ({"kind": "alias", "base_type": "int"}, {"kind": "alias", "type": "int"}, []),
        ({"kind": "alias", "base_type": "int"}, {"kind": "struct", "fields": 1}, []),
        ({"kind": "alias", "base_type": "int"}, {"kind": "alias", "type": "T"}, []),
        ({"kind": "alias", "base_type": "int"}, 1, []),
        ({"kind": "alias", "base_type": "int"}, {"kind": "alias", "type": "float"}, [MISMATCH]),
        ({"kind": "enum", "values": ["a"]}, {"kind": "enum", "values": ["b", "a"]}, [MISMATCH]),
        ({"kind": "struct", "fields": struct(x="int")}, {"kind": "struct", "fields": struct(y="int")}, [MISMATCH]),
        ({"kind": "struct", "fields": struct(x="int")}, {"kind": "struct", "fields": struct(x="bool")}, [MISMATCH]),
        ({"kind": "struct", "fields": struct(x="int")}, {"kind": "enum", "values": ["x"]}, [MISMATCH]),
    ],
)  # fmt: skip
def test_declarations_are_compared(tmp_path, kind, definition, expected):
    own, own_of_module = {"name": "T", **kind}, {"name": "T", "definition": definition}
    write(tmp_path, "T", "T", types=[own], module_types=[own_of_module, 1])
    assert findings_of(tmp_path, {}) == expected
    if expected:
        [finding] = validate_folder(tmp_path, dependency_types={})
        assert finding.message == "the result is T, which is declared differently here and in `a.alas.json`"


def test_a_declared_type_is_not_a_built_in_one(tmp_path):
    point = {"name": "P", "kind": "struct", "fields": struct(x="int")}
    write(tmp_path, "P", "int", types=[point], dependencies=[])
    [finding] = validate_folder(tmp_path)
    assert finding.message == "the result is P here, but `int` in `a.alas.json`"


def test_an_import_of_which_nothing_is_known_may_define_a_type(tmp_path):
    write(tmp_path, "Point", "Point", imports=["shapes", "helper"])
    shapes = types_of(SHAPES)
    assert findings_of(tmp_path, shapes) == []
    write(tmp_path, "int", "Point", imports=["shapes", "helper"])
    assert findings_of(tmp_path, shapes) == []
    write(tmp_path, "int", "Point", imports=["shapes", "std.math", "math"])
    assert findings_of(tmp_path, shapes) == [MISMATCH]
    write(tmp_path, "int", "Point", imports=[])
    assert findings_of(tmp_path, shapes) == []


def test_names_of_other_modules_are_full():
    types = types_of(SHAPES)
    assert types["shapes.Path"].base_type == TypeReference.parse("array<shapes.Point>")
    assert [str(field.type) for field in types["shapes.Point"].fields] == ["shapes.Length"] * 2
    assert types["shapes.Paint"].base_type == TypeReference.parse("shapes.Color")
