"""Installed plugins, laid out by hand: the registry does not know who installs."""

import json
import os

import pytest

from alas_manifest._names import PLUGIN_NAME
from alas_registry import GrantSettings
from alas_registry._content import read_content
from alas_registry._installed import (
    _NAME,
    InstalledPlugin,
    Lock,
    check_installed,
    generation_in_force,
    installed_details,
    read_lock,
)

GOOD = {
    "version": "1.2.0",
    "hash": "0" * 64,
    "type": "module",
    "source": "/home/ada/my-plugin",
    "installed_at": "2026-01-01T00:00:00Z",
    "reason": "requested",
}


@pytest.fixture
def folder(tmp_path):
    """An installed plugin, as discovery finds it."""
    root = tmp_path / "plugins" / ".installed"
    made = root / "store" / "made"
    made.mkdir(parents=True)
    for name in ("plugin.json", "a", "b", "c", "d"):
        (made / name).write_text(name)
    content = read_content(made)
    made.rename(root / "store" / content.hash)
    (root / "store" / f"{content.hash}.files").write_bytes(content.listing)
    generation = root / "generations" / "1"
    generation.mkdir(parents=True)
    (generation / "my-plugin").symlink_to(f"../../store/{content.hash}")
    record = InstalledPlugin(
        version="1.2.0",
        hash=content.hash,
        type="module",
        source="/home/ada/my-plugin",
        installed_at="2026-01-01T00:00:00Z",
    )
    (generation / "lock.json").write_text(Lock(1, None, {"my-plugin": record}).to_json())
    (root / "current").symlink_to("generations/1")
    link = tmp_path / "plugins" / "my-plugin"
    link.symlink_to(".installed/current/my-plugin")
    return link


def test_what_is_as_it_was_installed_is_fine(folder):
    assert check_installed(folder) is None
    assert check_installed(folder.resolve()) is None


def test_a_plugin_that_was_not_installed_is_none_of_our_business(tmp_path):
    (tmp_path / "link").symlink_to("somewhere")
    for path in (tmp_path, tmp_path / "link", tmp_path / "absent"):
        assert check_installed(path) is None
        assert installed_details(path) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda folder: (folder / "a").write_text("other"), "changed `a`"),
        (lambda folder: (folder / "x").write_text(""), "added `x`"),
        (lambda folder: (folder / "x\x1b[31m").write_text(""), "added `x\\x1b[31m`"),
        (lambda folder: (folder / "plugin.json").unlink(), "removed `plugin.json`"),
        (
            lambda folder: [(folder / name).unlink() for name in "abcd"],
            "removed `a`, removed `b`, removed `c` and 1 more",
        ),
    ],
)
def test_what_has_changed_is_named(folder, change, named):
    change(folder)
    finding = check_installed(folder)
    assert (finding.code, finding.severity, finding.file) == ("content_changed", "error", str(folder))
    assert finding.message == f"the plugin is not as it was installed: {named}"
    assert finding.help == "install it again: alas-plugin install /home/ada/my-plugin"


@pytest.mark.parametrize("listing", [None, "", "alas plugin content 1\n"])
def test_without_the_listing_nothing_is_named(folder, listing):
    (folder / "a").write_text("other")
    file = folder.resolve().with_name(f"{folder.resolve().name}.files")
    file.unlink()
    if listing is not None:
        file.write_text(listing)
    assert check_installed(folder).message.endswith(": its files have changed")


def relink(link, text):
    link.unlink()
    link.symlink_to(text)


def rewrite(folder, **changes):
    """Change what the lock file says about the plugin."""
    file = folder.parent / ".installed" / "current" / "lock.json"
    document = json.loads(file.read_text())
    document["plugins"]["my-plugin"] |= changes
    file.write_text(json.dumps(document))


@pytest.fixture
def other(folder):
    """The folder of other content in the store, installed before."""
    store = folder.parent / ".installed" / "store"
    made = store / "made"
    made.mkdir()
    (made / "plugin.json").write_text("other")
    content = read_content(made)
    (store / f"{content.hash}.files").write_bytes(content.listing)
    return made.rename(store / content.hash)


@pytest.mark.parametrize("leads_to", ["elsewhere", "nowhere"])
@pytest.mark.parametrize("link", ["inner", "generation"])
def test_a_link_that_leads_elsewhere(folder, tmp_path, leads_to, link):
    (tmp_path / "elsewhere" / "my-plugin").mkdir(parents=True)
    root = folder.parent / ".installed"
    if link == "inner":
        relink(root / "current" / "my-plugin", tmp_path / leads_to)
    else:
        (tmp_path / "elsewhere" / "lock.json").write_bytes((root / "current" / "lock.json").read_bytes())
        relink(root / "current", tmp_path / leads_to)
    assert check_installed(folder).code == "content_changed"


def test_the_lock_file_says_what_has_to_be_there(folder, other):
    relink(folder.parent / ".installed" / "current" / "my-plugin", f"../../store/{other.name}")
    for path in (folder, other):
        assert check_installed(path).code == "content_changed"
    # Nothing is wrong with the store, so the lock file decides.
    rewrite(folder, hash=other.name)
    assert check_installed(folder) is None


@pytest.mark.parametrize("stated", ["0" * 64, "../../../evil", "0" * 63 + "\n", ""])
def test_another_hash_in_the_lock_file(folder, stated):
    rewrite(folder, hash=stated)
    assert check_installed(folder).code == "content_changed"


@pytest.mark.parametrize("lock", [None, b"", b"{}", b'{"format": 1, "generation": 1, "plugins": {}}'])
def test_without_an_entry_nothing_is_as_it_was_installed(folder, lock):
    content = folder.resolve()
    file = folder.parent / ".installed" / "current" / "lock.json"
    file.unlink()
    if lock is not None:
        file.write_bytes(lock)
    for path in (folder, content, file.parent / "my-plugin", file.parent.resolve() / "my-plugin"):
        finding = check_installed(path)
        assert finding.code == "content_changed"
        assert "lock file" in finding.message
        assert finding.help


def test_a_lock_file_that_waits_for_a_writer(folder):
    file = folder.parent / ".installed" / "current" / "lock.json"
    file.unlink()
    os.mkfifo(file)
    assert "it is no regular file" in check_installed(folder).message


@pytest.mark.parametrize(
    "text",
    [
        ".installed/current/other",
        ".installed/current/..",
        ".installed/current/my-plugin/../../../elsewhere",
        ".installed/../elsewhere",
        ".installed/staging/x",
        ".installed/generations/1",
        ".installed",
        ".installed/current",
    ],
)
def test_other_ways_through_the_folder(folder, text, tmp_path):
    for path in ("plugins/elsewhere", "plugins/.installed/staging/x"):
        (tmp_path / path).mkdir(parents=True)
    relink(folder, text)
    assert check_installed(folder).code == "content_changed"


@pytest.mark.parametrize("way", ["absolute link", "link to a link", "linked home", "store", "inside"])
def test_ways_that_lead_to_what_was_installed(folder, tmp_path, way):
    link = tmp_path / "link"
    if way == "absolute link":
        relink(folder, folder.parent / ".installed" / "current" / "my-plugin")
        path = folder
    elif way == "link to a link":
        link.symlink_to(folder)
        path = link
    elif way == "linked home":
        link.symlink_to(folder.parent)
        path = link / "my-plugin"
    elif way == "store":
        link.symlink_to(folder.resolve())
        path = link
    else:
        path = folder / "sub"
    assert check_installed(path) is None
    assert installed_details(path).version == "1.2.0"
    (folder / "a").write_text("other")
    assert check_installed(path).code == "content_changed"


def test_what_an_installation_looks_at_is_not_installed_yet(folder):
    staged = folder.parent / ".installed" / "staging" / "0" / "content"
    staged.mkdir(parents=True)
    assert check_installed(staged) is None


def test_links_that_lead_to_each_other(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert check_installed(tmp_path / "a") is None


def test_a_folder_that_cannot_be_read(folder):
    (folder / "sub").symlink_to("sub")
    assert "added `sub`" in check_installed(folder).message
    content = folder.resolve()
    for file in content.iterdir():
        file.unlink()
    content.rmdir()
    assert "No such file" in check_installed(folder).message


def test_details(folder):
    assert installed_details(folder).version == "1.2.0"
    assert installed_details(folder.resolve()).source == "/home/ada/my-plugin"
    (folder.parent / ".installed" / "current" / "lock.json").write_text("{")
    assert installed_details(folder) is None


def test_a_lock_reads_back(folder):
    file = folder.parent / ".installed" / "current" / "lock.json"
    lock = read_lock(file)
    assert (lock.generation, lock.previous, list(lock.plugins)) == (1, None, ["my-plugin"])
    file.write_text(lock.to_json())
    assert read_lock(file) == lock


def test_what_was_agreed_to_reads_back(folder):
    file = folder.parent / ".installed" / "current" / "lock.json"
    agreed = {"read": ["/data"], "net": ["a.com"]}
    document = json.loads(file.read_text())
    document["plugins"]["my-plugin"]["agreed"] = agreed
    file.write_text(json.dumps(document))
    lock = read_lock(file)
    assert lock.plugins["my-plugin"].agreed == GrantSettings(read=("/data",), net=("a.com",))
    assert json.loads(lock.to_json())["plugins"]["my-plugin"]["agreed"] == agreed


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": None},
        {"generation": "1"},
        {"generation": True},
        {"generation": 0},
        {"previous": "0"},
        {"previous": -1},
        {"plugins": []},
        {"plugins": {"x": {}}},
        {"plugins": {"../x": GOOD}},
        {"plugins": {"x": GOOD | {"version": "1"}}},
        {"plugins": {"x": GOOD | {"hash": "0" * 63}}},
        {"plugins": {"x": GOOD | {"hash": "../" * 20 + "aaaa"}}},
        {"plugins": {"x": GOOD | {"reason": "mine"}}},
        {"plugins": {"x": GOOD | {"agreed": ["read"]}}},
        {"plugins": {"x": GOOD | {"agreed": {"fly": ["/a"]}}}},
        {"plugins": {"x": GOOD | {"agreed": {"read": True}}}},
        {"plugins": {"x": GOOD | {"agreed": {"read": [""]}}}},
    ],
)
def test_a_lock_with_mistakes(folder, change):
    file = folder.parent / ".installed" / "current" / "lock.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(ValueError, match=r"expected|incomplete|has to be|is no version|in words"):
        read_lock(file)


def test_names_are_those_of_manifests():
    assert _NAME.pattern == PLUGIN_NAME.pattern


def test_the_generation_in_force(folder):
    root = folder.parent / ".installed"
    assert generation_in_force(root) == 1
    for text in ("generations/x", "generations/01", "/generations/1", "../generations/1", "generations/1/"):
        relink(root / "current", text)
        with pytest.raises(ValueError, match="found"):
            generation_in_force(root)
