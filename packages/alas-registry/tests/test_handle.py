"""Calls from outside: checked, counted, and never on a plugin that has gone."""

import threading

import pytest

from alas_registry import (
    ArgumentsError,
    CallError,
    FunctionNotFoundError,
    PluginNotLoadedError,
    PluginState,
    ResultError,
)

PROCESS = {"name": "process", "params": [{"name": "data", "type": "string"}], "returns": "int"}


@pytest.fixture
def prepared(found, workshop, loader):
    """A registry with the plugin `a`, whose function `process` gives the length of its argument."""

    def prepare(**fields):
        workshop.plugin("a", functions=[PROCESS], **fields)
        (workshop.path / "a" / "a.alas.json").write_text(
            '{"type": "module", "name": "a", "exports": ["process"], "functions": [{"name": "process", '
            '"params": [{"name": "data", "type": "string"}], "returns": "int", "body": []}]}'
        )
        loader.answers["process"] = len
        return found()

    return prepare


def test_calls_are_counted(prepared):
    registry = prepared()
    assert registry.statistics("a") is None
    assert registry.call("A", "process", "four") == 4
    handle = registry.loaded("a")
    with pytest.raises(ArgumentsError):
        handle.call("process", [4])
    assert handle.call("process", ["x"]) == 1
    statistics = registry.statistics("a")
    assert (statistics.calls, statistics.failed_calls) == (3, 1)
    assert statistics.load_milliseconds >= 0
    assert statistics.call_milliseconds >= 0


@pytest.mark.parametrize(
    ("function", "arguments", "error", "message"),
    [
        (
            "proces",
            ["x"],
            FunctionNotFoundError,
            "plugin `a` has no function `proces`; did you mean `process`?",
        ),
        ("walk\x1b", ["x"], FunctionNotFoundError, "plugin `a` has no function `walk\\x1b`; it has: process"),
        (
            "process",
            [],
            ArgumentsError,
            "process(data: string) -> int of plugin `a` takes 1 argument, but 0 were given",
        ),
        ("process", ["x", 1], ArgumentsError, "takes 1 argument, but 2 were given"),
        (
            "process",
            [1],
            ArgumentsError,
            "the argument for `data` does not fit: expected string, found the int `1`",
        ),
    ],
)
def test_calls_that_do_not_fit(prepared, function, arguments, error, message):
    registry = prepared()
    with pytest.raises(error) as raised:
        registry.call("a", function, *arguments)
    assert message in str(raised.value)
    assert isinstance(raised.value, CallError)
    assert (raised.value.plugin, raised.value.function) == ("a", function)


def test_a_result_that_was_not_promised(prepared, loader):
    registry = prepared()
    loader.answers["process"] = lambda data: [data]
    with pytest.raises(
        ResultError, match="returned what its manifest does not promise: expected int, found an array"
    ):
        registry.call("a", "process", "x")


def test_a_handle_of_an_unloaded_plugin(prepared):
    registry = prepared()
    handle = registry.load("a")
    registry.unload("a")
    with pytest.raises(PluginNotLoadedError, match="was unloaded; load it again"):
        handle.call("process", ["x"])
    assert registry.call("a", "process", "x") == 1


def test_a_running_call_ends_before_the_plugin_is_given_back(prepared, loader):
    registry = prepared()
    entered, may_end = threading.Event(), threading.Event()
    results = []

    def wait(data):
        entered.set()
        assert may_end.wait(10)
        return len(data)

    loader.answers["process"] = wait
    thread = threading.Thread(target=lambda: results.append(registry.call("a", "process", "four")))
    thread.start()
    assert entered.wait(10)
    registry.unload("a")
    assert registry.find("a").state is PluginState.DISCOVERED
    assert loader.log == ["load a"]
    may_end.set()
    thread.join(10)
    assert results == [4]
    assert loader.log == ["load a", "close a"]


def test_a_plugin_that_unloads_itself(prepared, loader):
    registry = prepared()
    loader.answers["process"] = lambda _data: len(registry.unload("a"))
    assert registry.call("a", "process", "x") == 1
    assert loader.log == ["load a", "close a"]


def test_closing_late_cannot_fail_the_call(prepared, loader, caplog):
    registry = prepared()
    loader.stuck = {"a"}
    loader.answers["process"] = lambda _data: len(registry.unload("a"))
    assert registry.call("a", "process", "x") == 1
    assert "closing it failed" in caplog.text


class TestPluginsThatAreNotKept:
    def test_are_released_after_each_call(self, prepared, loader):
        registry = prepared(runtime={"persistent": False})
        handle = registry.load("a")
        assert handle.call("process", ["x"]) == 1
        assert registry.find("a").state is PluginState.DISCOVERED
        assert handle.call("process", ["xy"]) == 2
        assert registry.call("a", "process", "xyz") == 3
        assert loader.log == ["load a", "close a"] * 3

    def test_are_released_after_a_failure(self, prepared, loader):
        registry = prepared(runtime={"persistent": False})
        with pytest.raises(ArgumentsError):
            registry.call("a", "process", 1)
        assert loader.log == ["load a", "close a"]

    def test_stay_while_others_need_them(self, prepared, workshop, loader):
        workshop.plugin("b", dependencies=["a"])
        registry = prepared(runtime={"persistent": False})
        registry.load("b")
        registry.call("a", "process", "x")
        assert loader.log == ["load a", "load b"]

    def test_take_those_along_that_were_loaded_for_them(self, prepared, workshop, loader):
        workshop.plugin("b", runtime={"persistent": False})
        workshop.plugin("c")
        registry = prepared(runtime={"persistent": False}, dependencies=["b", "c"])
        registry.call("a", "process", "x")
        assert loader.log == ["load b", "load c", "load a", "close a", "close b"]

    def test_stay_while_a_call_runs(self, prepared, loader):
        registry = prepared(runtime={"persistent": False})
        loader.answers["process"] = lambda data: registry.call("a", "process", data[1:]) + 1 if data else 0
        assert registry.call("a", "process", "four") == 4
        assert loader.log == ["load a", "close a"]
