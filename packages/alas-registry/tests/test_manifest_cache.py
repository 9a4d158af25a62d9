"""The cache of manifests: quick, and never wrong."""

import json
import os
from pathlib import Path

import pytest

from alas_registry import PluginState, Registry, _manifest_cache


@pytest.fixture
def cache_file(tmp_path):
    return tmp_path / "cache" / "plugins.json"


@pytest.fixture
def discover(workshop, loader, cache_file):
    """Discover as a new process would, and return the registry."""

    def discover():
        registry = Registry({"module": loader}, cache=cache_file, packages=False)
        registry.add_search_path(workshop.path)
        registry.discover()
        return registry

    return discover


@pytest.fixture(autouse=True)
def reads(monkeypatch):
    """The files that were really read."""
    files = []
    read = _manifest_cache._read_manifest
    monkeypatch.setattr(_manifest_cache, "_read_manifest", lambda file: files.append(file) or read(file))
    # Tests write files and look at them in the same moment.
    monkeypatch.setattr(_manifest_cache, "_is_settled", lambda _status: True)
    return files


def shown(registry):
    return [
        (plugin.name, plugin.state, plugin.facts, plugin.diagnostics, plugin.manifest)
        for plugin in registry.plugins
    ]


def test_what_comes_from_the_cache_is_what_was_read(discover, workshop, reads):
    workshop.plugin("a", dependencies=["b >=1"], capabilities=["function", "io"], runtime={"lazy": True})
    workshop.plugin("b", homepage="x", description="\u00e4\x1b")
    workshop.broken("c", '{"name": "stated"}')
    workshop.broken("d", "{")
    first = shown(discover())
    assert len(reads) == 4
    assert shown(discover()) == first
    assert len(reads) == 4


def test_a_registry_remembers_without_a_file(workshop, loader, reads):
    workshop.plugin("a")
    registry = Registry({"module": loader})
    registry.add_search_path(workshop.path)
    registry.discover()
    registry.discover()
    assert len(reads) == 1


@pytest.mark.parametrize("same_size", [True, False])
def test_a_change_is_seen(discover, workshop, same_size):
    folder = workshop.plugin("a", version="1.0.0")
    discover()
    workshop.plugin("a", version="2.0.0" if same_size else "10.0.0")
    assert discover().find("a").version == ("2.0.0" if same_size else "10.0.0")
    (folder / "plugin.json").unlink()
    assert discover().plugins == ()


def test_a_file_swapped_for_another_of_the_same_age_and_size(discover, workshop):
    folder = workshop.plugin("a", version="1.0.0")
    other = workshop.plugin("a", folder="b", version="2.0.0")
    status = (folder / "plugin.json").stat()
    os.utime(other / "plugin.json", ns=(status.st_atime_ns, status.st_mtime_ns))
    discover()
    (other / "plugin.json").replace(folder / "plugin.json")
    assert discover().find("a").version == "2.0.0"


def test_a_file_that_may_still_change_is_not_kept(discover, workshop, reads, monkeypatch):
    monkeypatch.undo()
    files = []
    read = _manifest_cache._read_manifest
    monkeypatch.setattr(_manifest_cache, "_read_manifest", lambda file: files.append(file) or read(file))
    workshop.plugin("a")
    path = workshop.path / "a" / "plugin.json"
    # From the future, so that it is not settled however slow the machine is.
    os.utime(path, ns=(path.stat().st_mtime_ns + 60_000_000_000,) * 2)
    discover()
    discover()
    assert len(files) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"reader": 1, "manifests": {}}', b"\xff", b"[" * 100_000, None],
    ids=["empty", "half", "array", "no keys", "other reader", "no text", "deep", "damaged"],
)
def test_a_broken_cache_is_made_again(discover, workshop, cache_file, content, reads):
    workshop.plugin("a")
    expected = shown(discover())
    if content is None:
        # A version that is none, in a file that is otherwise right.
        content = cache_file.read_bytes().replace(b"1.0.0", b"1.?.0")
    cache_file.write_bytes(content)
    assert shown(discover()) == expected
    assert len(reads) == 2
    discover()
    assert len(reads) == 2


def test_a_cache_that_cannot_be_written_costs_only_time(discover, workshop, cache_file):
    workshop.plugin("a")
    cache_file.parent.write_text("a file where the folder would be")
    assert discover().find("a").state is PluginState.DISCOVERED


def test_the_file_does_not_grow_with_what_is_gone(discover, workshop, cache_file):
    folder = workshop.plugin("a")
    workshop.plugin("b")
    discover()
    (folder / "plugin.json").unlink()
    workshop.plugin("c")
    discover()
    paths = json.loads(cache_file.read_text().partition("\n")[2])
    assert sorted(Path(path).parent.name for path in paths) == ["b", "c"]
    assert sorted(path.name for path in cache_file.parent.iterdir()) == ["plugins.json"]


def test_folders_that_are_searched_in_turn_stay_known(workshop, other_workshop, cache_file, reads):
    workshop.plugin("a")
    other_workshop.plugin("b")
    for _ in range(3):
        for path in (workshop.path, other_workshop.path):
            registry = Registry(cache=cache_file, packages=False)
            registry.add_search_path(path)
            assert len(registry.discover()) == 1
    assert len(reads) == 2


def test_loading_does_not_rely_on_it(discover, workshop, cache_file):
    """Somebody who writes the cache decides what is listed, not what is loaded."""
    workshop.plugin("a", version="1.0.0")
    discover()
    body = cache_file.read_bytes().partition(b"\n")[2].replace(b"1.0.0", b"7.0.0")
    cache_file.write_bytes(_manifest_cache._first_line(body) + b"\n" + body)
    registry = discover()
    assert registry.find("a").version == "7.0.0"
    with pytest.raises(Exception, match="has changed since it was discovered"):
        registry.load("a")


def test_what_is_no_file_is_not_waited_for(discover, workshop, cache_file):
    workshop.plugin("a")
    cache_file.parent.mkdir()
    os.mkfifo(cache_file)
    assert discover().find("a").state is PluginState.DISCOVERED
    # It was replaced by a cache.
    assert cache_file.is_file()
    cache_file.unlink()
    cache_file.symlink_to("/dev/zero")
    assert discover().find("a").state is PluginState.DISCOVERED
