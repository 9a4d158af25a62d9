"""Whoever installs is asked whether plugins may reach what they ask for, when everything else is right."""

import contextlib
import json

import pytest

from alas_installer import InstallError, NotAgreedError, Settings
from alas_registry import GrantSettings, PluginGrants, SettingsDraft

READ = {"capabilities": ["filesystem"], "security": {"permissions": {"filesystem": {"read": ["/data"]}}}}
ASKED = GrantSettings(read=("/data",))


class Answer:
    """Notes what is asked, and agrees or does not."""

    def __init__(self, *, agrees=True):
        self.agrees = agrees
        self.asked = []

    def __call__(self, requests):
        self.asked += [(one.manifest.name, one.asked, one.agreed) for one in requests]
        for one in requests:
            assert (one.folder / "plugin.json").is_file()
            assert one.source.name.startswith(one.manifest.name)
        if not self.agrees:
            raise NotAgreedError("no")


class Grant:
    """Grants what was agreed to, and notes for which changes it was asked."""

    def __init__(self, home):
        self.home = home
        self.asked = []

    @contextlib.contextmanager
    def __call__(self, changes):
        self.asked.append([(one.name, one.action) for one in changes])
        with SettingsDraft.begun(self.home) as draft:
            for one in changes:
                if one.after is not None:
                    PluginGrants(self.home, one.name, draft=draft).grant(ASKED, ASKED)
            yield draft


def test_what_is_granted_is_in_the_settings_with_the_plugin(bench):
    grant = Grant(bench.home)
    installer = bench.installer(settings=Settings(grant=grant))
    installer.install(bench.plugin(**READ))
    assert PluginGrants(bench.home, "my-plugin").current() == ASKED
    assert (bench.home / "config.toml").read_text() == '[grants.my-plugin]\nread = ["/data"]\n'
    # Where nothing changes nothing is granted.
    installer.install(bench.plugin(**READ))
    installer.uninstall("my-plugin")
    installer.rollback()
    assert grant.asked == [
        [("my-plugin", "installed")],
        [("my-plugin", "uninstalled")],
        [("my-plugin", "installed")],
    ]


def test_what_cannot_be_granted_is_not_installed(bench):
    bench.home.mkdir()
    (bench.home / "config.toml").write_text("grants = 1")
    with pytest.raises(InstallError) as raised:
        bench.installer(settings=Settings(grant=Grant(bench.home))).install(bench.plugin(**READ))
    assert raised.value.code == "not_granted"
    assert "expected tables of plugins" in raised.value.message
    assert bench.seen() == {}
    (bench.home / "config.toml").unlink()
    bench.installer().install(bench.plugin("other"))
    assert bench.leftovers() == []


@pytest.fixture
def install(bench):
    def install(*paths, answer=None):
        installer = bench.installer(settings=Settings(agree=answer))
        return installer.install(*paths)

    return install


def agreed(bench):
    lock = json.loads((bench.root / "current" / "lock.json").read_text())
    return {name: record.get("agreed") for name, record in lock["plugins"].items()}


def test_what_is_agreed_to_stands_with_the_hash(bench, install):
    answer = Answer()
    install(bench.plugin(**READ), bench.plugin("other"), answer=answer)
    assert answer.asked == [("my-plugin", ASKED, None)]
    assert agreed(bench) == {"my-plugin": {"read": ["/data"]}, "other": None}


def test_who_asks_for_nothing_is_not_asked_about(bench, install):
    answer = Answer(agrees=False)
    install(bench.plugin(), answer=answer)
    assert answer.asked == []


def test_nothing_is_done_when_the_answer_is_no(bench, install):
    with pytest.raises(InstallError) as raised:
        install(bench.plugin("other"), bench.plugin(**READ), answer=Answer(agrees=False))
    assert raised.value.code == "not_agreed"
    assert not bench.home.exists()
    install(bench.plugin())
    before = bench.seen()
    with pytest.raises(InstallError):
        install(bench.plugin(version="1.1.0", **READ), answer=Answer(agrees=False))
    assert bench.seen() == before
    assert bench.leftovers() == []


def test_the_next_version_is_told_what_was_agreed_to(bench, install):
    install(bench.plugin(**READ), answer=Answer())
    answer = Answer()
    more = {**READ, "security": {"permissions": {"filesystem": {"read": ["/data", "/logs"]}}}}
    install(bench.plugin(version="1.1.0", **more), answer=answer)
    assert answer.asked == [("my-plugin", GrantSettings(read=("/data", "/logs")), ASKED)]
    assert agreed(bench) == {"my-plugin": {"read": ["/data", "/logs"]}}
    bench.installer().rollback()
    assert agreed(bench) == {"my-plugin": {"read": ["/data"]}}
    install(bench.plugin(version="1.2.0"), answer=answer)
    assert agreed(bench) == {"my-plugin": None}


def test_what_was_installed_without_asking_can_be_agreed_to_later(bench, install):
    source = bench.plugin(**READ)
    install(source)
    assert agreed(bench) == {"my-plugin": None}
    [change] = install(source, answer=Answer()).changes
    assert change.action == "unchanged"
    assert agreed(bench) == {"my-plugin": {"read": ["/data"]}}
    # Installing the same without asking forgets nothing.
    install(source)
    assert agreed(bench) == {"my-plugin": {"read": ["/data"]}}


def test_what_is_wrong_is_told_before_anybody_is_asked(bench, install):
    answer = Answer()
    with pytest.raises(InstallError):
        install(bench.plugin(**READ, dependencies=["missing"]), answer=answer)
    assert answer.asked == []
