"""Many threads at once leave the registry as one after the other would."""

import contextlib
import threading

import pytest

from alas_registry import PluginInUseError, PluginNotLoadedError

THREADS = 100


def run(work):
    failures = []
    barrier = threading.Barrier(THREADS)

    def body(number):
        barrier.wait()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - every failure is one of the test
            failures.append(error)

    threads = [threading.Thread(target=body, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.fixture
def registry_of_five(found, workshop):
    for number in range(5):
        workshop.plugin(f"p{number}", dependencies=[f"p{number + 1}"] if number < 4 else [])
    return found()


def test_a_plugin_loads_once(registry_of_five, loader):
    run(lambda number: registry_of_five.load(f"p{number % 5}"))
    assert sorted(loader.log) == [f"load p{number}" for number in range(5)]


def test_loading_unloading_and_discovering(registry_of_five, loader):
    def work(number):
        for _ in range(5):
            loaded = registry_of_five.load(f"p{number % 5}")
            assert loaded.call("f", [number])[2] == number
            if number % 10 == 0:
                registry_of_five.discover()
            try:
                registry_of_five.unload(f"p{number % 5}")
            except (PluginInUseError, PluginNotLoadedError):
                continue

    run(work)
    names = {plugin.name for plugin in registry_of_five.plugins if plugin.state == "loaded"}
    balance = {
        f"p{number}": loader.log.count(f"load p{number}") - loader.log.count(f"close p{number}")
        for number in range(5)
    }
    assert balance == {name: int(name in names) for name in balance}
    registry_of_five.close()
    assert loader.log.count("load p4") == loader.log.count("close p4")


def test_calling_while_others_unload(registry_of_five, loader, workshop):
    workshop.plugin("fleeting", runtime={"persistent": False}, dependencies=["p2"])
    registry_of_five.discover()
    loader.answers["half"] = lambda value: value // 2

    def work(number):
        for turn in range(10):
            name = "fleeting" if number % 3 == 0 else f"p{(number + turn) % 5}"
            assert registry_of_five.call(name, "half", number) == number // 2
            if number % 7 == 0:
                with contextlib.suppress(PluginNotLoadedError):
                    registry_of_five.unload(f"p{turn % 5}", cascade=True)
            if number % 25 == 0:
                registry_of_five.discover()
            loaded = {plugin.name for plugin in registry_of_five.plugins if plugin.state == "loaded"}
            # What is loaded never lacks what it needs, at whichever moment one looks.
            for name in loaded & {f"p{index}" for index in range(4)}:
                assert f"p{int(name[1]) + 1}" in loaded

    run(work)
    registry_of_five.close()
    for name in ("fleeting", *(f"p{index}" for index in range(5))):
        assert loader.log.count(f"load {name}") == loader.log.count(f"close {name}")
