"""Whatever stops an installation, and whenever: everything is old or everything is new, and the next one works."""

import contextlib
import errno
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from interruptions import begin_child, copy_home, in_a_child, kill_myself

from alas_installer import InstallError, Settings
from alas_registry import GrantSettings, PluginGrants, SettingsDraft, read_settings

sys.path.pop(0)

_MOST_OPERATIONS = 2000
# Where Linux keeps files in memory; a disk makes the many small changes several times as slow.
_MEMORY = Path("/dev/shm")


def first_install(bench):
    return lambda: bench.installer().install(*bench.two)


def upgrade(bench):
    bench.installer().install(*bench.two)
    return lambda: bench.installer().install(bench.newer)


def upgrade_from_zip(bench):
    bench.installer().install(*bench.two)
    return lambda: bench.installer().install(bench.archive)


def upgrade_from_tar(bench):
    bench.installer().install(*bench.two)
    return lambda: bench.installer().install(bench.packed)


def seventh_change(bench):
    """One that removes old generations and contents."""
    bench.installer().install(bench.two[1])
    for number in range(5):
        bench.installer().install(bench.plugin(version=f"0.{number}.0"))
    return lambda: bench.installer().install(bench.newer)


def uninstall(bench):
    bench.installer().install(*bench.two)
    return lambda: bench.installer().uninstall("my-plugin", "other")


def rollback(bench):
    bench.installer().install(bench.two[0])
    bench.installer().install(bench.newer, bench.two[1])
    return bench.installer().rollback


def repair(bench):
    """The content is there, but somebody has changed it; what is old is not to be seen, for its manifest is broken."""
    bench.installer().install(*bench.two)
    bench.installer().install(bench.newer)
    bench.installer().uninstall("my-plugin")
    for path in (bench.root / "store").glob("*/my_plugin.alas.json"):
        path.write_bytes(path.read_bytes() + b" ")
    return lambda: bench.installer().install(bench.newer)


SCENARIOS = (
    first_install,
    upgrade,
    upgrade_from_zip,
    upgrade_from_tar,
    seventh_change,
    uninstall,
    rollback,
    repair,
)


@pytest.fixture
def scene(bench, monkeypatch, tmp_path):
    in_memory = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK | os.X_OK)
    with tempfile.TemporaryDirectory(prefix="alas-", dir=_MEMORY if in_memory else tmp_path) as folder:
        yield prepared(type(bench)(Path(folder)), monkeypatch)


def prepared(bench, monkeypatch):
    # A process that is killed does not lose what it has written; waiting for the disk would only take time.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    bench.two = [bench.plugin(extra={"sub/data.txt": b"1"}), bench.plugin("other")]
    bench.newer = bench.plugin(version="2.0.0", extra={"sub/data.txt": b"2"})
    inside = [(path, content) for path, content in bench.files(version="2.0.0").items()]
    bench.archive = bench.zip([*inside, ("sub/data.txt", b"2")])
    bench.packed = bench.tar([*inside, ("sub/data.txt", b"2")])
    bench.next = bench.plugin(version="3.0.0")
    return bench


def view(bench):
    """What programs see, and what the lock file says; both at once, because they have to agree."""
    installed = {one.name: one.details.version for one in bench.installer().installed()}
    seen = {name: version for name, (version, of_module) in bench.seen().items() if version == of_module}
    assert seen == installed
    assert bench.installer().verify() == []
    return seen


class Stage:
    """A scenario, to be played again and again from the same start."""

    def __init__(self, bench, scenario):
        self.bench = bench
        self.work = scenario(bench)
        self.start = bench.folder / "start"
        copy_home(bench.home, self.start)
        self.old = view(bench)
        self.work()
        self.new = view(bench)
        assert self.old != self.new

    def reset(self):
        shutil.rmtree(self.bench.home, ignore_errors=True)
        copy_home(self.start, self.bench.home)

    def go_on(self, now):
        """What comes next works, and tidies up; `now` is what programs see before it."""
        others = {name: version for name, version in now.items() if name != "my-plugin"}
        self.bench.installer().install(self.bench.next)
        assert view(self.bench) == others | {"my-plugin": "3.0.0"}
        assert self.bench.leftovers() == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_kill_before_any_operation_that_writes(scene, scenario):
    stage = Stage(scene, scenario)
    found = []
    for number in range(1, _MOST_OPERATIONS):
        stage.reset()
        status = in_a_child(kill_myself, number, stage.work)
        now = view(scene)
        found.append(now)
        assert now in (stage.old, stage.new), number
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 10
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        stage.go_on(now)
    # Both were seen, and nothing was taken back.
    assert found.count(stage.old) >= 3
    switched = found.index(stage.new)
    assert all(one == stage.new for one in found[switched:])


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        (first_install, errno.ENOSPC),
        (upgrade_from_tar, errno.ENOSPC),
        (seventh_change, errno.ENOSPC),
        (upgrade, errno.EACCES),
        (uninstall, errno.EDQUOT),
        (rollback, errno.EIO),
    ],
)
def test_a_refusal_of_any_operation_that_writes(scene, scenario, code):
    stage = Stage(scene, scenario)

    def refuse(what):
        raise OSError(code, os.strerror(code), f"<{what}>")

    def work():
        try:
            stage.work()
        except InstallError as error:
            return error.code == "io_error" and os.strerror(code) in error.message
        return False

    results = set()
    for number in range(1, _MOST_OPERATIONS):
        stage.reset()
        status = in_a_child(refuse, number, work)
        assert os.WIFEXITED(status)
        result = os.WEXITSTATUS(status)
        results.add(result)
        # An error says that nothing has changed; without one, everything has.
        assert result in (0, 2, 10), number
        now = view(scene)
        assert now == (stage.old if result == 2 else stage.new), number
        if result == 10:
            break
        if number % 5 == 0:
            stage.go_on(now)
    assert results == {0, 2, 10}


def test_a_refusal_leaves_nothing_behind(scene):
    stage = Stage(scene, upgrade)

    def refuse(what):
        raise OSError(errno.ENOSPC, "no room")

    def work():
        with pytest.raises(InstallError):
            stage.work()
        return True

    for number in range(3, 20):
        stage.reset()
        assert os.WEXITSTATUS(in_a_child(refuse, number, work)) == 2
        assert list((scene.root / "staging").iterdir()) == []


# --- Grants, which change in the same step ---

GRANTED = GrantSettings(read=("/data",))
MINE = "# mine\n"


def granting(bench):
    """An installer that grants the same to whatever is installed, and nothing to what is gone."""

    @contextlib.contextmanager
    def grant(changes):
        with SettingsDraft.begun(bench.home) as draft:
            for change in changes:
                grants = PluginGrants(bench.home, change.name, draft=draft)
                if change.after is None:
                    grants.revoke()
                else:
                    grants.grant(GRANTED, GRANTED)
            yield draft

    return bench.installer(settings=Settings(grant=grant))


def first_grants(bench):
    return lambda: granting(bench).install(*bench.two)


def grants_of_an_upgrade(bench):
    bench.installer().install(*bench.two)
    (bench.home / "config.toml").write_text(MINE)
    return lambda: granting(bench).install(bench.newer)


def no_grants_any_more(bench):
    (bench.home).mkdir()
    (bench.home / "config.toml").write_text(MINE)
    granting(bench).install(*bench.two)
    return lambda: granting(bench).uninstall("my-plugin")


def grants_of_what_is_rolled_back(bench):
    (bench.home).mkdir()
    (bench.home / "config.toml").write_text(MINE)
    granting(bench).install(bench.two[0])
    granting(bench).install(bench.two[1])
    return granting(bench).rollback


def view_with_grants(bench):
    """What programs see, and what plugins are granted."""
    granted = read_settings({"ALAS_HOME": str(bench.home), "HOME": "/"}, bench.folder).grants
    return view(bench), dict(granted)


@pytest.mark.parametrize(
    "scenario", [first_grants, grants_of_an_upgrade, no_grants_any_more, grants_of_what_is_rolled_back]
)
def test_a_kill_leaves_the_grants_of_the_plugins_that_are_there(scene, scenario):
    stage = Stage(scene, scenario)
    stage.reset()
    old = view_with_grants(scene)
    stage.work()
    new = view_with_grants(scene)
    assert old[1] != new[1]
    found = []
    for number in range(1, _MOST_OPERATIONS):
        stage.reset()
        status = in_a_child(kill_myself, number, stage.work)
        now = view_with_grants(scene)
        found.append(now)
        assert now in (old, new), number
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 10
            break
        stage.go_on(now[0])
        # What comes next keeps what was granted, in the file itself.
        assert view_with_grants(scene)[1] == now[1]
        text = (scene.home / "config.toml").read_text() if (scene.home / "config.toml").exists() else ""
        assert {name for name in ("my-plugin", "other") if f"[grants.{name}]" in text} == now[1].keys()
    assert old in found
    assert all(one == new for one in found[found.index(new) :])


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_refusal_leaves_the_grants_of_the_plugins_that_are_there(scene, code):
    stage = Stage(scene, grants_of_an_upgrade)

    def refuse(what):
        raise OSError(code, os.strerror(code), f"<{what}>")

    def work():
        try:
            stage.work()
        except InstallError as error:
            return error.code in ("io_error", "not_granted")
        return False

    results = set()
    for number in range(1, _MOST_OPERATIONS):
        stage.reset()
        result = os.WEXITSTATUS(in_a_child(refuse, number, work))
        results.add(result)
        assert result in (0, 2, 10), number
        seen, granted = view_with_grants(scene)
        assert seen == (stage.old if result == 2 else stage.new), number
        assert granted == ({} if result == 2 else {"my-plugin": GRANTED}), number
        if result == 10:
            break
    assert results >= {2, 10}


def install_code(bench, source):
    """Install a plugin; return 0, 2 when its manifest is refused, 3 when anything else is."""
    try:
        bench.installer().install(source)
    except InstallError as error:
        return 2 if error.code == "plugin_invalid" else 3
    return 0


def test_several_at_the_same_time(scene):
    # Some come to nothing, and take away the folders that they have made.
    sources = [
        scene.plugin(f"p{number}", **({"version": "one"} if number % 2 else {})) for number in range(10)
    ]
    children = [begin_child(lambda source=source: install_code(scene, source)) for source in sources]
    codes = [os.WEXITSTATUS(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0, 2] * 5
    assert view(scene) == {f"p{number}": "1.0.0" for number in range(0, 10, 2)}
    assert scene.leftovers() == []
