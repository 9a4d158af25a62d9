"""What programs and plugins reach of the world outside, and what is told when they try more."""

import json
import logging
import os

import pytest

from alas_core.errors import PermissionDeniedError, RunError
from alas_interp import Denial, Interpreter, Permissions, PluginManager


def literal(value):
    return {"type": "literal", "value": value}


def variable(name):
    return {"type": "variable", "name": name}


def module(name, **bodies):
    """A module whose functions take `a` and `b` and return the value of an expression."""
    parameters = [{"name": name, "type": "string"} for name in "ab"]
    functions = [
        {
            "name": function,
            "params": parameters,
            "returns": "any",
            "body": [{"type": "return", "value": value}],
        }
        for function, value in bodies.items()
    ]
    document = {"type": "module", "name": name, "exports": list(bodies), "functions": functions}
    return json.dumps(document)


def builtin(name, *arguments):
    return {"type": "builtin", "name": name, "args": list(arguments)}


ONE = ("readFile", "exists", "list", "stat", "makeDir", "remove")
TWO = ("writeFile", "appendFile", "rename")
PROGRAM = module(
    "files",
    io_readFile=builtin("io.readFile", variable("a")),
    io_writeFile=builtin("io.writeFile", variable("a"), variable("b")),
    **{name: builtin(f"fs.{name}", variable("a")) for name in ONE},
    **{name: builtin(f"fs.{name}", variable("a"), variable("b")) for name in TWO},
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working folder with `data/text` and, out of reach, `secret`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "text").write_text("héllo", encoding="utf-8")
    (tmp_path / "data" / "bytes").write_bytes(b"ab\xff")
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    return tmp_path


def files(**options):
    interpreter = Interpreter(**options)
    interpreter.load(PROGRAM)
    return lambda function, a="", b="": interpreter.call(f"files.{function}", a, b)


def success(value=None):
    return {"ok": True, "value": value, "error": ""}


def failure(error, code="io_error"):
    return {"ok": False, "value": None, "error": error, "code": code}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (("readFile", "data/text"), success("héllo")),
        (("readFile", "data/none"), failure("`data/none`: No such file or directory")),
        (("readFile", "data"), failure("`data`: is a directory")),
        (("readFile", "data/text/x"), failure("`data/text/x`: Not a directory")),
        (("readFile", "data/bytes"), failure("`data/bytes` is not UTF-8 from byte 2 on", "value_error")),
        (("readFile", ""), failure('expected a path, found ""', "value_error")),
        (("readFile", "data/\0"), failure('expected a path, found "data/\\0"', "value_error")),
        (("exists", "data/text"), success(value=True)),
        (("exists", "data/none"), success(value=False)),
        (("exists", "data/text/x"), success(value=False)),
        (("list", "data"), success(["bytes", "text"])),
        (("list", "data/text"), failure("`data/text`: Not a directory")),
        (("writeFile", "data/new", "x"), success()),
        (("writeFile", "data/none/new", "x"), failure("`data/none/new`: No such file or directory")),
        (("appendFile", "data/text", "!"), success()),
        (("makeDir", "data/a/b"), success()),
        (("makeDir", "data/text"), failure("`data/text`: File exists")),
        (("remove", "data/text"), success()),
        (("remove", "data"), failure("`data`: Directory not empty")),
        (("rename", "data/text", "data/other"), success()),
        (("rename", "data/none", "data/other"), failure("`data/none`: No such file or directory")),
        (("io_readFile", "data/text"), {"ok": True, "data": "héllo", "error": ""}),
        (
            ("io_readFile", "data/none"),
            {"ok": False, "data": "", "error": "`data/none`: No such file or directory"},
        ),
        (("io_writeFile", "data/new", "x"), {"ok": True, "error": ""}),
        (("io_writeFile", "data", "x"), {"ok": False, "error": "`data`: is a directory"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("reach", [["data"], None], ids=["a folder", "everything"])
def test_results(place, reach, call, expected):
    assert files(permissions=Permissions(read=reach, write=reach))(*call) == expected


def test_what_is_written_is_there(place):
    call = files(permissions=Permissions(read=["data"], write=["data"]))
    call("writeFile", "data/text", "one")
    call("appendFile", "data/text", " two")
    call("makeDir", "data/new/folder")
    call("rename", "data/text", "data/new/folder/moved")
    assert (place / "data/new/folder/moved").read_text() == "one two"
    stat = call("stat", "data/new/folder/moved")["value"]
    modified = (place / "data/new/folder/moved").stat().st_mtime
    assert stat == {"kind": "file", "size": 7, "modified": int(modified * 1000)}
    assert call("stat", "data")["value"]["kind"] == "folder"


def test_large_files(place):
    text = "0123456789abcdé\n" * 200_000
    call = files(permissions=Permissions(read=["data"], write=["data"]))
    assert call("writeFile", "data/large", text) == success()
    assert call("readFile", "data/large") == success(text)


@pytest.mark.parametrize(
    ("call", "access"),
    [
        (("readFile", "secret"), "read"),
        (("readFile", "data/../secret"), "read"),
        (("exists", "secret"), "read"),
        (("list", "."), "read"),
        (("stat", "secret"), "read"),
        (("writeFile", "secret", "x"), "write"),
        (("appendFile", "secret", "x"), "write"),
        (("makeDir", "folder"), "write"),
        (("remove", "secret"), "write"),
        (("rename", "data/text", "secret"), "write"),
        (("rename", "secret", "data/text"), "read"),
        (("io_readFile", "secret"), "read"),
        (("io_writeFile", "secret", "x"), "write"),
    ],
    ids=str,
)
def test_what_was_not_granted_is_denied(place, call, access):
    told = []
    permissions = Permissions(read=["data"], write=["data"])
    interpreter = Interpreter(permissions=permissions, on_denial=told.append)
    interpreter.load(PROGRAM)
    function, *arguments = call
    with pytest.raises(PermissionDeniedError) as found:
        interpreter.call(f"files.{function}", *(*arguments, "")[:2])
    error = found.value
    target = place if function == "list" else place / ("folder" if function == "makeDir" else "secret")
    assert (error.access, error.target) == (access, str(target))
    assert str(target) in error.message
    assert told == [Denial(None, "files", function, access, str(target))]
    assert interpreter.denial_counts() == {None: 1}
    assert (place / "secret").read_text() == "secret"


def test_nothing_is_granted_unless_it_is_said(place):
    with pytest.raises(PermissionDeniedError, match="may not read"):
        files()("readFile", "data/text")


def test_programs_can_handle_denials(place):
    attempt = builtin("fs.readFile", literal("/etc/passwd"))
    body = [{"type": "return", "value": attempt}]
    caught = builtin("result.try", literal("attempt"), {"type": "array_literal", "elements": []})
    functions = [
        {"name": "attempt", "returns": "any", "body": body},
        {"name": "main", "returns": "any", "body": [{"type": "return", "value": caught}]},
    ]
    interpreter = Interpreter()
    interpreter.load(json.dumps({"type": "module", "name": "careful", "functions": functions}))
    result = interpreter.call("careful.main")
    assert (result["ok"], result["code"]) == (False, "permission_denied")
    assert interpreter.denial_counts() == {None: 1}


def test_denials_are_logged(place, caplog):
    with caplog.at_level(logging.WARNING, logger="alas.permissions"), pytest.raises(PermissionDeniedError):
        files()("readFile", "\x1b[31mred")
    (record,) = caplog.records
    assert "a program was denied to read" in record.getMessage()
    assert "(in files.readFile)" in record.getMessage()
    assert "\x1b" not in record.getMessage()


def test_a_failing_observer_changes_nothing(place, recwarn, monkeypatch):
    unraisable = []
    monkeypatch.setattr("sys.unraisablehook", unraisable.append)

    def fail(denial):
        raise RuntimeError(denial)

    with pytest.raises(PermissionDeniedError):
        files(on_denial=fail)("readFile", "secret")
    assert isinstance(unraisable[0].exc_value, RuntimeError)


def test_a_link_out_is_denied_and_no_grant_of_it_helps(place):
    (place / "data" / "link").symlink_to(place / "secret")
    with pytest.raises(
        PermissionDeniedError, match="a link on the way leads to what is not granted"
    ) as found:
        files(permissions=Permissions(read=["data"]))("readFile", "data/link")
    assert (found.value.access, found.value.target) == ("read", None)


@pytest.mark.parametrize(
    ("permission", "error"),
    [
        ({"read": "data"}, TypeError),
        ({"write": [1]}, TypeError),
        ({"read": [""]}, ValueError),
        ({"read": ["a\0b"]}, ValueError),
        ({"variables": "HOME"}, TypeError),
        ({"read": True}, TypeError),
        ({"commands": 1}, TypeError),
        ({"variables": ["A=B"]}, ValueError),
        ({"commands": ["ls", "ls -l"]}, ValueError),
    ],
)
def test_wrong_permissions_are_refused(permission, error):
    with pytest.raises(error, match=next(iter(permission))):
        Permissions(**permission)


# --- Plugins ---


def plugin(folder, *, capabilities=("function", "filesystem"), name="reader", **security):
    """Make a plugin that reads files, and gets the variable of a name."""
    here = folder / name
    here.mkdir(parents=True)
    functions = [
        {"name": function, "params": [{"name": name, "type": "string"} for name in "ab"], "returns": "any"}
        for function in ("load", "variable")
    ]
    manifest = {
        "name": name,
        "version": "1.0.0",
        "module": name,
        "capabilities": list(capabilities),
        "functions": functions,
        "implementation": {"language": "alas"},
        "security": security,
        "runtime": {"environment": {"LEVEL": "3"}},
    }
    (here / "plugin.json").write_text(json.dumps(manifest))
    text = module(
        name,
        load=builtin("fs.readFile", variable("a")),
        variable=builtin("env.get", variable("a"), variable("b")),
    )
    (here / f"{name}.alas.json").write_text(text)
    return here


ASKS = {"permissions": {"filesystem": {"read": ["data"]}}}


@pytest.mark.parametrize("answer", [None, True, {"read": ["data"]}], ids=str)
def test_the_host_grants_nothing_but_permissions(place, answer):
    plugin(place / "plugins", **ASKS)
    manager = PluginManager(Interpreter(plugin_permissions=lambda _: answer))
    [failure] = manager.initialize([place / "plugins"]).failed
    assert f"expected Permissions of `plugin_permissions` for reader, found {answer!r}" in str(failure.error)


@pytest.mark.parametrize(
    ("asked", "granted", "reads"),
    [
        (ASKS, Permissions(read=["data"]), True),
        (ASKS, Permissions(read=None), True),
        (ASKS, Permissions(read=["data/text"]), True),
        (ASKS, Permissions(read=["secret"]), False),
        (ASKS, Permissions(), False),
        (ASKS, None, False),
        ({}, Permissions(read=None), False),
        ({"permissions": {"filesystem": {"write": ["data"]}}}, Permissions(read=None, write=None), False),
    ],
    ids=str,
)
def test_a_plugin_reaches_what_it_asks_for_and_the_host_grants(place, asked, granted, reads):
    plugin(place / "plugins", **asked)
    # What programs may is of no use to plugins.
    options = {} if granted is None else {"plugin_permissions": lambda _: granted}
    interpreter = Interpreter(permissions=Permissions.everything(), **options)
    with PluginManager(interpreter) as manager:
        manager.initialize([place / "plugins"])
        for path in ("data/text", "secret"):
            if reads and path == "data/text":
                assert interpreter.call("reader.load", path, "") == success("héllo")
                continue
            with pytest.raises(PermissionDeniedError, match="the plugin `reader` may not read"):
                interpreter.call("reader.load", path, "")
        assert interpreter.denial_counts() == {"reader": 1 if reads else 2}


def test_the_host_is_asked_about_each_plugin(place):
    for name in ("one", "other"):
        plugin(place / "plugins", name=name, **ASKS)
    granted = {"one": Permissions(read=["data"])}
    interpreter = Interpreter(plugin_permissions=lambda plugin: granted.get(plugin.name, Permissions()))
    with PluginManager(interpreter) as manager:
        manager.initialize([place / "plugins"])
        assert interpreter.call("one.load", "data/text", "")["ok"]
        with pytest.raises(PermissionDeniedError):
            interpreter.call("other.load", "data/text", "")


@pytest.mark.parametrize(
    ("asked", "granted", "seen"),
    [(["ALAS_A"], ["ALAS_A"], "a"), (["ALAS_A"], None, "a"), (["ALAS_A"], [], "?"), ([], None, "?")],
    ids=str,
)
def test_a_plugin_sees_the_variables_that_it_asks_for_and_the_host_grants(
    place, monkeypatch, asked, granted, seen
):
    monkeypatch.setitem(os.environ, "ALAS_A", "a")
    monkeypatch.setitem(os.environ, "LEVEL", "host")
    plugin(place / "plugins", permissions={"env": asked})
    interpreter = Interpreter(plugin_permissions=lambda _: Permissions(variables=granted))
    with PluginManager(interpreter) as manager:
        manager.initialize([place / "plugins"])
        assert interpreter.call("reader.variable", "ALAS_A", "?") == seen
        assert interpreter.call("reader.variable", "LEVEL", "?") == "3"


def test_without_the_capability_a_plugin_does_not_load(place):
    plugin(place / "plugins", capabilities=["function"])
    with PluginManager(Interpreter()) as manager:
        report = manager.initialize([place / "plugins"])
    (failed,) = report.failed
    assert "the capability `filesystem` is needed and not declared" in str(failed.error)
    assert "fs.readFile" in str(failed.error)


def test_files_of_io_need_two_capabilities(place):
    here = plugin(place / "plugins", capabilities=["function", "io"])
    text = module("reader", load=builtin("io.readFile", variable("a")), variable=literal(1))
    (here / "reader.alas.json").write_text(text)
    with PluginManager(Interpreter()) as manager:
        (failed,) = manager.initialize([place / "plugins"]).failed
    assert "the capability `filesystem` is needed" in str(failed.error)
    assert "`io`" not in str(failed.error)


def test_errors_of_permission_are_run_time_errors():
    assert issubclass(PermissionDeniedError, RunError)
