import tomllib

import pytest

from alas_registry import (
    EVERY_PLUGIN,
    GrantsError,
    GrantSettings,
    NotAskedError,
    NotGrantedError,
    PluginGrants,
    SettingsError,
)
from alas_registry._settings_file import RIGHTS

EVERYTHING = GrantSettings(read=("/",), write=("/",), run=("git",), net=("a.com", "*.b.com"), env=("HOME",))


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "home"


def write(home, text):
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_bytes(text.encode())


def read(home):
    return (home / "config.toml").read_bytes().decode()


UNREADABLE = '[x-a]\na = 1\n[x-a.b.c]\na = 1\n[x-a.b]\na = 1\n[log]\nlevel = "info"\n[x-a.b.d]\na = 1\n'

# What is there, what is granted to the plugin `reader` besides, what is there then.
GRANTED = [
    ("", GrantSettings(read=("/a",)), '[grants.reader]\nread = ["/a"]\n'),
    (
        "# mine\nx-tool = 1 # why\n",
        GrantSettings(read=("/a", "/b"), env=None),
        '# mine\nx-tool = 1 # why\n\n[grants.reader]\nread = ["/a", "/b"]\nenv = true\n',
    ),
    ("x-tool = 1", GrantSettings(run=("git",)), 'x-tool = 1\n\n[grants.reader]\nrun = ["git"]\n'),
    (
        '[grants.reader]\nread = ["/a"] # why\n\n# about the log\n[log]\nlevel = "info"\n',
        GrantSettings(read=("/b",), env=("HOME",)),
        '[grants.reader]\nread = ["/a", "/b"] # why\nenv = ["HOME"]\n\n# about the log\n[log]\nlevel = "info"\n',
    ),
    (
        '[grants.reader]\nread = [\n  "/a", # one\n]\n',
        GrantSettings(read=("/b",)),
        '[grants.reader]\nread = [\n  "/a", # one\n  "/b",\n]\n',
    ),
    (
        '[grants.Reader]\nread = ["/a"]\n',
        GrantSettings(read=("/b",)),
        '[grants.Reader]\nread = ["/a", "/b"]\n',
    ),
    (
        '[grants.other]\nread = ["/a"]\n\n# about the log\n[log]\nlevel = "info"\n',
        GrantSettings(net=("a.com",)),
        '[grants.other]\nread = ["/a"]\n\n# about the log\n[log]\nlevel = "info"\n\n[grants.reader]\nnet = ["a.com"]\n',
    ),
    (
        'grants = {other = {read = ["/a"]}}\n',
        GrantSettings(read=("/b",)),
        'grants = {other = {read = ["/a"]},reader = {read = ["/b"]}}\n',
    ),
    (
        'grants.reader.read = ["/a"]\n',
        GrantSettings(write=("/b",)),
        'grants.reader.read = ["/a"]\ngrants.reader.write = ["/b"]\n',
    ),
    (
        '[grants]\nreader = {read = ["/a"]}\n',
        GrantSettings(read=None),
        "[grants]\nreader = {read = true}\n",
    ),
    (
        "\ufeffx-a = 1\r\n",
        GrantSettings(env=("HOME",)),
        '\ufeffx-a = 1\r\n\n[grants.reader]\nenv = ["HOME"]\n',
    ),
    # The library that keeps the form of a text cannot read this one.
    (
        UNREADABLE,
        GrantSettings(read=("/a",)),
        f'{UNREADABLE}\n[grants.reader]\nread = ["/a"]\n',
    ),
    # What does not equal itself has not changed.
    ("x-n = nan\n", GrantSettings(read=("/a",)), 'x-n = nan\n\n[grants.reader]\nread = ["/a"]\n'),
    (
        'x-n = nan\n[grants.reader]\nread = ["/a"]\n',
        GrantSettings(read=("/b",)),
        'x-n = nan\n[grants.reader]\nread = ["/a", "/b"]\n',
    ),
    # What is granted already is not written again.
    ('[grants.reader]\nread=["/a"]\n', GrantSettings(read=("/a/b",)), '[grants.reader]\nread=["/a"]\n'),
    ("[grants.reader]\nread=true\n", GrantSettings(read=("/b",)), "[grants.reader]\nread=true\n"),
]


@pytest.mark.parametrize(("before", "wanted", "after"), GRANTED, ids=range(len(GRANTED)))
def test_granting(home, before, wanted, after):
    if before:
        write(home, before)
    grants = PluginGrants(home, "reader")
    was = grants.current()
    more = grants.grant(EVERYTHING, wanted)
    assert read(home) == after
    assert more.is_empty is (before == after)
    for right in GrantSettings._fields:
        held, expected = getattr(grants.current(), right), getattr(wanted, right)
        assert held is None or (expected is not None and set(getattr(was, right)) <= set(held))
    assert grants.grant(EVERYTHING, wanted) == GrantSettings()


# What is there, what is revoked, what is there then.
REVOKED = [
    (
        '# mine\n[grants.reader]\nread = ["/a", "/b"] # why\n',
        GrantSettings(read=("/a",)),
        '# mine\n[grants.reader]\nread = ["/b"] # why\n',
    ),
    (
        '[log]\nlevel = "info" # x\n[grants.reader]\nread = ["/a"]\n',
        GrantSettings(read=("/a",)),
        '[log]\nlevel = "info" # x\n',
    ),
    (
        '[grants.reader]\nread = ["/a"]\n\n# about the log\n[log]\nlevel = "info"\n',
        None,
        '[grants.reader]\n\n# about the log\n[log]\nlevel = "info"\n',
    ),
    ('[grants.reader]\nread = ["sub/../notes"]\n', GrantSettings(read=("home/notes",)), ""),
    (
        '[grants.reader]\nnet = ["A.com"]\nenv = ["B"]\n',
        GrantSettings(net=("a.com",)),
        '[grants.reader]\nenv = ["B"]\n',
    ),
    (
        '[grants.reader]\nread = ["/a"]\nenv = ["B"]\n',
        GrantSettings(read=None),
        '[grants.reader]\nenv = ["B"]\n',
    ),
    ('[grants.READER]\nread = true\n[grants.reader]\nenv = ["B"]\n', None, ""),
    ('grants = {reader = {read = ["/a"]}, b = {}}\n', None, "grants = { b = {}}\n"),
    ('[grants.reader]\nx-why = "mine"\nread = ["/a"]\n', None, '[grants.reader]\nx-why = "mine"\n'),
    ("", None, None),
    ('[grants.b]\nread = ["/a"]\n', None, '[grants.b]\nread = ["/a"]\n'),
]


@pytest.mark.parametrize(("before", "unwanted", "after"), REVOKED, ids=range(len(REVOKED)))
def test_revoking(home, before, unwanted, after):
    if before:
        write(home, before)
    grants = PluginGrants(home, "reader")
    was = grants.current()
    gone = grants.revoke(unwanted)
    now = grants.current()
    for right in GrantSettings._fields:
        held, left = getattr(was, right), getattr(now, right)
        assert getattr(gone, right) == (held and tuple(one for one in held if one not in left))
    assert after == (read(home) if home.exists() else None)
    if unwanted is None:
        assert grants.current() == GrantSettings()


@pytest.mark.parametrize(
    "text",
    [
        'grants.reader.read = ["/a"]\ngrants.other.env = ["X"]\ngrants.reader.net = ["a.com"]\n',
        f'{UNREADABLE}[grants.reader]\nread = ["/a"]\n',
    ],
)
def test_a_form_that_cannot_be_changed_is_refused(home, text):
    write(home, text)
    with pytest.raises(
        GrantsError, match=r"has a form that cannot be changed \(.+\); write grants as tables"
    ):
        PluginGrants(home, "reader").revoke()
    assert read(home) == text


def test_relative_paths_start_from_the_current_folder(home, tmp_path):
    grants = PluginGrants(home, "reader")
    assert grants.grant(GrantSettings(read=("data",)), GrantSettings(read=("data/./in",))).read == (
        str(tmp_path / "data/in"),
    )
    assert grants.grant(GrantSettings(read=("~/x",)), GrantSettings(read=("~/x",))).read == ("~/x",)
    assert grants.current().read == (str(tmp_path / "data/in"), str(tmp_path / "x"))


def test_relative_paths_are_reduced_from_the_root(home, tmp_path, monkeypatch):
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a/b")
    grants = PluginGrants(home, "reader")
    more = grants.grant(GrantSettings(read=("/",)), GrantSettings(read=("../../data", "../x/.")))
    assert more.read == (str(tmp_path / "data"), str(tmp_path / "a/x"))
    assert "/../" not in read(home)


@pytest.mark.parametrize(
    ("asked", "wanted", "told"),
    [
        (
            GrantSettings(),
            GrantSettings(read=("/a",)),
            "does not ask for read /a; it asks for nothing of the kind",
        ),
        (
            GrantSettings(read=("/a",)),
            GrantSettings(read=("/",)),
            "does not ask for read /; it asks for read /a",
        ),
        (GrantSettings(read=("/a",)), GrantSettings(write=("/a",)), "does not ask for write /a"),
        (GrantSettings(), GrantSettings(read=None), "does not ask for anything to read"),
        (GrantSettings(net=("a.com:80",)), GrantSettings(net=("a.com",)), "does not ask for net a.com; "),
    ],
)
def test_what_a_manifest_does_not_ask_for_is_refused(home, asked, wanted, told):
    with pytest.raises(NotAskedError) as raised:
        PluginGrants(home, "reader").grant(asked, wanted)
    assert told in raised.value.message
    assert (raised.value.plugin, raised.value.code) == ("reader", "not_asked")
    assert not home.exists()


@pytest.mark.parametrize(
    ("text", "unwanted", "told"),
    [
        (
            '[grants.reader]\nread = ["/a"]\n',
            GrantSettings(read=("/a/b",)),
            "is not granted read /a/b; it is granted read /a",
        ),
        ("", GrantSettings(env=("A",)), "is not granted env A; it is granted nothing of the kind"),
        (
            "[grants.reader]\nread = true\n",
            GrantSettings(read=("/a",)),
            "without names; to grant less: alas-plugin revoke",
        ),
        (
            '[grants."*"]\nread = ["/a"]\n',
            GrantSettings(read=("/a/b",)),
            'is not granted read /a/b by name: [grants."*"] in ',
        ),
        (
            '[grants."*"]\nenv = true\n[grants.reader]\nenv = ["B"]\n',
            GrantSettings(env=("A",)),
            "grants it to every plugin, from which one alone cannot be left out; to grant it to none: change that by hand",
        ),
        (
            '[grants."*"]\nenv = ["A"]\n',
            GrantSettings(env=("A",)),
            "to grant it to none: alas-plugin revoke '*' with what stands there",
        ),
    ],
)
def test_what_is_not_granted_cannot_be_revoked(home, text, unwanted, told):
    write(home, text)
    with pytest.raises(NotGrantedError) as raised:
        PluginGrants(home, "reader").revoke(unwanted)
    assert told in raised.value.message
    assert raised.value.code == "not_granted"
    assert read(home) == text


def test_what_every_plugin_is_granted_can_be_revoked(home):
    write(home, '[grants."*"]\nread = ["/a", "/b"]\n[grants.reader]\nread = ["/a"]\n')
    assert PluginGrants(home, "reader").revoke(GrantSettings(read=("/a",))) == GrantSettings(read=("/a",))
    PluginGrants(home, EVERY_PLUGIN).revoke(GrantSettings(read=("/a",)))
    assert read(home) == '[grants."*"]\nread = ["/b"]\n'


@pytest.mark.parametrize("text", ["[grants", "[grants.reader]\nread = 1\n", "[log]\nlevel = 3\n"])
def test_a_broken_file_is_refused_with_its_place(home, text):
    write(home, text)
    grants = PluginGrants(home, "reader")
    for change in (
        lambda: grants.grant(EVERYTHING, GrantSettings(read=("/a",))),
        grants.revoke,
        grants.current,
    ):
        with pytest.raises(SettingsError, match=r"config\.toml:[12]:"):
            change()
    assert read(home) == text


def test_a_file_that_would_be_too_large(home):
    text = f'x-filler = "{"x" * 65_000}"\n'
    write(home, text)
    with pytest.raises(GrantsError, match=r"would be larger than 65,536 bytes") as raised:
        PluginGrants(home, "reader").grant(EVERYTHING, GrantSettings(read=("/" + "a" * 600,)))
    assert raised.value.file == home / "config.toml"
    assert read(home) == text


def test_another_process_holds_the_file(home, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr("alas_registry._files._LOCK_SECONDS", 0.01)
    write(home, "")
    with (
        FileLock(home / "config.toml.lock"),
        pytest.raises(GrantsError, match=r"held by another process, through .*config\.toml\.lock; try again"),
    ):
        PluginGrants(home, "reader").grant(EVERYTHING, GrantSettings(read=("/a",)))
    assert read(home) == ""


def test_a_full_disk_changes_nothing(home, monkeypatch):
    write(home, "x-a = 1\n")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alas_registry._settings_store.write_atomically", full)
    with pytest.raises(GrantsError, match="cannot be written: No space left on device"):
        PluginGrants(home, "reader").grant(EVERYTHING, GrantSettings(read=("/a",)))
    assert read(home) == "x-a = 1\n"


def test_a_home_that_is_a_file(tmp_path):
    (tmp_path / "home").write_text("")
    with pytest.raises(GrantsError, match="cannot be written"):
        PluginGrants(tmp_path / "home", "reader").grant(EVERYTHING, GrantSettings(read=("/a",)))


def test_a_link_to_the_file_stays_one(home, tmp_path):
    home.mkdir()
    (tmp_path / "dotfiles.toml").write_text("# kept\n")
    (home / "config.toml").symlink_to("../dotfiles.toml")
    PluginGrants(home, "reader").grant(EVERYTHING, GrantSettings(env=("HOME",)))
    assert (home / "config.toml").is_symlink()
    assert tomllib.loads((tmp_path / "dotfiles.toml").read_text()) == {
        "grants": {"reader": {"env": ["HOME"]}}
    }


def test_names_with_dots_are_quoted(home):
    PluginGrants(home, "my.tool").grant(EVERYTHING, GrantSettings(env=("HOME",)))
    assert read(home) == '[grants."my.tool"]\nenv = ["HOME"]\n'
    assert PluginGrants(home, "My.Tool").current().env == ("HOME",)


def test_rights_stand_in_one_order():
    assert GrantSettings._fields == RIGHTS


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("", None),
        ("# mine\n", None),
        ("# mine", "# mine\n"),
        ("# mine\n\n", "# mine\n"),
        ('# mine\r\n[log]\r\nlevel = "info"\r\n', None),
        ('[log]\nlevel = "info"\n', None),
        ('[grants.other]\nenv = ["A"]\n', None),
        ('[grants.other]\nenv = ["A"]\n\n[log]\nlevel = "info"\n', None),
        ('[grants.reader]\nenv = ["A"]\n\n[log]\nlevel = "info"\n', None),
        ("[grants.reader]\n# Only what it needs.\n", None),
    ],
    ids=repr,
)
def test_granting_and_revoking_leaves_the_file_as_it_was(home, text, then):
    write(home, text)
    grants = PluginGrants(home, "reader")
    wanted = GrantSettings(net=("a.com",))
    for _ in range(3):
        grants.grant(wanted, wanted)
        grants.revoke(wanted)
        assert (home / "config.toml").read_bytes().decode() == (text if then is None else then)
