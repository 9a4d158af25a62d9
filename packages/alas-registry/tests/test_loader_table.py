"""Loaders that installed packages announce. The packages are folders with the metadata that an installer leaves."""

import sys

import pytest

from alas_registry import LoaderBrokenError, LoaderNotFoundError, Registry

LOADER = """
class LoadedEcho:
    def __init__(self, loader):
        self.loader = loader

    def call(self, function, arguments):
        return id(self.loader) if function == "loader" else [function, *arguments]

    def close(self):
        pass

class EchoLoader:
    def load(self, plugin):
        return LoadedEcho(self)

class Broken:
    def __init__(self):
        raise RuntimeError("no luck")

class NoLoader:
    pass
"""
NATIVE = {
    "type": "native",
    "implementation": {"language": "c", "build_cmd": "make", "binaries": ["p.so"]},
}


@pytest.fixture
def install(tmp_path, monkeypatch):
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    # Nothing that is really installed takes part.
    monkeypatch.setattr(sys, "path", [str(site), *(path for path in sys.path if "site-packages" not in path)])
    monkeypatch.delitem(sys.modules, "echo_loader", raising=False)

    def install(plugin_type, target, package="echo-loader"):
        (site / "echo_loader.py").write_text(LOADER)
        metadata = site / f"{package.replace('-', '_')}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[alas.loaders]\n{plugin_type} = {target}\n")

    return install


@pytest.fixture
def load(workshop):
    def load(loaders=None):
        workshop.plugin("a", **NATIVE)
        registry = Registry(loaders)
        registry.add_search_path(workshop.path)
        registry.discover()
        return registry.load("a")

    return load


def test_announced_loader(install, load):
    install("native", "echo_loader:EchoLoader")
    assert load().call("f", [1]) == ["f", 1]


def test_given_loaders_come_first_and_announced_ones_after(install, load, loader):
    install("native", "echo_loader:EchoLoader")
    assert load({"module": loader}).call("f", [1]) == ["f", 1]
    assert load({"native": loader}).call("f", [1]) == ["a", "f", 1]


def test_a_loader_for_two_types_is_made_once(install, workshop):
    install("native", "echo_loader:EchoLoader")
    install("hybrid", "echo_loader:EchoLoader", package="other")
    workshop.plugin("a", **NATIVE)
    workshop.plugin("b", **NATIVE | {"type": "hybrid"})
    registry = Registry()
    registry.add_search_path(workshop.path)
    registry.discover()
    registry.load_all()
    assert registry.call("a", "loader") == registry.call("b", "loader")


@pytest.mark.parametrize(
    ("plugin_type", "fields", "package"),
    [
        ("module", {}, "alas-interp"),
        ("builtin", {"type": "builtin", "implementation": {"language": "python"}}, "alas-interp"),
        ("native", NATIVE, "alas-loader-native"),
        ("hybrid", {"type": "hybrid", "implementation": {"language": "go"}}, "alas-loader-native"),
    ],
)
def test_missing_loader_names_its_package(install, workshop, plugin_type, fields, package):
    workshop.plugin("a", **fields)
    registry = Registry()
    registry.add_search_path(workshop.path)
    registry.discover()
    with pytest.raises(LoaderNotFoundError, match=f"of type {plugin_type}.*pip install {package}$"):
        registry.load("a")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("echo_loader:Broken", "fails: RuntimeError: no luck"),
        ("echo_loader:Absent", "fails: AttributeError"),
        ("absent_module:Loader", "fails: ModuleNotFoundError"),
        ("echo_loader:NoLoader", "which is no loader: it lacks load"),
    ],
)
def test_broken_loader(install, load, target, message):
    install("native", target)
    with pytest.raises(LoaderBrokenError, match=message) as raised:
        load()
    assert "echo-loader" in str(raised.value)


def test_several_loaders(install, load, caplog):
    install("native", "echo_loader:NoLoader", package="other")
    install("native", "echo_loader:EchoLoader")
    assert load().call("f", []) == ["f"]
    assert "several loaders for native plugins" in caplog.text
