"""Types that a plugin takes from what it depends on, when it is loaded."""

import json

import pytest

from alas_registry import ArgumentsError, InvalidPluginError, PluginNotFoundError

SHAPES = {
    "module": "shapes",
    "types": [{"name": "Side", "kind": "enum", "values": ["left"]}],
    "implementation": {"language": "alas"},
}


@pytest.fixture
def needing(workshop):
    """Makes a plugin `a` that needs `my-shapes`; its function takes one type in the manifest, and another in the module."""

    def make(stated, found="any", **fields):
        params = [{"name": "side", "type": stated}]
        functions = [{"name": "f", "params": params}]
        folder = workshop.plugin("a", **{"dependencies": ["my-shapes"], "functions": functions} | fields)
        implementation = {"name": "f", "params": [{"name": "side", "type": found}], "body": []}
        module = {"type": "module", "name": "a", "exports": ["f"], "functions": [implementation]}
        (folder / "a.alas.json").write_text(json.dumps(module))

    return make


@pytest.mark.parametrize("stated", ["Side", "shapes.Side", "array<Side>"])
def test_a_type_of_a_dependency_is_known(found, workshop, needing, stated):
    workshop.plugin("my-shapes", **SHAPES)
    needing(stated)
    registry = found()
    assert list(registry.dependency_types("A")) == ["shapes.Side"]
    is_array = stated.startswith("array")
    assert registry.call("a", "f", ["left"] if is_array else "left") is not None
    with pytest.raises(ArgumentsError, match="one of 'left'"):
        registry.call("a", "f", ["up"] if is_array else "up")


@pytest.mark.parametrize(
    "case",
    [
        ("itn", "any", "unknown_type"),
        ("Nope", "any", "unknown_type"),
        ("Side", "int", "signature_mismatch"),
        ("int", "string", "signature_mismatch"),
    ],
)
def test_what_is_declared_nowhere_is_refused(found, workshop, needing, case):
    stated, implemented, code = case
    workshop.plugin("my-shapes", **SHAPES)
    needing(stated, implemented)
    for _ in range(2):
        # It makes no difference whether the dependency is loaded already.
        registry = found()
        with pytest.raises(InvalidPluginError) as caught:
            registry.load("a")
        assert [finding.code for finding in caught.value.diagnostics if finding.is_error] == [code]
        registry.load("my-shapes")


def test_types_of_dependencies_of_dependencies_are_not_visible(found, workshop, needing):
    workshop.plugin("base", **SHAPES)
    workshop.plugin("my-shapes", dependencies=["base"])
    needing("Side")
    registry = found()
    assert registry.dependency_types("a") == {}
    with pytest.raises(InvalidPluginError, match="unknown_type"):
        registry.load("a")


def test_what_is_not_there_is_not_known(found, workshop, needing):
    needing("Side")
    workshop.plugin("alone")
    registry = found()
    assert registry.dependency_types("a") is None
    assert registry.dependency_types("alone") == {}
    with pytest.raises(PluginNotFoundError):
        registry.dependency_types("absent")
    workshop.broken("my-shapes", '{"name": "my-shapes"}')
    assert found().dependency_types("a") is None
