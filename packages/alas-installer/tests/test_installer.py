"""Installing, upgrading, uninstalling and rolling back, as whoever does it sees it."""

import json
import os
import stat

import pytest

from alas_installer import CODES, Installer, InstallError, NotBuiltError, Provided, Settings
from alas_manifest import Diagnostic, Version
from alas_registry import NativePolicy


def refused(call, code):
    with pytest.raises(InstallError) as caught:
        call()
    assert caught.value.code == code, caught.value
    assert caught.value.code in CODES
    return caught.value


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def actions(report):
    return [(change.name, change.action, change.before, change.after) for change in report.changes]


def test_a_folder_is_installed(bench):
    report = bench.installer().install(bench.plugin())
    assert actions(report) == [("my-plugin", "installed", None, "1.0.0")]
    assert bench.seen() == {"my-plugin": ("1.0.0", "1.0.0")}
    assert bench.leftovers() == []
    assert (bench.plugins / "my-plugin").readlink().as_posix() == ".installed/current/my-plugin"


def test_the_lock_file_says_what_is_installed(bench):
    source = bench.plugin()
    report = bench.installer().install(source)
    lock = json.loads((bench.root / "current" / "lock.json").read_text())
    assert lock["format"] == 1
    assert lock["generation"] == report.generation
    record = lock["plugins"]["my-plugin"]
    assert record.pop("installed_at").endswith("Z")
    assert record == {
        "version": "1.0.0",
        "hash": report.changes[0].hash,
        "type": "module",
        "source": str(source),
        "reason": "requested",
    }
    [installed] = bench.installer().installed()
    assert (installed.name, installed.details.version) == ("my-plugin", "1.0.0")
    assert installed.folder == bench.plugins / "my-plugin"


@pytest.mark.parametrize(
    ("version", "action"),
    [("1.1.0", "upgraded"), ("0.9.0", "downgraded"), ("1.0.0-rc.1", "downgraded"), ("1.0.0+b", "upgraded")],
)
def test_a_second_version_is_an_upgrade_or_downgrade(bench, version, action):
    bench.installer().install(bench.plugin())
    report = bench.installer().install(bench.plugin(version=version))
    assert actions(report) == [("my-plugin", action, "1.0.0", version)]
    assert bench.seen() == {"my-plugin": (version, version)}


def test_the_same_again_changes_nothing(bench):
    first = bench.installer().install(bench.plugin())
    again = bench.installer().install(bench.plugin())
    assert actions(again) == [("my-plugin", "unchanged", "1.0.0", "1.0.0")]
    assert again.generation == first.generation


def test_other_content_of_the_same_version_is_reinstalled(bench):
    bench.installer().install(bench.plugin())
    report = bench.installer().install(bench.plugin(description="new"))
    assert actions(report) == [("my-plugin", "reinstalled", "1.0.0", "1.0.0")]


def test_a_changed_installed_file_is_repaired(bench):
    installer = bench.installer()
    installer.install(bench.plugin())
    (bench.plugins / "my-plugin" / "extra").write_text("")
    assert [one.code for one in installer.verify()] == ["content_changed"]
    report = installer.install(bench.plugin())
    assert report.changes[0].action == "reinstalled"
    assert installer.verify() == []
    assert names(bench.plugins / "my-plugin") == ["my_plugin.alas.json", "plugin.json"]


def test_a_missing_link_is_noticed_and_repaired(bench):
    installer = bench.installer()
    installer.install(bench.plugin())
    (bench.plugins / "my-plugin").unlink()
    assert [one.code for one in installer.verify()] == ["link_missing"]
    assert installer.install(bench.plugin()).changes[0].action == "reinstalled"
    assert installer.verify() == []


def test_a_link_to_other_content_is_noticed(bench):
    installer = bench.installer()
    installer.install(bench.plugin())
    installer.install(bench.plugin(version="2.0.0"))
    link = (bench.root / "current").resolve() / "my-plugin"
    old = next(
        path
        for path in (bench.root / "store").iterdir()
        if path.is_dir() and path.name != link.readlink().name
    )
    link.unlink()
    link.symlink_to(f"../../store/{old.name}")
    assert [one.code for one in installer.verify()] == ["content_changed"]


def test_several_are_installed_in_one_step(bench):
    paths = [bench.plugin("a", dependencies=["b >=1"]), bench.plugin("b", version="1.2.0")]
    report = bench.installer().install(*paths)
    assert [change.name for change in report.changes] == ["a", "b"]
    assert bench.seen().keys() == {"a", "b"}
    # Naming a plugin is asking for it, also where another one needs it.
    assert {one.details.reason for one in bench.installer().installed()} == {"requested"}


@pytest.mark.parametrize("again", ["{}", "{}/", "{}/plugin.json", "{}/../my-plugin"])
def test_naming_a_plugin_twice_is_naming_it_once(bench, again):
    path = bench.plugin(at="my-plugin")
    [change] = bench.installer().install(path, again.format(path)).changes
    assert (change.action, change.source) == ("installed", str(path))


def test_nothing_is_installed_when_one_of_several_is_wrong(bench):
    error = refused(
        lambda: bench.installer().install(bench.plugin(), bench.plugin("b", version="x")), "plugin_invalid"
    )
    assert [one.code for one in error.diagnostics] == ["invalid_version"]
    assert bench.seen() == {}
    assert bench.leftovers() == []


def test_findings_name_the_files_of_the_user(bench):
    source = bench.plugin("b", version="x")
    error = refused(lambda: bench.installer().install(source), "plugin_invalid")
    assert error.diagnostics[0].file == str(source / "plugin.json")


def test_warnings_are_reported(bench):
    [change] = bench.installer().install(bench.plugin(licence="MIT")).changes
    assert [one.code for one in change.warnings] == ["unknown_field"]


def test_warnings_of_the_engine_are_reported_as_in_the_source(bench):
    def check(folder, together):
        file = str(folder / "tests" / "a.json")
        return [Diagnostic("json_syntax", "warning", f"look at {file}", file, "", 1, 1)] * 2

    source = bench.plugin()
    [change] = bench.installer(check=check).install(source).changes
    [warning] = change.warnings
    assert (warning.file, warning.message) == (f"{source}/tests/a.json", f"look at {source}/tests/a.json")


def test_what_is_no_part_of_a_plugin_is_left_out(bench):
    source = bench.plugin(
        extra={".git/config": b"", "sub/__pycache__/x.pyc": b"", ".DS_Store": b"", "._x": b""}
    )
    [change] = bench.installer().install(source).changes
    assert change.left_out == (".DS_Store", "._*", ".git", "__pycache__")
    assert change.hash == bench.installer().install(bench.plugin(at="clean")).changes[0].hash
    assert names(bench.plugins / "my-plugin") == ["my_plugin.alas.json", "plugin.json"]


def test_permissions_are_normal_whatever_they_were(bench):
    source = bench.plugin(extra={"sub/tool.sh": b"#!/bin/sh\n"})
    (source / "sub" / "tool.sh").chmod(0o4777)
    (source / "sub").chmod(0o700)
    before = os.umask(0o077)
    try:
        bench.installer().install(source)
    finally:
        os.umask(before)
    folder = bench.plugins / "my-plugin"
    modes = [stat.S_IMODE((folder / path).stat().st_mode) for path in ("sub/tool.sh", "sub", "plugin.json")]
    assert modes == [0o644, 0o755, 0o644]


def test_installing_needs_no_more_than_the_copy(bench):
    source = bench.plugin()
    bench.installer().install(source)
    for file in source.iterdir():
        file.unlink()
    source.rmdir()
    assert bench.seen() == {"my-plugin": ("1.0.0", "1.0.0")}


def test_an_installed_plugin_can_be_installed_from_where_it_is(bench):
    bench.installer().install(bench.plugin())
    report = bench.installer().install(bench.plugins / "my-plugin")
    assert report.changes[0].action == "unchanged"


# --- What does not fit ---


def test_a_builtin_plugin_is_a_python_package(bench):
    fields = {"type": "builtin", "implementation": {"language": "python", "entrypoint": "greeter.py"}}
    source = bench.plugin(extra={"greeter.py": b"", "pyproject.toml": b""}, **fields)
    error = refused(lambda: bench.installer().install(source), "builtin_plugin")
    assert error.help == f"pip install {source}"


def test_native_plugins_are_installed_as_they_are(bench):
    fields = {"type": "native", "implementation": {"language": "c", "binaries": ["lib/p.so"]}}
    source = bench.plugin(extra={"lib/p.so": b"\x7fELF\0"}, **fields)
    bench.installer().install(source)
    assert (bench.plugins / "my-plugin" / "lib" / "p.so").read_bytes() == b"\x7fELF\0"


CARGO_MARK = b"Signature: 8a477f597d28d172789f06886806bc55\n# made by cargo\n"


def native_fields(**more):
    return {"type": "native", "implementation": {"language": "c", "binaries": ["target/p.so"], **more}}


def test_of_what_can_be_made_again_only_what_the_manifest_names_is_installed(bench):
    cache = {"target/CACHEDIR.TAG": CARGO_MARK, "target/p.so": b"library", "target/deps/p.o": b"object"}
    source = bench.plugin(extra={**cache, "more/CACHEDIR.TAG": CARGO_MARK, "more/a": b""}, **native_fields())
    # What is left out may be anything.
    (source / "target" / "link").symlink_to("nowhere")
    [change] = bench.installer().install(source).changes
    assert change.left_out == ("more", "target")
    folder = bench.plugins / "my-plugin"
    assert names(folder) == ["my_plugin.alas.json", "plugin.json", "target"]
    assert names(folder / "target") == ["p.so"]


@pytest.mark.parametrize("mark", [b"", b"Signature: 0"])
def test_a_folder_that_no_tool_has_marked_is_a_part_of_the_plugin(bench, mark):
    source = bench.plugin(extra={"target/CACHEDIR.TAG": mark, "target/a": b""})
    [change] = bench.installer().install(source).changes
    assert change.left_out == ()
    assert names(bench.plugins / "my-plugin" / "target") == ["CACHEDIR.TAG", "a"]


def building(build):
    return Settings(build=build)


def test_what_is_built_is_installed_and_nothing_else_of_it(bench):
    def build(manifest, folder, scratch, source):
        assert manifest.name == "my-plugin"
        assert names(folder) == ["my_plugin.alas.json", "plugin.json"]
        (scratch / "target").mkdir(parents=True)
        (scratch / "target" / "p.so").write_bytes(b"library")
        (scratch / "target" / "p.o").write_bytes(b"object")
        return {"target/p.so": scratch / "target" / "p.so"}

    source = bench.plugin(**native_fields(build_cmd="make"))
    [change] = bench.installer(settings=building(build)).install(source).changes
    assert change.warnings == ()
    folder = bench.plugins / "my-plugin"
    assert names(folder / "target") == ["p.so"]
    assert stat.S_IMODE((folder / "target" / "p.so").stat().st_mode) == 0o644
    assert bench.installer().verify() == []
    assert bench.leftovers() == []


def test_only_plugins_with_native_code_are_built(bench):
    def build(manifest, folder, scratch, source):
        raise AssertionError(manifest.name)

    bench.installer(settings=building(build)).install(bench.plugin())


@pytest.mark.parametrize(("was_tried", "code"), [(False, "not_built"), (True, "build_failed")])
def test_what_is_not_built_is_not_installed(bench, was_tried, code):
    def build(manifest, folder, scratch, source):
        scratch.mkdir()
        raise NotBuiltError("no", "build it", was_tried=was_tried)

    source = bench.plugin(**native_fields(build_cmd="make"))
    error = refused(lambda: bench.installer(settings=building(build)).install(source), code)
    assert (error.message, error.help) == ("no", "build it")
    assert bench.seen() == {}
    assert bench.leftovers() == []


@pytest.mark.parametrize(
    ("fields", "is_refused"),
    [
        ({"functions": [{"name": "f", "params": []}]}, True),
        ({"type": "hybrid"}, False),
        ({"type": "hybrid", "functions": [{"name": "f", "params": [], "native": True}]}, True),
    ],
)
def test_native_code_is_neither_built_nor_installed_where_it_is_refused(bench, fields, is_refused):
    built = []

    def build(manifest, folder, scratch, source):
        built.append(manifest.name)
        return {}

    source = bench.plugin(**(native_fields(build_cmd="make") | fields))
    settings = Settings(build=build, native=NativePolicy("refused", "this test"))
    installer = bench.installer(settings=settings)
    if is_refused:
        error = refused(lambda: installer.install(source), "native_refused")
        assert error.message.startswith("`my-plugin` has native code, which this test refuses")
        assert (built, bench.seen()) == ([], {})
    else:
        installer.install(source)
        assert bench.seen() != {}


def test_an_interrupted_build_leaves_nothing(bench):
    def build(manifest, folder, scratch, source):
        scratch.mkdir()
        raise KeyboardInterrupt

    source = bench.plugin(**native_fields(build_cmd="make"))
    with pytest.raises(KeyboardInterrupt):
        bench.installer(settings=building(build)).install(source)
    assert bench.leftovers() == []


def test_the_version_of_alas_has_to_fit(bench):
    error = refused(lambda: bench.installer().install(bench.plugin(alas_version=">=9")), "alas_version")
    assert ">=9" in error.message
    assert "0.1.0" in error.message


def test_two_of_the_same_name_in_one_command(bench):
    paths = [bench.plugin(), bench.plugin(version="2.0.0")]
    refused(lambda: bench.installer().install(*paths), "name_taken")


def test_a_folder_put_there_by_hand_is_left_alone(bench):
    (bench.plugins / "my-plugin").mkdir(parents=True)
    error = refused(lambda: bench.installer().install(bench.plugin()), "name_taken")
    assert str(bench.plugins / "my-plugin") in error.message


def test_a_name_that_the_lock_file_has(bench):
    refused(lambda: bench.installer().install(bench.plugin("lock.json", module="m")), "name_taken")


def test_two_plugins_cannot_provide_one_module(bench):
    bench.installer().install(bench.plugin())
    refused(lambda: bench.installer().install(bench.plugin("other", module="my_plugin")), "module_taken")


# --- Dependencies ---


def test_a_missing_dependency_is_named(bench):
    source = bench.plugin("a", dependencies=["b >=1"])
    error = refused(lambda: bench.installer().install(source), "dependency_missing")
    assert error.help == "install b first, or name it in the same command"
    report = bench.installer().install(source, check_dependencies=False)
    assert report.changes[0].action == "installed"


def test_a_dependency_may_be_a_module(bench):
    bench.installer().install(bench.plugin("b-plugin", module="b_module"))
    bench.installer().install(bench.plugin("a", dependencies=["b_module"]))


@pytest.mark.parametrize(
    ("dependency", "code"),
    [
        ("b >=2", "dependency_version"),
        ("std.math >=9", "dependency_version"),
        ("std.math", None),
        ("b ^1", None),
    ],
)
def test_versions_of_dependencies(bench, dependency, code):
    bench.installer().install(bench.plugin("b"))
    source = bench.plugin("a", dependencies=[dependency])
    if code is None:
        bench.installer().install(source)
    else:
        refused(lambda: bench.installer().install(source), code)


def test_other_plugins_count_as_dependencies(bench):
    others = [Provided("b", "b", Version.parse("1.0.0"), "elsewhere"), Provided("c", None, None, "a package")]
    installer = bench.installer(others=lambda: others)
    installer.install(bench.plugin("a", dependencies=["b ^1", "c >=7"]))
    refused(
        lambda: installer.install(bench.plugin("a", "2.0.0", dependencies=["b ^2"])), "dependency_version"
    )


def test_circles_are_refused(bench):
    paths = [bench.plugin("a", dependencies=["b"]), bench.plugin("b", dependencies=["a"])]
    error = refused(lambda: bench.installer().install(*paths), "dependency_cycle")
    assert "a → b → a" in error.message


def test_an_upgrade_must_not_break_who_depends_on_it(bench):
    bench.installer().install(bench.plugin("a", dependencies=["b ^1"]), bench.plugin("b"))
    error = refused(lambda: bench.installer().install(bench.plugin("b", "2.0.0")), "breaks_dependents")
    assert "`a` 1.0.0 needs b ^1" in error.message
    report = bench.installer().install(
        bench.plugin("b", "2.0.0"), bench.plugin("a", "2.0.0", dependencies=["b ^2"])
    )
    assert [change.action for change in report.changes] == ["upgraded", "upgraded"]


def test_an_upgrade_may_leave_alone_what_was_broken_before(bench):
    bench.installer().install(bench.plugin("a", dependencies=["b ^2"]), check_dependencies=False)
    bench.installer().install(bench.plugin("c"))


# --- The engine's opinion ---


def finding(folder):
    return Diagnostic("x", "error", f"in {folder}", str(folder / "plugin.json"), "", 1, 1, None)


def test_what_the_engine_refuses_is_not_installed(bench):
    source = bench.plugin()
    asked = []

    def check(folder, together):
        asked.append((folder.name, [one.name for one in together]))
        return [finding(folder)]

    error = refused(lambda: bench.installer(check=check).install(source), "plugin_invalid")
    assert asked == [("content", ["content"])]
    assert error.diagnostics[0].file == str(source / "plugin.json")
    assert error.diagnostics[0].message == f"in {source}"
    assert bench.seen() == {}


@pytest.mark.parametrize("was_broken", [False, True])
def test_the_engine_looks_at_dependents_too(bench, was_broken):
    bench.installer().install(bench.plugin("a", dependencies=["b"]), bench.plugin("b"))

    def check(folder, together):
        return [finding(folder)] if folder.name == "a" and (together or was_broken) else []

    installer = bench.installer(check=check)
    if was_broken:
        installer.install(bench.plugin("b", "1.1.0"))
    else:
        error = refused(lambda: installer.install(bench.plugin("b", "1.1.0")), "breaks_dependents")
        assert "`a`" in error.message


# --- Uninstalling ---


def test_uninstalling(bench):
    bench.installer().install(bench.plugin(), bench.plugin("b"))
    report = bench.installer().uninstall("my-plugin")
    assert actions(report) == [("my-plugin", "uninstalled", "1.0.0", None)]
    assert bench.seen().keys() == {"b"}
    assert not os.path.lexists(bench.plugins / "my-plugin")
    assert bench.leftovers() == []


def test_uninstalling_what_others_need(bench):
    bench.installer().install(
        bench.plugin("a", dependencies=["b"]), bench.plugin("b", dependencies=["c"]), bench.plugin("c")
    )
    error = refused(lambda: bench.installer().uninstall("c"), "plugin_in_use")
    assert "`b` 1.0.0 needs c" in error.message
    report = bench.installer().uninstall("c", cascade=True)
    assert [change.name for change in report.changes] == ["c", "a", "b"]
    assert bench.seen() == {}


def test_uninstalling_names_what_nobody_needs_any_more(bench):
    bench.installer().install(bench.plugin("a", dependencies=["b"]), bench.plugin("b"), bench.plugin("c"))
    # Whoever brings a plugin along for another one writes so into the lock file.
    file = bench.root / "current" / "lock.json"
    lock = json.loads(file.read_text())
    lock["plugins"]["b"]["reason"] = "dependency"
    file.chmod(0o600)
    file.write_text(json.dumps(lock))
    assert bench.installer().uninstall("a").no_longer_needed == ("b",)


def test_uninstalling_leaves_what_somebody_has_asked_for(bench):
    bench.installer().install(bench.plugin("a", dependencies=["b"]), bench.plugin("b"))
    assert bench.installer().uninstall("a").no_longer_needed == ()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("my-plugn", "did you mean `my-plugin`?"),
        ("zzz", "installed are: `my-plugin`"),
        ("by-hand", "put there by hand"),
    ],
)
def test_uninstalling_what_is_not_installed(bench, name, advice):
    bench.installer().install(bench.plugin())
    (bench.plugins / "by-hand").mkdir()
    error = refused(lambda: bench.installer().uninstall(name), "plugin_not_installed")
    assert advice in error.help


def test_uninstalling_from_a_folder_that_may_not_be_written(bench, monkeypatch):
    installer = bench.installer()
    installer.install(bench.plugin())
    installer.install(bench.plugin("b"))
    before = bench.seen()
    can = os.access
    # As it is for everybody but the superuser, who may write everywhere.
    monkeypatch.setattr(
        os, "access", lambda path, mode, **more: path != bench.plugins and can(path, mode, **more)
    )
    for work in (lambda: installer.uninstall("my-plugin"), installer.rollback):
        error = refused(work, "io_error")
        assert str(bench.plugins) in error.message
        assert error.help == "see the permissions of the folder"
        assert bench.seen() == before
        assert bench.leftovers() == []
    # What takes nothing away is done all the same.
    installer.install(bench.plugin("b", version="2.0.0"))


def test_a_link_that_stays_is_told_and_in_nobodys_way(bench, monkeypatch):
    from alas_installer import _durable

    installer = bench.installer()
    installer.install(bench.plugin(), bench.plugin("b"))
    remove = _durable.remove

    def refuse(path):
        if path.parent == bench.plugins:
            raise PermissionError(13, "Permission denied", str(path))
        remove(path)

    monkeypatch.setattr(_durable, "remove", refuse)
    link = bench.plugins / "my-plugin"
    [warning] = installer.uninstall("my-plugin").warnings
    assert warning == f"a link that leads nowhere could not be removed: {link}: Permission denied"
    assert os.path.lexists(link)
    [warning] = installer.install(bench.plugin("b", version="2.0.0")).warnings
    assert str(link) in warning
    monkeypatch.undo()
    assert installer.install(bench.plugin("c")).warnings == ()
    assert not os.path.lexists(link)


def test_uninstalling_without_a_home_makes_none(bench):
    refused(lambda: bench.installer().uninstall("x"), "plugin_not_installed")
    refused(bench.installer().rollback, "nothing_to_roll_back")
    assert bench.installer().installed() == []
    assert bench.installer().verify() == []
    assert not bench.home.exists()


# --- Rolling back ---


def test_rolling_back_step_by_step(bench):
    installer = bench.installer()
    installer.install(bench.plugin())
    installer.install(bench.plugin(version="2.0.0"))
    installer.uninstall("my-plugin")
    assert actions(installer.rollback()) == [("my-plugin", "installed", None, "2.0.0")]
    assert bench.seen() == {"my-plugin": ("2.0.0", "2.0.0")}
    assert actions(installer.rollback()) == [("my-plugin", "downgraded", "2.0.0", "1.0.0")]
    assert actions(installer.rollback()) == [("my-plugin", "uninstalled", "1.0.0", None)]
    assert bench.seen() == {}
    refused(installer.rollback, "nothing_to_roll_back")
    assert installer.install(bench.plugin(version="3.0.0")).changes[0].action == "installed"
    assert bench.seen() == {"my-plugin": ("3.0.0", "3.0.0")}
    installer.rollback()
    assert bench.seen() == {}


def test_old_generations_are_forgotten(bench):
    installer = bench.installer()
    for number in range(9):
        installer.install(bench.plugin(version=f"1.{number}.0"))
    assert len(list((bench.root / "generations").iterdir())) == 5
    assert len([path for path in (bench.root / "store").iterdir() if path.is_dir()]) == 5
    for _ in range(4):
        installer.rollback()
    assert bench.seen() == {"my-plugin": ("1.4.0", "1.4.0")}
    refused(installer.rollback, "nothing_to_roll_back")


def test_rolling_back_to_what_was_changed(bench):
    installer = bench.installer()
    installer.install(bench.plugin())
    (bench.plugins / "my-plugin" / "plugin.json").write_text("{}")
    installer.install(bench.plugin(version="2.0.0"))
    refused(installer.rollback, "content_changed")
    assert bench.seen() == {"my-plugin": ("2.0.0", "2.0.0")}


@pytest.mark.parametrize("text", ["", "{}", "[" * 100_000, '{"format": 2}', '{"format": 1, "generation": 1}'])
def test_a_broken_lock_file_can_be_rolled_back(bench, text):
    installer = bench.installer()
    installer.install(bench.plugin())
    installer.install(bench.plugin(version="2.0.0"))
    (bench.root / "current" / "lock.json").write_text(text)
    refused(installer.installed, "lock_broken")
    refused(lambda: installer.install(bench.plugin()), "lock_broken")
    refused(lambda: installer.uninstall("my-plugin"), "lock_broken")
    installer.rollback()
    assert bench.seen() == {"my-plugin": ("1.0.0", "1.0.0")}
    assert installer.verify() == []


def test_rolling_back_over_a_folder_put_there_by_hand(bench):
    installer = bench.installer()
    installer.install(bench.plugin())
    installer.uninstall("my-plugin")
    (bench.plugins / "my-plugin").mkdir()
    refused(installer.rollback, "name_taken")


# --- Others at the same time ---


def test_waiting_for_another_installation(bench):
    from filelock import FileLock

    bench.installer().install(bench.plugin())
    told = []
    installer = bench.installer(settings=Settings(lock_timeout=0.1, on_wait=lambda: told.append("waiting")))
    with FileLock(str(bench.root / "lock")):
        error = refused(lambda: installer.install(bench.plugin(version="2.0.0")), "busy")
    assert "0.1 seconds" in error.message
    assert told == ["waiting"]


def test_progress_is_reported(bench):
    told = []
    settings = Settings(on_copy=lambda source, count: told.append((source, count)))
    source = bench.plugin()
    bench.installer(settings=settings).install(source)
    assert told[-1] == (str(source), sum(len(content) for content in bench.files().values()))


def test_a_system_that_opens_nothing_by_its_folder(bench, monkeypatch):
    source = bench.plugin()
    monkeypatch.setattr(os, "supports_dir_fd", frozenset())
    assert "on this system" in refused(lambda: bench.installer().install(source), "io_error").message
    assert not bench.home.exists()


def test_a_home_that_cannot_be_made(bench):
    bench.home.write_text("")
    error = refused(lambda: bench.installer().install(bench.plugin()), "io_error")
    assert str(bench.home) in error.message


def test_a_relative_home(bench, monkeypatch):
    monkeypatch.chdir(bench.folder)
    Installer("home", alas_version=Version.parse("0.1.0")).install(bench.plugin())
    assert bench.seen() == {"my-plugin": ("1.0.0", "1.0.0")}
