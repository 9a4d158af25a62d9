"""What an installation makes of a home that somebody has damaged."""

import json
import os

import pytest

from alas_installer import InstallError


def refused(call, code):
    with pytest.raises(InstallError) as caught:
        call()
    assert caught.value.code == code, caught.value
    assert caught.value.help, caught.value
    return caught.value


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def relink(link, text):
    link.unlink()
    link.symlink_to(text)


@pytest.fixture
def home(bench):
    """A home with two generations: without the plugin, and with it."""
    bench.installer().install(bench.plugin())
    return bench


@pytest.mark.parametrize(
    "text", ["generations/999", "generations/x", "elsewhere", "/generations/1", "../generations/1"]
)
def test_a_refusal_leaves_the_links_alone(home, text):
    relink(home.root / "current", text)
    before = names(home.plugins)
    refused(lambda: home.installer().install(home.plugin("b")), "lock_broken")
    refused(lambda: home.installer().uninstall("my-plugin"), "lock_broken")
    assert names(home.plugins) == before
    assert os.path.lexists(home.plugins / "my-plugin")


def test_a_link_to_a_generation_that_is_gone_can_be_rolled_back(home):
    home.installer().install(home.plugin("b"))
    relink(home.root / "current", "generations/999")
    report = home.installer().rollback()
    assert report.installed == {"b": "1.0.0", "my-plugin": "1.0.0"}
    assert home.installer().verify() == []


@pytest.mark.parametrize("place", ["plugins", "plugins/.installed", "plugins/.installed/store"])
@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_a_file_where_a_folder_has_to_be(bench, place, kind):
    file = bench.home / place
    file.parent.mkdir(parents=True)
    if kind == "file":
        file.write_bytes(b"")
    else:
        file.symlink_to("nowhere")
    error = refused(lambda: bench.installer().install(bench.plugin()), "io_error")
    assert str(file) in error.message
    assert "no folder" in error.message
    assert "move it away" in error.help
    assert os.path.lexists(file)


@pytest.mark.parametrize("place", ["plugins", "plugins/.installed"])
def test_a_file_where_what_is_installed_should_be(bench, place):
    file = bench.home / place
    file.parent.mkdir(parents=True)
    file.write_bytes(b"")
    for call in (
        lambda: bench.installer().uninstall("a"),
        bench.installer().rollback,
        bench.installer().installed,
    ):
        error = refused(call, "io_error")
        assert str(file) in error.message


def test_current_that_is_no_link(home):
    (home.root / "current").unlink()
    (home.root / "current").mkdir()
    refused(lambda: home.installer().install(home.plugin()), "lock_broken")


@pytest.mark.parametrize(
    "changes", [{"hash": "../../../../evil"}, {"hash": "0" * 63}, {"version": "1"}, {"version": "../x"}]
)
def test_records_that_no_installation_writes(home, changes):
    file = home.root / "current" / "lock.json"
    document = json.loads(file.read_text())
    document["plugins"]["my-plugin"] |= changes
    file.write_text(json.dumps(document))
    for call in (
        lambda: home.installer().install(home.plugin(version="2.0.0")),
        lambda: home.installer().uninstall("my-plugin"),
        home.installer().verify,
    ):
        refused(call, "lock_broken")


@pytest.mark.parametrize("changes", [{"hash": "0" * 64}, {"version": "9.9.9"}])
def test_records_that_disagree_with_the_plugin(home, changes):
    file = home.root / "current" / "lock.json"
    document = json.loads(file.read_text())
    document["plugins"]["my-plugin"] |= changes
    file.write_text(json.dumps(document))
    assert [one.code for one in home.installer().verify()] == ["content_changed"]
    # Nothing else changes what is wrong with it.
    home.installer().install(home.plugin("b"))
    assert [one.code for one in home.installer().verify()] == ["content_changed"]
    home.installer().install(home.plugin())
    assert home.installer().verify() == []


# --- Rolling back over a lock file that cannot be read ---


def test_rolling_back_says_what_is_there(home):
    home.installer().install(home.plugin("b"))
    report = home.installer().rollback()
    assert report.installed == {"my-plugin": "1.0.0"}
    assert home.installer().rollback().installed == {}


@pytest.mark.parametrize("change", ["turned", "gone", "a folder"])
def test_rolling_back_to_a_link_that_somebody_has_turned(home, change):
    link = (home.root / "current").resolve() / "my-plugin"
    home.installer().install(home.plugin(version="2.0.0"))
    link.unlink()
    if change == "turned":
        link.symlink_to(home.plugin())
    elif change == "a folder":
        (link / "sub").mkdir(parents=True)
    assert home.installer().rollback().installed == {"my-plugin": "1.0.0"}
    assert home.installer().verify() == []
    assert home.seen() == {"my-plugin": ("1.0.0", "1.0.0")}


def test_rolling_back_over_a_broken_lock_file_says_what_is_gone(home):
    home.installer().install(home.plugin("b"), home.plugin(version="2.0.0"))
    (home.root / "current" / "lock.json").write_text("{")
    report = home.installer().rollback()
    assert [(one.name, one.action, one.before, one.after) for one in report.changes] == [
        ("b", "uninstalled", "1.0.0", None),
        ("my-plugin", "downgraded", "2.0.0", "1.0.0"),
    ]
    assert report.installed == {"my-plugin": "1.0.0"}


def test_rolling_back_over_a_broken_lock_file_to_nothing(home):
    (home.root / "current" / "lock.json").write_text("{")
    for link in (home.root / "current").iterdir():
        if link.name != "lock.json":
            (link / "plugin.json").write_text("{")
    report = home.installer().rollback()
    assert [(one.name, one.action, one.after) for one in report.changes] == [
        ("my-plugin", "uninstalled", None)
    ]
    assert report.installed == {}
