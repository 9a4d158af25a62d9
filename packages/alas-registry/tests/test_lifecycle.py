"""What plugins and loaders do with the registry while it loads and unloads."""

import pytest

from alas_registry import (
    DependencyCycleError,
    PluginInUseError,
    PluginLoadError,
    PluginNotFoundError,
    PluginState,
)


def loaded(registry):
    return [plugin.name for plugin in registry.plugins if plugin.state is PluginState.LOADED]


class TestLoadingWhileAPluginLoads:
    def test_what_is_loaded_is_not_loaded_again(self, found, workshop, loader):
        # `c` needs `b` without saying so, and `a` says that it needs both.
        workshop.plugin("a", dependencies=["b", "c"])
        workshop.plugin("b")
        workshop.plugin("c")
        registry = found()
        loader.meanwhile["b"] = lambda: registry.load("c")
        registry.load("a")
        assert loader.log == ["load b", "load c", "load a"]
        registry.close()
        assert sorted(loader.log[3:]) == ["close a", "close b", "close c"]

    def test_a_dependency_can_be_called(self, found, workshop, loader):
        workshop.plugin("a", dependencies=["b"])
        workshop.plugin("b", runtime={"persistent": False})
        registry = found()
        loader.meanwhile["a"] = lambda: registry.call("b", "f", 1)
        registry.load("a")
        assert loader.log == ["load b", "load a"]
        assert loaded(registry) == ["a", "b"]

    def test_a_dependency_that_is_loaded_is_not_released(self, found, workshop, loader):
        workshop.plugin("a", dependencies=["b"])
        workshop.plugin("b", runtime={"persistent": False})
        registry = found()
        registry.load("b")
        loader.meanwhile["a"] = lambda: registry.call("b", "f", 1)
        registry.load("a")
        assert loader.log == ["load b", "load a"]
        assert loaded(registry) == ["a", "b"]

    @pytest.mark.parametrize(
        ("meanwhile", "chain"), [("a", ("a", "a")), ("b", ("a", "b", "a")), ("c", ("a", "c", "a"))]
    )
    def test_a_plugin_that_needs_itself(self, found, workshop, loader, meanwhile, chain):
        workshop.plugin("a")
        workshop.plugin("b", dependencies=["a"])
        workshop.plugin("c", dependencies=["b"])
        registry = found()
        loader.meanwhile["a"] = lambda: registry.load(meanwhile)
        with pytest.raises(DependencyCycleError) as raised:
            registry.load("a")
        assert raised.value.chain == chain
        assert loader.log == ["load a"]
        assert loaded(registry) == []

    def test_a_failure_takes_all_back(self, found, workshop, loader):
        workshop.plugin("a")
        workshop.plugin("b")
        registry = found()

        def load_and_fail():
            registry.load("b")
            raise RuntimeError("on purpose")

        loader.meanwhile["a"] = load_and_fail
        events = []
        registry.subscribe(events.append)
        with pytest.raises(PluginLoadError, match="on purpose"):
            registry.load("a")
        assert loader.log == ["load a", "load b", "close b"]
        assert loaded(registry) == []
        assert [(str(event.kind), event.plugin.name) for event in events] == [("load_failed", "a")]

    def test_a_failure_that_is_caught_harms_nobody(self, found, workshop, loader):
        workshop.plugin("a", dependencies=["b"])
        workshop.plugin("b")
        workshop.plugin("c", dependencies=["b", "d"])
        workshop.plugin("d")
        registry = found()
        loader.failing = {"c"}

        def try_to_load():
            with pytest.raises(PluginLoadError):
                registry.load("c")

        loader.meanwhile["a"] = try_to_load
        registry.load("a")
        assert loader.log == ["load b", "load a", "load d", "load c", "close d"]
        assert loaded(registry) == ["a", "b"]
        assert registry.find("c").state is PluginState.FAILED

    def test_nothing_is_unloaded(self, found, workshop, loader):
        workshop.plugin("a", dependencies=["b"])
        workshop.plugin("b")
        registry = found()
        registry.load("b")
        loader.meanwhile["a"] = lambda: registry.unload("b")
        with pytest.raises(PluginLoadError, match="while `a` is being loaded") as raised:
            registry.load("a")
        assert isinstance(raised.value.__cause__, PluginInUseError)
        assert raised.value.__cause__.dependents == ("a",)
        assert loaded(registry) == ["b"]


def test_loading_what_is_loaded_waits_for_nobody(found, workshop, loader, in_thread):
    workshop.plugin("a")
    workshop.plugin("b")
    registry = found()
    handle = registry.load("b")
    loader.meanwhile["a"] = lambda: in_thread(lambda: registry.load("b"))
    registry.load("a")
    assert registry.load("b") is handle


def test_a_plugin_that_fails_after_its_loader_is_closed(found, workshop, loader, monkeypatch):
    workshop.plugin("a")
    registry = found()
    monkeypatch.setattr("alas_registry._lifecycle.PluginHandle", interrupted)
    with pytest.raises(KeyboardInterrupt):
        registry.load("a")
    assert loader.log == ["load a", "close a"]


def test_an_interrupted_unloading_closes_the_others(found, workshop, loader):
    for name in "abc":
        workshop.plugin(name)
    registry = found()
    registry.load_all()
    loader.stuck = {"b": KeyboardInterrupt}
    with pytest.raises(KeyboardInterrupt):
        registry.close()
    assert loader.log[3:] == ["close c", "close a"]
    assert loaded(registry) == []


def test_each_plugin_has_its_own_failure_to_close(found, workshop, loader):
    for name in "abc":
        workshop.plugin(name)
    registry = found()
    registry.load_all()
    events = []
    registry.subscribe(events.append)
    loader.stuck = {"b"}
    with pytest.raises(Exception, match="plugin `b`"):
        registry.close()
    assert [(event.plugin.name, event.error is None) for event in events] == [
        ("c", True),
        ("b", False),
        ("a", True),
    ]


def test_a_handle_of_a_plugin_that_has_gone(found, workshop, loader):
    folder = workshop.plugin("a", runtime={"persistent": False})
    registry = found()
    handle = registry.load("a")
    assert handle.call("f", [1]) == ["a", "f", 1]
    folder.rename(folder.with_name(".hidden"))
    registry.discover()
    with pytest.raises(PluginNotFoundError, match="there is no plugin `a`"):
        handle.call("f", [1])


def interrupted(*_arguments):
    raise KeyboardInterrupt
