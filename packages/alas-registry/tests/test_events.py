"""What listeners hear, and in which order."""

import pytest

from alas_registry import Event, EventKind, PluginLoadError


@pytest.fixture
def heard(registry):
    events = []
    registry.subscribe(events.append)
    return events


def told(events):
    return [
        " ".join(filter(None, [str(event.kind), event.plugin and event.plugin.name, event.function]))
        for event in events
    ]


def test_a_life(registry, workshop, heard):
    workshop.plugin("a", dependencies=["b"])
    workshop.plugin("b")
    registry.discover()
    registry.call("a", "f", 1)
    registry.load("a")
    registry.unload("b", cascade=True)
    assert told(heard) == ["discovered", "loaded b", "loaded a", "called a f", "unloaded a", "unloaded b"]
    assert [event.milliseconds is not None for event in heard] == [True, True, True, True, False, False]
    assert [str(event.plugin.state) for event in heard[1:3]] == ["loaded", "loaded"]


def test_failures(registry, workshop, loader, heard):
    workshop.plugin("a", dependencies=["b"])
    workshop.plugin("b")
    registry.discover()
    loader.failing = {"a"}
    loader.answers["f"] = lambda: 1 / 0
    with pytest.raises(PluginLoadError):
        registry.load("a")
    with pytest.raises(ZeroDivisionError):
        registry.call("b", "f")
    assert told(heard) == ["discovered", "load_failed a", "loaded b", "called b f"]
    assert isinstance(heard[1].error, PluginLoadError)
    assert heard[1].plugin.error is heard[1].error
    assert isinstance(heard[3].error, ZeroDivisionError)


def test_a_call_is_told_before_the_plugin_is_released(registry, workshop, heard):
    workshop.plugin("a", runtime={"persistent": False})
    registry.discover()
    registry.call("a", "f", 1)
    assert told(heard) == ["discovered", "loaded a", "called a f", "unloaded a"]


def test_an_interrupted_call_has_failed(registry, workshop, loader, heard):
    workshop.plugin("a")
    registry.discover()

    def interrupt():
        raise KeyboardInterrupt

    loader.answers["f"] = interrupt
    with pytest.raises(KeyboardInterrupt):
        registry.call("a", "f")
    assert isinstance(heard[-1].error, KeyboardInterrupt)
    assert registry.statistics("a").failed_calls == 1


def test_listeners_may_use_the_registry(registry, workshop):
    workshop.plugin("a")
    workshop.plugin("b")
    registry.discover()
    seen = []

    def load_more(event):
        seen.append((str(event.kind), event.plugin.name, str(registry.find("a").state)))
        registry.load("b")

    registry.subscribe(load_more)
    registry.load("a")
    assert seen == [("loaded", "a", "loaded"), ("loaded", "b", "loaded")]


def test_a_failing_listener_stops_nobody(registry, workshop, heard, caplog):
    workshop.plugin("a")
    registry.subscribe(lambda _event: 1 / 0)
    later = []
    registry.subscribe(later.append)
    registry.discover()
    assert told(heard) == told(later) == ["discovered"]
    assert "a listener failed at the event discovered" in caplog.text


def test_unsubscribing(registry):
    events = []
    first, second = registry.subscribe(events.append), registry.subscribe(events.append)
    registry.discover()
    first()
    registry.discover()
    second()
    second()
    registry.discover()
    assert told(events) == ["discovered"] * 3


def test_events_do_not_change():
    event = Event(kind=EventKind.DISCOVERED)
    with pytest.raises(AttributeError):
        event.kind = EventKind.LOADED
