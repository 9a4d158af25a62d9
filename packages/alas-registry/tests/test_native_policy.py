"""Whether plugins with native code are loaded."""

import pytest

from alas_registry import NativePolicy, NativeRefusedError, PluginState, Registry

C = {"language": "c", "binaries": ["p.so"]}
NATIVE = {"type": "native", "security": {"sandbox": False}, "implementation": C}
HYBRID = {"type": "hybrid", "security": {"sandbox": False}, "implementation": C}
ONE = {"name": "f", "params": [], "returns": "int"}


@pytest.fixture
def make(workshop, loader):
    """Makes a registry with a policy, after a test has made the plugins."""

    def make_registry(**options):
        loaders = dict.fromkeys(("module", "native", "hybrid"), loader)
        registry = Registry(loaders, packages=False, **options)
        registry.add_search_path(workshop.path)
        registry.discover()
        return registry

    return make_registry


@pytest.fixture
def plugins(workshop):
    """A plugin of each kind, and others that need the native one."""
    for name, fields in (
        ("a", {"dependencies": ["b"]}),
        ("b", {"dependencies": ["native"]}),
        ("module", {}),
        ("native", {**NATIVE, "functions": [ONE]}),
        ("hybrid", {**HYBRID, "functions": [ONE | {"native": True}]}),
        ("plain-hybrid", {"type": "hybrid", "implementation": C}),
    ):
        (workshop.plugin(name, **fields) / "p.so").write_text("")


REFUSED = [
    ("native", ("native",)),
    ("hybrid", ("hybrid",)),
    ("b", ("b", "native")),
    ("a", ("a", "b", "native")),
]


@pytest.mark.parametrize(("name", "chain"), REFUSED)
def test_what_is_refused(make, plugins, loader, name, chain):
    registry = make(native=NativePolicy("refused", "my tool"))
    with pytest.raises(NativeRefusedError) as caught:
        registry.load(name)
    error = caught.value
    assert (error.code, error.plugin, error.chain) == ("native_refused", name, chain)
    assert error.origin == "my tool"
    assert (
        f"plugin `{chain[-1]}` in {registry.get(chain[-1]).folder} has native code, which my tool refuses"
        in error.message
    )
    assert (f" ({' → '.join(chain)})" in error.message) == (len(chain) > 1)
    assert loader.log == []
    assert registry.get(name).state is PluginState.FAILED


def test_all_that_is_refused_is_known_before(make, plugins):
    resolution = make(native=NativePolicy("refused")).resolve_all()
    assert {name: error.code for name, error in resolution.errors.items()} == {
        name: "native_refused" for name, _ in REFUSED
    }
    assert {plugin.name for plugin in resolution.order} == {"module", "plain-hybrid"}


@pytest.mark.parametrize("name", ["module", "plain-hybrid"])
def test_what_has_no_native_code_is_loaded(make, plugins, loader, name):
    make(native=NativePolicy("refused")).load(name)
    assert loader.log == [f"load {name}"]


@pytest.mark.parametrize("options", [{}, {"native": None}, {"native": NativePolicy()}])
def test_native_code_is_trusted_where_nobody_says_otherwise(make, plugins, loader, options):
    make(**options).load("a")
    assert loader.log == ["load native", "load b", "load a"]
