import json

import pytest

import alas_manifest
from alas_registry import (
    ContentChangedError,
    InvalidPluginError,
    LoadedPlugin,
    Loader,
    PluginCloseError,
    PluginInUseError,
    PluginLoadError,
    PluginNotFoundError,
    PluginNotLoadedError,
    PluginState,
    Registry,
    ShadowedPluginError,
)
from alas_registry._content import read_content
from alas_registry._installed import InstalledPlugin, Lock


def state_of(registry, name):
    return str(registry.find(name).state)


def test_load_and_call(found, workshop):
    workshop.plugin("my-plugin")
    registry = found()
    loaded = registry.load("My-Plugin")
    assert loaded.call("process", ["data"]) == ["my-plugin", "process", "data"]
    assert registry.load("my-plugin") is loaded
    assert registry.loaded("MY-PLUGIN") is loaded
    assert state_of(registry, "my-plugin") == "loaded"
    assert registry.find_module("my_plugin").state is PluginState.LOADED
    assert [str(plugin.state) for plugin in registry.plugins] == ["loaded"]


@pytest.mark.parametrize(
    ("arguments", "advice"), [("data", "['data']"), (b"x", "[b'x']"), ("x" * 1000, "[…]"), ("", "['']")]
)
def test_a_text_in_place_of_the_list_of_arguments(found, workshop, arguments, advice):
    workshop.plugin("my-plugin")
    loaded = found().load("my-plugin")
    with pytest.raises(TypeError) as caught:
        loaded.call("process", arguments)
    assert str(caught.value).startswith("expected the arguments of process as a list, found one ")
    assert str(caught.value).endswith(f"; write call('process', {advice})")
    assert loaded.statistics.calls == 0


def test_the_interfaces_are_met(loader, found, workshop):
    workshop.plugin("a")
    assert isinstance(loader, Loader)
    assert isinstance(loader.load(found().find("a")), LoadedPlugin)


def test_unknown_plugin(found, workshop):
    workshop.plugin("my-plugin")
    registry = found()
    with pytest.raises(
        PluginNotFoundError,
        match=r"no plugin `my-plugins` in the search paths .*\(program\); did you mean `my-plugin`\?",
    ):
        registry.load("my-plugins")
    assert registry.find("my-plugins") is registry.find_module("x") is registry.loaded("x") is None
    with pytest.raises(PluginNotFoundError, match="install it, or add its folder"):
        registry.get("x")


def test_invalid_plugin(found, workshop):
    workshop.broken("a", "{")
    with pytest.raises(
        InvalidPluginError, match=r"has errors; the first is: .*plugin\.json:1:2: error.json_syntax"
    ) as raised:
        found().load("a")
    assert raised.value.diagnostics[0].code == "json_syntax"


def test_missing_file_is_found_before_loading(found, workshop, loader):
    workshop.plugin("a", dependencies=["b"])
    (workshop.plugin("b") / "b.alas.json").unlink()
    registry = found()
    with pytest.raises(InvalidPluginError, match="file_not_found"):
        registry.load("a")
    assert loader.log == []
    assert (state_of(registry, "a"), state_of(registry, "b")) == ("failed", "discovered")


def test_changed_manifest_is_noticed(found, workshop):
    workshop.plugin("a")
    registry = found()
    workshop.plugin("a", version="2.0.0")
    with pytest.raises(PluginLoadError, match="has changed since it was discovered; discover plugins again"):
        registry.load("a")
    registry.discover()
    registry.load("a")


def test_shadowed_dependency(found, workshop):
    workshop.plugin("a", module="shared")
    workshop.plugin("b", module="shared")
    workshop.plugin("c", dependencies=["b"])
    registry = found()
    with pytest.raises(PluginNotFoundError):
        registry.load("b")


def test_failing_loader_leaves_nothing_behind(found, workshop, loader):
    workshop.plugin("a", dependencies=["b", "c"])
    workshop.plugin("b")
    workshop.plugin("c")
    registry = found()
    loader.failing = {"c"}
    with pytest.raises(
        PluginLoadError, match=r"plugin `c` in .* cannot be loaded: c does not want to; at all"
    ) as raised:
        registry.load("a")
    assert raised.value.code == "plugin_load_failed"
    assert isinstance(raised.value.__cause__, RuntimeError)
    assert loader.log == ["load b", "load c", "close b"]
    assert [str(plugin.state) for plugin in registry.plugins] == ["failed", "discovered", "discovered"]
    assert registry.find("a").error is raised.value
    loader.failing = set()
    registry.load("a")
    assert [str(plugin.state) for plugin in registry.plugins] == ["loaded"] * 3
    assert registry.find("a").error is None


def test_interrupted_loader_leaves_nothing_behind(found, workshop, loader, monkeypatch):
    workshop.plugin("a", dependencies=["b"])
    workshop.plugin("b")
    registry = found()
    load = loader.load

    def interrupt(plugin):
        if plugin.name == "a":
            raise KeyboardInterrupt
        return load(plugin)

    monkeypatch.setattr(loader, "load", interrupt)
    with pytest.raises(KeyboardInterrupt):
        registry.load("a")
    assert loader.log == ["load b", "close b"]
    assert [str(plugin.state) for plugin in registry.plugins] == ["discovered"] * 2


class FoundWrongError(Exception):
    """What a loader raises that has looked at files."""

    def __init__(self, *lines):
        self.diagnostics = [
            alas_manifest.Diagnostic(
                "some_code", "error", f"wrong {line}", "a.json", "/a", line, 2, "mend it"
            )
            for line in lines
        ]
        super().__init__("\n".join(map(str, self.diagnostics)))


@pytest.mark.parametrize(
    ("lines", "reason"),
    [([7], "a.json:7:2: wrong 7"), ([7, 8, 9], "a.json:7:2: wrong 7 (and 2 more)"), ([], "FoundWrongError")],
)
def test_findings_of_a_loader_are_said_on_one_line(found, workshop, loader, lines, reason):
    workshop.plugin("a")

    def fail(plugin):
        raise FoundWrongError(*lines)

    loader.load = fail
    with pytest.raises(PluginLoadError) as caught:
        found().load("a")
    assert caught.value.message.partition("cannot be loaded: ")[2] == reason


class Unusual(BaseException):
    pass


@pytest.mark.parametrize("error", [SystemExit(3), Unusual("\x1b[31mno"), GeneratorExit()])
def test_whatever_a_loader_raises_is_the_plugins_affair(found, workshop, loader, monkeypatch, error):
    workshop.plugin("a")
    workshop.plugin("b")
    load = loader.load

    def load_or_fail(plugin):
        if plugin.name == "a":
            raise error
        return load(plugin)

    monkeypatch.setattr(loader, "load", load_or_fail)
    registry = found()
    report = registry.load_all()
    assert [plugin.name for plugin in report.loaded] == ["b"]
    assert [plugin.error.__cause__ for plugin in report.failed] == [error]
    assert "\x1b" not in str(report.failed[0].error)


def test_load_all(found, workshop, loader):
    workshop.plugin("a", dependencies=["missing"])
    workshop.plugin("b", dependencies=["c"])
    workshop.plugin("c", runtime={"lazy": True})
    workshop.plugin("d", runtime={"lazy": True})
    workshop.plugin("e")
    workshop.broken("f", "{")
    loader.failing = {"e"}
    report = found().load_all()
    assert [plugin.name for plugin in report.loaded] == ["b", "c"]
    assert [(plugin.name, plugin.error.code) for plugin in report.failed] == [
        ("a", "dependency_not_found"),
        ("e", "plugin_load_failed"),
        ("f", "plugin_invalid"),
    ]
    assert [plugin.name for plugin in report.deferred] == ["d"]
    assert loader.log == ["load c", "load b", "load e"]


def test_unload(found, workshop, loader):
    workshop.plugin("a")
    registry = found()
    registry.load("a")
    registry.unload("A")
    assert loader.log == ["load a", "close a"]
    assert state_of(registry, "a") == "discovered"
    with pytest.raises(PluginNotLoadedError, match="is not loaded"):
        registry.unload("a")
    with pytest.raises(PluginNotFoundError):
        registry.unload("b")


def test_what_is_needed_is_not_unloaded(found, workshop):
    workshop.plugin("a", dependencies=["c"])
    workshop.plugin("b", dependencies=["c"])
    workshop.plugin("c")
    registry = found()
    registry.load_all()
    with pytest.raises(
        PluginInUseError, match="needed by a, b; unload what needs it first, or all"
    ) as raised:
        registry.unload("c")
    assert raised.value.dependents == ("a", "b")
    assert state_of(registry, "c") == "loaded"
    for name in ("b", "a", "c"):
        registry.unload(name)


def test_cascading(found, workshop, loader):
    workshop.plugin("a", dependencies=["b"])
    workshop.plugin("b", dependencies=["c"])
    workshop.plugin("c")
    workshop.plugin("d", dependencies=["c"])
    workshop.plugin("e")
    registry = found()
    registry.load_all()
    loader.log.clear()
    assert registry.unload("C", cascade=True) == ("d", "a", "b", "c")
    assert loader.log == ["close d", "close a", "close b", "close c"]
    assert [plugin.name for plugin in registry.plugins if plugin.state is PluginState.LOADED] == ["e"]
    assert registry.unload("e", cascade=True) == ("e",)


def test_who_needs_whom(found, workshop):
    workshop.plugin("a", dependencies=["b >=1", "missing", "std.math"])
    workshop.plugin("b")
    workshop.plugin("c", dependencies=["B ^9", "a"], module="other")
    workshop.broken("d", "{")
    registry = found()
    registry.load("b")
    assert [
        (str(dependency), plugin and plugin.name) for dependency, plugin in registry.dependencies("a")
    ] == [
        ("b >=1", "b"),
        ("missing", None),
    ]
    assert registry.dependencies("a")[0][1].state is PluginState.LOADED
    assert [plugin.name for plugin in registry.dependents("b")] == ["a", "c"]
    assert [plugin.name for plugin in registry.dependents("A")] == ["c"]
    with pytest.raises(InvalidPluginError):
        registry.dependencies("d")
    with pytest.raises(PluginNotFoundError):
        registry.dependents("x")


def test_resolving_loads_nothing(found, workshop, loader):
    workshop.plugin("a", dependencies=["b"])
    workshop.plugin("b")
    registry = found()
    assert [plugin.name for plugin in registry.resolve("A")] == ["b", "a"]
    registry.load("b")
    assert [plugin.name for plugin in registry.resolve("a")] == ["a"]
    assert loader.log == ["load b"]


def test_failing_close(found, workshop, loader):
    workshop.plugin("a")
    registry = found()
    registry.load("a")
    loader.stuck = {"a"}
    with pytest.raises(PluginCloseError, match="is unloaded, but closing it failed: division by zero"):
        registry.unload("a")
    assert state_of(registry, "a") == "discovered"


def test_closing_unloads_in_the_opposite_order(found, workshop, loader):
    workshop.plugin("a", dependencies=["b"])
    workshop.plugin("b", dependencies=["c"])
    workshop.plugin("c")
    with found() as registry:
        registry.load("a")
        loader.log.clear()
    assert loader.log == ["close a", "close b", "close c"]


def test_closing_goes_on_after_a_failure(found, workshop, loader):
    workshop.plugin("a")
    workshop.plugin("b")
    registry = found()
    registry.load_all()
    loader.stuck = {"b"}
    with pytest.raises(PluginCloseError, match="`b`"):
        registry.close()
    assert loader.log == ["load a", "load b", "close a"]


def test_discovering_again_keeps_what_is_loaded(found, workshop, other_workshop):
    folder = workshop.plugin("a")
    other_workshop.plugin("a", folder="b")
    registry = found()
    loaded = registry.load("a")
    (folder / "plugin.json").unlink()
    registry.add_search_path(other_workshop.path)
    registry.discover()
    assert [(plugin.folder, str(plugin.state)) for plugin in registry.plugins] == [
        (folder, "loaded"),
        (other_workshop.path / "b", "shadowed"),
    ]
    assert registry.loaded("a") is loaded
    registry.unload("a")
    registry.discover()
    assert [str(plugin.state) for plugin in registry.plugins] == ["discovered"]


def test_version_of_the_engine_must_be_one():
    with pytest.raises(ValueError, match="expected a semantic version"):
        Registry(alas_version="soon")


def test_records_do_not_change(found, workshop):
    workshop.plugin("a")
    registry = found()
    before = registry.find("a")
    registry.load("a")
    assert before.state is PluginState.DISCOVERED
    with pytest.raises(AttributeError):
        before.state = PluginState.LOADED


def test_the_error_of_a_shadowed_plugin_names_the_winner(tmp_path):
    error = ShadowedPluginError("shadowed", plugin="a", winner=tmp_path)
    assert (error.code, error.winner) == ("plugin_shadowed", tmp_path)


def test_an_installed_plugin_that_was_changed(found, workshop, other_workshop, loader):
    source = other_workshop.plugin("a")
    root = workshop.path / ".installed"
    content = root / "store" / read_content(source).hash
    generation = root / "generations" / "1"
    for folder in (content.parent, generation):
        folder.mkdir(parents=True)
    source.rename(content)
    (generation / "a").symlink_to(content)
    (root / "current").symlink_to("generations/1")
    (workshop.path / "a").symlink_to(".installed/current/a")
    record = InstalledPlugin(
        version="1.0.0", hash=content.name, type="module", source=str(source), installed_at=""
    )
    (generation / "lock.json").write_text(Lock(1, None, {"a": record}).to_json())
    registry = found()
    registry.load("a")
    registry.unload("a")
    (content / "more.txt").write_text("")
    with pytest.raises(ContentChangedError, match=r"is not as it was installed: .*alas-plugin install"):
        registry.load("a")
    # A link of the generation that somebody has turned elsewhere leads to a folder that nothing else gives away.
    (generation / "a").unlink()
    (generation / "a").symlink_to(other_workshop.plugin("a"))
    with pytest.raises(ContentChangedError, match="its link does not lead to"):
        registry.load("a")
    assert loader.log == ["load a", "close a"]


def test_plugins_that_the_host_brings_along(loader, workshop):
    def manifest(name):
        return alas_manifest.loads(
            json.dumps(
                {
                    "name": name,
                    "version": "1.0.0",
                    "type": "builtin",
                    "module": name,
                    "implementation": {"language": "rust"},
                }
            )
        )

    # What lies in folders never comes before what the host brings along, broken or not.
    workshop.plugin("c")
    workshop.plugin("d", dependencies=["host.a"])
    workshop.broken("host.b", "{")
    registry = Registry({"builtin": loader, "module": loader}, packages=False)
    registry.add_search_path(workshop.path)
    registry.provide([manifest("host.a"), manifest("host.b"), manifest("c")], origin="the host")
    assert [(plugin.name, str(plugin.state)) for plugin in registry.discover()] == [
        ("c", "shadowed"),
        ("d", "discovered"),
        ("host.b", "invalid"),
        ("host.a", "discovered"),
        ("host.b", "discovered"),
        ("c", "discovered"),
    ]
    assert registry.find("host.a").search_path.origin == "the host"
    registry.load_all()
    assert sorted(loader.log) == ["load c", "load d", "load host.a", "load host.b"]
    registry.discover()
    assert sorted((plugin.name, str(plugin.state)) for plugin in registry.plugins) == [
        ("c", "loaded"),
        ("c", "shadowed"),
        ("d", "loaded"),
        ("host.a", "loaded"),
        ("host.b", "invalid"),
        ("host.b", "loaded"),
    ]


def test_the_standard_library_is_the_host_s_to_bring(found, workshop):
    workshop.plugin("a", dependencies=["std.math"])
    registry = found()
    assert registry.find("std.math") is None
    with pytest.raises(
        PluginNotFoundError, match=r"`provide` what `alas_interp\.loaders\.standard_manifests"
    ):
        registry.call("std.math", "sqrt", 4.0)
    # Whoever depends on it needs no plugin.
    assert registry.resolve("a") == (registry.find("a"),)


def test_records_are_equal_when_what_they_say_is(found, workshop):
    workshop.plugin("a")
    registry = found()
    before = registry.find("a")
    registry.discover()
    assert registry.find("a") == before
    assert hash(registry.find("a")) == hash(before)
    assert "lazy" not in repr(before).replace("lazy=False", "")


def test_documents_are_json(found, workshop):
    workshop.broken("a", "{")
    assert json.dumps([finding.to_dict() for finding in found().find("a").diagnostics])
