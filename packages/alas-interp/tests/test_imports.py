from __future__ import annotations

import os

import pytest

from alas_interp import Interpreter, ProgramError


@pytest.fixture
def library(programs):
    one = programs.function("one", programs.returning(programs.literal(1)))
    return lambda name, **more: programs.module(one, name=name, exports=["one"], **more)


@pytest.fixture
def importing(programs):
    def make(*names):
        calls = [{"type": "module_call", "module": name, "name": "one", "args": []} for name in names]
        elements = {"type": "array_literal", "elements": calls}
        return programs.module(programs.function("main", programs.returning(elements)), imports=list(names))

    return make


def findings(interpreter, source):
    with pytest.raises(ProgramError) as caught:
        interpreter.load(source)
    return caught.value.diagnostics


@pytest.fixture
def odd_folder(programs):
    """A folder whose name is no UTF-8."""
    folder = programs.folder / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir()
    except (OSError, UnicodeEncodeError):
        pytest.skip("this system has no such names")
    return folder.name


def test_files_in_a_folder_whose_name_is_no_utf8(programs, library, importing, odd_folder):
    programs.file(f"{odd_folder}/lib.alas.json", library("lib"))
    path = programs.file(f"{odd_folder}/m.alas.json", importing("lib"))
    interpreter = Interpreter()
    interpreter.load(path)
    assert interpreter.call("m.main") == [1]
    path = programs.file(f"{odd_folder}/n.alas.json", importing("lib", "absent"))
    (finding,) = findings(interpreter, path)
    assert finding.file.endswith("caf\\udce9/n.alas.json")
    assert "absent" in finding.message


def test_a_folder_whose_name_looks_like_one_that_is_no_utf8(programs, library, importing):
    folder = programs.folder / "caf\\udce9"
    folder.mkdir()
    programs.file(f"{folder.name}/lib.alas.json", library("lib"))
    interpreter = Interpreter()
    interpreter.load(programs.file(f"{folder.name}/m.alas.json", importing("lib")))
    assert interpreter.call("m.main") == [1]


@pytest.mark.parametrize("name", ["lib", "my-lib", "my.lib", "a.b-c.d"])
def test_files_are_found_by_their_names(programs, library, importing, name):
    programs.file(f"{name}.alas.json", library(name))
    path = programs.file("m.alas.json", importing(name))
    for interpreter, source in [
        (Interpreter(), path),
        (Interpreter(module_path=[programs.folder]), importing(name)),
        (Interpreter(module_path=["absent", str(programs.folder)]), importing(name)),
    ]:
        interpreter.load(source)
        assert interpreter.call("m.main") == [1]


def test_modules_import_modules(programs, library, importing):
    programs.file("a/first.alas.json", library("first", imports=["second"]))
    programs.file("a/second.alas.json", library("second", imports=["third"]))
    programs.file("b/third.alas.json", library("third"))
    interpreter = Interpreter(module_path=[programs.folder / "a", programs.folder / "b"])
    interpreter.load(importing("first", "third"))
    assert interpreter.call("m.main") == [1, 1]
    assert set(interpreter.modules()) == {"m", "first", "second", "third"}


@pytest.mark.parametrize("name", ["../lib", "a/lib", "/lib", "..", "lib\\x", "lib.", "a..lib", "", "lib\0"])
def test_names_do_not_lead_out_of_a_folder(programs, library, importing, name):
    programs.file("lib.alas.json", library("lib"))
    programs.file("inner/a/lib.alas.json", library("lib"))
    path = programs.file("inner/m.alas.json", importing(name))
    assert {finding.code for finding in findings(Interpreter(), path)} <= {
        *("unknown_module", "invalid_name", "json_syntax"),
    }


def test_what_is_missing_is_said_where_it_is_named(programs, library, importing):
    programs.file("lib.alas.json", library("lib"))
    path = programs.file("m.alas.json", importing("libb", "far_away"))
    near, far = [finding for finding in findings(Interpreter(), path) if finding.code == "unknown_module"]
    assert (near.pointer, near.line) == ("/imports/0", 5)
    assert near.help.startswith("did you mean ")
    assert "lib" in near.help
    assert far.pointer == "/imports/1"
    assert str(programs.folder / "far_away.alas.json") in far.help


def test_two_modules_of_one_name(programs, library, importing):
    programs.file("a/lib.alas.json", library("lib"))
    programs.file("b/lib.alas.json", library("lib", meta={}))
    path = programs.file("a/m.alas.json", importing("lib"))
    (finding,) = findings(Interpreter(module_path=[programs.folder / "b"]), path)
    assert (finding.code, finding.pointer, finding.file) == ("duplicate_name", "/imports/0", str(path))
    assert str(programs.folder / "a/lib.alas.json") in finding.message
    assert str(programs.folder / "b/lib.alas.json") in finding.message
    # The same folder by two names, or the same text, is no conflict.
    Interpreter(module_path=[programs.folder / "a", programs.folder / "b/../a"]).load(path)


def test_a_module_that_cannot_be_read(programs, library, importing):
    path = programs.file("m.alas.json", importing("lib"))
    programs.file("lib.alas.json", b"{")
    assert {(one.code, one.file) for one in findings(Interpreter(), path)} == {
        ("json_syntax", str(programs.folder / "lib.alas.json"))
    }
    programs.file("lib.alas.json", library("other"))
    assert {one.code for one in findings(Interpreter(), path)} == {"unknown_module"}


def test_circles_are_printed(programs, library, importing):
    programs.file("one.alas.json", library("one", imports=["two"]))
    programs.file("two.alas.json", library("two", imports=["one"]))
    (finding,) = findings(Interpreter(), programs.file("m.alas.json", importing("one")))
    assert finding.code == "import_cycle"
    assert "one → two → one" in finding.message or "two → one → two" in finding.message


def test_two_importers_that_mean_different_modules(programs, library, importing):
    for folder, value in (("a", 1), ("b", 2)):
        programs.file(f"{folder}/lib.alas.json", library("lib", meta={"value": value}))
        programs.file(f"{folder}/from_{folder}.alas.json", library(f"from_{folder}", imports=["lib"]))
    interpreter = Interpreter(module_path=[programs.folder / "a", programs.folder / "b"])
    found = findings(interpreter, importing("from_a", "from_b"))
    assert {finding.code for finding in found} == {"duplicate_name"}


def test_a_changed_import_is_read_again(programs, library, importing):
    path = programs.file("m.alas.json", importing("lib"))
    interpreter = Interpreter()
    for value in (1, 2):
        one = programs.function("one", programs.returning(programs.literal(value)))
        programs.file("lib.alas.json", programs.module(one, name="lib", exports=["one"]))
        interpreter.load(path)
        assert interpreter.call("m.main") == [value]


def test_warnings_of_imported_modules_are_seen(programs, library, importing):
    programs.file("lib.alas.json", library("lib", extra=1))
    module = Interpreter().load(programs.file("m.alas.json", importing("lib")))
    assert [finding.code for finding in module.diagnostics] == ["unknown_key"]


@pytest.mark.parametrize(
    ("name", "meant"), [("std.mth", "std.math"), ("math", "std.math"), ("std.Json", "std.json")]
)
def test_modules_of_the_standard_library_are_suggested(importing, name, meant):
    found = findings(Interpreter(), importing(name))
    assert next(one.help for one in found if one.pointer == "/imports/0") == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("IO.println", "io.println"), ("mth.abs", "math.abs"), ("String.length", "string.length")],
)
def test_functions_of_the_standard_library_are_suggested(programs, name, meant):
    program = programs.module(programs.function("main", programs.returning(programs.builtin(name))))
    (finding,) = findings(Interpreter(), program)
    assert (finding.code, finding.help) == ("unknown_builtin", f"did you mean `{meant}`?")


def test_a_folder_in_the_place_of_a_module(programs, importing):
    path = programs.file("m.alas.json", importing("lib"))
    (programs.folder / "lib.alas.json").mkdir()
    found = [one for one in findings(Interpreter(), path) if one.pointer == "/imports/0"]
    assert [one.code for one in found] == ["unknown_module"]
    assert f"`{programs.folder / 'lib.alas.json'}` is no regular file" in found[0].message
    assert "did you mean" not in found[0].help
