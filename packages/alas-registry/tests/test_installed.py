"""Installed plugins, laid out by hand: the registry does not know who installs."""

import json

import pytest

from alas_registry._content import read_content
from alas_registry._installed import InstalledPlugin, Lock, check_installed, installed_details, read_lock


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


@pytest.mark.parametrize("leads_to", ["elsewhere", "nowhere"])
def test_a_link_that_leads_elsewhere(folder, tmp_path, leads_to):
    (tmp_path / "elsewhere").mkdir()
    link = folder.parent / ".installed" / "current" / "my-plugin"
    link.unlink()
    link.symlink_to(tmp_path / leads_to)
    assert check_installed(folder).code == "content_changed"


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


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": None},
        {"generation": "1"},
        {"previous": "0"},
        {"plugins": []},
        {"plugins": {"x": {}}},
    ],
)
def test_a_lock_with_mistakes(folder, change):
    file = folder.parent / ".installed" / "current" / "lock.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(ValueError, match=r"expected|incomplete"):
        read_lock(file)
