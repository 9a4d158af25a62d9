"""What the code of plugins does outside, whatever their manifests say."""

from __future__ import annotations

import pytest

from alas_interp import Interpreter, ProgramError
from alas_registry import Plugin, Registry, SearchPath


def plugin_in(programs, name):
    from alas_manifest import read_file

    folder = programs.plugins / name
    return Plugin.of_manifest(read_file(folder).manifest, folder, SearchPath(folder, "test"))


def needs(programs, name):
    registry = Registry()
    registry.add_search_path(programs.plugins)
    registry.discover()
    with Interpreter(plugins=registry) as interpreter:
        return interpreter.plugin_needs(plugin_in(programs, name))


def told(found):
    return [(one.module, one.function, one.builtin, " → ".join(one.way)) for one in found.needs]


def reading(programs):
    return programs.returning(programs.builtin("fs.readFile", programs.literal("/etc/hosts")))


def test_whatever_the_manifest_says(programs):
    programs.plugin("reader", reading(programs), security={"allowed_apis": []})
    found = needs(programs, "reader")
    assert told(found) == [("reader", "run", "fs.readFile", "reader.run → fs.readFile")]
    assert found.needs[0].capabilities == ("filesystem",)
    assert found.files == {"reader": programs.plugins / "reader/reader.alas.json"}
    assert found.module.exports == ("run",)


def test_nothing(programs):
    programs.plugin("echo", programs.returning(programs.variable("x")))
    assert needs(programs, "echo").needs == ()


def test_files_of_its_own_and_other_plugins(programs):
    programs.plugin("reader", reading(programs), capabilities=["function", "filesystem"])
    call = {"type": "module_call", "module": "reader", "name": "run", "args": [programs.literal(1)]}
    see = programs.function("see", programs.returning(programs.builtin("env.get", programs.literal("A"))))
    programs.plugin("top", programs.returning(programs.variable("x")))
    helper = {"type": "module_call", "module": "helper", "name": "see", "args": []}
    top = programs.module(
        programs.function("run", programs.returning(call), params=[("x", "any")]),
        programs.function("other", programs.returning(helper)),
        name="top",
        imports=["reader", "helper"],
        exports=["run"],
    )
    programs.file("plugins/top/top.alas.json", top)
    helped = programs.module(see, name="helper", exports=["see"])
    programs.file("plugins/top/helper.alas.json", helped)
    found = needs(programs, "top")
    assert told(found) == [
        ("top", "run", "fs.readFile", "top.run → reader.run → fs.readFile"),
        ("top", "other", "env.get", "top.other → helper.see → env.get"),
        ("helper", "see", "env.get", "helper.see → env.get"),
    ]
    assert list(found.files) == ["top", "helper"]


def test_what_is_wrong_otherwise_is_told(programs):
    programs.plugin("broken", programs.returning(programs.variable("y")))
    with pytest.raises(ProgramError, match="unknown_variable"):
        needs(programs, "broken")


def test_a_plugin_without_a_module(programs):
    programs.plugin("native", type="native", implementation={"language": "c", "binaries": ["a.so"]})
    with pytest.raises(ValueError, match="has no ALaS module"):
        needs(programs, "native")
