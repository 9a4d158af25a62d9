"""Plugin folders to find, and a loader that remembers what it was asked."""

import json
import threading

import pytest

from alas_registry import Registry


class RecordingPlugin:
    def __init__(self, name, loader):
        self.name = name
        self.loader = loader

    def call(self, function, arguments):
        answer = self.loader.answers.get(function)
        return answer(*arguments) if answer is not None else [self.name, function, *arguments]

    def close(self):
        if self.name in self.loader.stuck:
            kinds = self.loader.stuck if isinstance(self.loader.stuck, dict) else {}
            raise kinds.get(self.name, ZeroDivisionError)("division by zero")
        self.loader.log.append(f"close {self.name}")


class RecordingLoader:
    def __init__(self):
        self.log = []
        self.failing = set()
        # Plugins that cannot be closed; a dict says what closing them raises.
        self.stuck = set()
        # What a function does; one that is not here returns what it was called with.
        self.answers = {}
        # What happens while a plugin loads, by its name.
        self.meanwhile = {}

    def load(self, plugin):
        self.log.append(f"load {plugin.name}")
        if plugin.name in self.failing:
            raise RuntimeError(f"{plugin.name} does not want to\nat all")
        self.meanwhile.get(plugin.name, lambda: None)()
        return RecordingPlugin(plugin.name, self)


class Workshop:
    """Makes plugin folders in one search path."""

    def __init__(self, path):
        self.path = path

    def plugin(self, name, *, folder=None, **fields):
        manifest = {
            "name": name,
            "version": "1.0.0",
            "module": name.replace("-", "_"),
            "implementation": {"language": "alas"},
            **fields,
        }
        place = self.broken(folder or name, json.dumps(manifest))
        module = {"type": "module", "name": manifest["module"], "functions": []}
        (place / f"{manifest['module']}.alas.json").write_text(json.dumps(module))
        return place

    def broken(self, folder, text):
        place = self.path / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "plugin.json").write_text(text)
        return place


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path / "plugins")


@pytest.fixture
def other_workshop(tmp_path):
    return Workshop(tmp_path / "other")


@pytest.fixture
def loader():
    return RecordingLoader()


@pytest.fixture
def registry(workshop, loader):
    registry = Registry({"module": loader}, alas_version="0.1.0", packages=False)
    registry.add_search_path(workshop.path)
    return registry


@pytest.fixture
def found(registry):
    """The registry after discovering what a test has made; for tests that only read."""

    def discover():
        registry.discover()
        return registry

    return discover


@pytest.fixture
def in_thread():
    """Does some work in another thread, and waits for its end."""

    def work_in_thread(work):
        done = []
        thread = threading.Thread(target=lambda: done.append(work()), daemon=True)
        thread.start()
        thread.join(10)
        assert done, "the work has failed, or waits for ever"
        return done[0]

    return work_in_thread
