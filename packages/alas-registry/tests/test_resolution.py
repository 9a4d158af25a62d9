import pytest

from alas_registry import (
    DependencyCycleError,
    DependencyError,
    DependencyInvalidError,
    DependencyVersionError,
    EngineVersionError,
    InvalidPluginError,
    Registry,
)

# plugin → dependencies; the order in which loading "a" loads them.
ORDERS = [
    ({"a": []}, ["a"]),
    ({"a": ["b"], "b": []}, ["b", "a"]),
    ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, ["d", "b", "c", "a"]),
    ({"a": ["c", "b"], "b": ["c"], "c": []}, ["c", "b", "a"]),
    ({"a": ["b", "b-2"], "b": [], "b-2": ["b"], "z": []}, ["b", "b-2", "a"]),
    ({"a": ["std.math", "std.* >=0.1.0"]}, ["a"]),
    ({"a": ["b ^1", "b_2 1.x"], "b": [], "b-2": []}, ["b", "b-2", "a"]),
]


@pytest.mark.parametrize(("plugins", "order"), ORDERS)
def test_order(found, workshop, loader, plugins, order):
    for name, dependencies in plugins.items():
        workshop.plugin(name, dependencies=dependencies)
    found().load("a")
    assert loader.log == [f"load {name}" for name in order]


def test_a_plugin_name_comes_before_a_module_name(found, workshop, loader):
    workshop.plugin("a", dependencies=["b"])
    workshop.plugin("c", module="b")
    workshop.plugin("b", module="d")
    found().load("a")
    assert loader.log == ["load b", "load a"]


def test_a_long_chain_needs_no_recursion(found, workshop, loader):
    count = 1500
    for index in range(count):
        workshop.plugin(f"p{index}", dependencies=[f"p{index + 1}"] if index + 1 < count else [])
    found().load("p0")
    assert loader.log == [f"load p{index}" for index in reversed(range(count))]


# plugin → dependencies; the error of loading "a", its chain, and what its message says.
ERRORS = [
    ({"a": ["b"]}, (DependencyError, "a b", "needs b, but no plugin and no module has this name")),
    ({"a": ["bases"], "base": []}, (DependencyError, "a bases", "did you mean `base`?")),
    ({"a": ["b", "d"], "b": ["c"], "c": ["x"], "d": ["x"]}, (DependencyError, "a d x", "(a → d → x)")),
    ({"a": ["b >=2"], "b": []}, (DependencyVersionError, "a b", "needs b >=2, but the plugin in")),
    ({"a": ["b"], "b": ["std.math >=1"]}, (DependencyVersionError, "a b std.math", "that of ALaS 0.1.0")),
    ({"a": ["b"], "b": ["a"]}, (DependencyCycleError, "a b a", "a → b → a")),
    ({"a": ["b"], "b": ["c"], "c": ["b"]}, (DependencyCycleError, "b c b", "b → c → b")),
    ({"a": ["b", "x"], "b": ["a"]}, (DependencyError, "a x", "needs x")),
]


@pytest.mark.parametrize(("plugins", "expected"), ERRORS)
def test_error(found, workshop, loader, plugins, expected):
    for name, dependencies in plugins.items():
        workshop.plugin(name, dependencies=dependencies)
    error, chain, message = expected
    with pytest.raises(error) as raised:
        found().load("a")
    assert type(raised.value) is error
    assert raised.value.chain == tuple(chain.split())
    assert message in str(raised.value)
    assert raised.value.plugin == "a"
    assert loader.log == []


def test_broken_dependency(found, workshop):
    workshop.plugin("a", dependencies=["b"])
    folder = workshop.broken("b", "{")
    with pytest.raises(
        DependencyInvalidError, match=r"but the plugin in .* has errors; the first is: .*json_syntax"
    ) as raised:
        found().load("a")
    assert str(folder) in str(raised.value)


def test_engine_version(found, workshop):
    workshop.plugin("a", dependencies=["b"])
    workshop.plugin("b", alas_version=">=0.2")
    with pytest.raises(EngineVersionError, match=r"works with ALaS >=0.2, but this is ALaS 0.1.0") as raised:
        found().load("a")
    assert raised.value.chain == ("a", "b", "alas")


def test_no_engine_version_means_no_check(workshop, loader):
    workshop.plugin("a", alas_version=">=99", dependencies=["std.math >=99"])
    registry = Registry({"module": loader})
    registry.add_search_path(workshop.path)
    registry.discover()
    registry.load("a")
    assert loader.log == ["load a"]


def test_all_at_once(found, workshop, loader):
    plugins = {
        "a": ["b", "c >=1"],
        "b": ["std.math"],
        "c": [],
        "d": ["x"],
        "e": ["d", "c"],
        "f": ["e"],
        "g": ["h"],
        "h": ["g"],
        "i": ["c", "h"],
        "j": ["c >=2"],
        "k": ["f", "j"],
    }
    for name, dependencies in plugins.items():
        workshop.plugin(name, dependencies=dependencies)
    workshop.broken("l", "{")
    workshop.plugin("m", dependencies=["l"])
    registry = found()
    resolution = registry.resolve_all()
    assert [plugin.name for plugin in resolution.order] == ["b", "c", "a"]
    errors = {
        name: (type(error), " ".join(getattr(error, "chain", ())))
        for name, error in resolution.errors.items()
    }
    assert errors == {
        "d": (DependencyError, "d x"),
        "e": (DependencyError, "e d x"),
        "f": (DependencyError, "f e d x"),
        "g": (DependencyCycleError, "g h g"),
        "h": (DependencyCycleError, "h g h"),
        "i": (DependencyCycleError, "h g h"),
        "j": (DependencyVersionError, "j c"),
        "k": (DependencyVersionError, "k j c"),
        "l": (InvalidPluginError, ""),
        "m": (DependencyInvalidError, "m l"),
    }
    # What is said of all is what is said of each.
    for name, error in resolution.errors.items():
        with pytest.raises(type(error)) as raised:
            registry.resolve(name)
        assert str(raised.value) == str(error)
    assert loader.log == []


def test_all_of_a_long_chain_with_a_broken_end(found, workshop):
    count = 400
    for index in range(count):
        workshop.plugin(f"p{index}", dependencies=[f"p{index + 1}"])
    resolution = found().resolve_all()
    assert resolution.order == ()
    assert resolution.errors["p0"].chain == tuple(f"p{index}" for index in range(count + 1))
