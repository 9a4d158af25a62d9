"""Settings that change in one step with what is installed."""

import errno
import os
from pathlib import Path

import pytest

from alas_registry import (
    GrantSettings,
    NotGrantedError,
    PluginGrants,
    SettingsDraft,
    SettingsStore,
    read_settings,
)

READ = GrantSettings(read=("/data",))
GRANTS = '[grants.reader]\nread = ["/data"]\n'
OLD, NEW = "# mine\n", f"# mine\n\n{GRANTS}"


class Home:
    """A home with settings, and generations of installed plugins."""

    def __init__(self, folder):
        self.folder = folder
        self.root = folder / "plugins" / ".installed"
        self.file = folder / "config.toml"
        for number in (1, 2):
            self.generation(number).mkdir(parents=True)
        self.switch(1)

    def generation(self, number):
        return self.root / "generations" / str(number)

    def switch(self, number):
        scratch = self.root / "new"
        scratch.symlink_to(f"generations/{number}")
        scratch.replace(self.root / "current")

    def stage(self, number=2):
        """Grant something to the plugin `reader`, as an installation does that is stopped before it has finished."""
        with SettingsDraft.begun(self.folder) as draft:
            PluginGrants(self.folder, "reader", draft=draft).grant(READ, READ)
            draft.stage(self.generation(number))

    def granted(self):
        settings = read_settings({"ALAS_HOME": str(self.folder), "HOME": "/"}, self.folder)
        assert PluginGrants(self.folder, "reader").current() == settings.grant_of("reader")
        return settings.grant_of("reader")

    def kept(self):
        """What generations keep of settings."""
        return [path.name for path in self.root.glob("generations/*/.*")]


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.mark.parametrize("before", [OLD, "", None])
def test_settings_are_in_force_with_their_generation(home, before):
    if before is not None:
        home.file.write_text(before)
    home.stage()
    assert home.granted() == GrantSettings()
    home.switch(2)
    assert home.granted() == READ
    assert (home.file.read_text() if home.file.exists() else None) == before
    SettingsStore(home.folder).settle()
    assert home.granted() == READ
    assert home.file.read_text() == (NEW if before else GRANTS)
    assert home.kept() == []
    # Going back to the former plugins does not change settings that nobody has asked to change.
    home.switch(1)
    assert home.granted() == READ


@pytest.mark.parametrize("by_hand", ["# other\n", "", '[grants.reader]\nenv = ["A"]\n', None])
def test_what_somebody_has_written_since_is_not_overwritten(home, by_hand):
    home.file.write_text(OLD)
    home.stage()
    home.switch(2)
    if by_hand is None:
        home.file.unlink()
    else:
        home.file.write_text(by_hand)
    expected = GrantSettings(env=("A",)) if by_hand and "grants" in by_hand else GrantSettings()
    assert home.granted() == expected
    SettingsStore(home.folder).settle()
    assert (home.granted(), home.kept()) == (expected, [])
    assert (home.file.read_text() if home.file.exists() else None) == by_hand


def test_whoever_changes_grants_finishes_first(home):
    home.file.write_text(OLD)
    home.stage()
    home.switch(2)
    assert PluginGrants(home.folder, "reader").revoke() == READ
    assert (home.file.read_text().rstrip(), home.kept()) == (OLD.rstrip(), [])
    assert home.granted() == GrantSettings()


def test_what_is_not_in_force_is_not_seen_and_not_finished(home):
    home.stage()
    with pytest.raises(NotGrantedError):
        PluginGrants(home.folder, "reader").revoke(READ)
    assert not home.file.exists()
    assert len(home.kept()) == 2
    # Another change of that generation leaves nothing of it.
    with SettingsDraft.begun(home.folder) as draft:
        draft.stage(home.generation(2))
    assert home.kept() == []


def test_settings_on_another_disk_are_copied(home, tmp_path, monkeypatch):
    (tmp_path / "dotfiles").write_text(OLD)
    home.file.symlink_to(tmp_path / "dotfiles")
    home.stage()
    home.switch(2)
    replace = Path.replace

    def refuse(path, target):
        if path.parent == home.generation(2):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    SettingsStore(home.folder).settle()
    # A link stays one.
    assert (home.file.is_symlink(), (tmp_path / "dotfiles").read_text()) == (True, NEW)
    assert (home.granted(), home.kept()) == (READ, [])


def test_a_plugin_may_be_called_like_the_file(home):
    (home.generation(1) / "config.toml").mkdir()
    home.file.write_text(NEW)
    assert home.granted() == READ
