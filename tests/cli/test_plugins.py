"""Plugins, as programs that `alas-run` runs meet them."""

from __future__ import annotations

import json
import os

import pytest

from .commands import ROOT, Commands
from .programs import builtin, function, literal, module, returning, saying, variable

MANIFEST = {
    "name": "my-plugin",
    "version": "1.0.0",
    "module": "my_plugin",
    "functions": [{"name": "process", "params": [{"name": "data", "type": "string"}], "returns": "string"}],
    "implementation": {"language": "alas", "config": {"colour": "blue"}},
    "runtime": {"environment": {"LEVEL": "7"}},
}


def plugin(*statements: object, **more: object) -> dict[str, object]:
    body = function("process", *statements, params=[("data", "string")], returns="string")
    return module(body, name="my_plugin", exports=["process"], **more)


ECHO = plugin(returning(variable("data")))
BUILTIN = module(function("main", saying(builtin("my_plugin.process", literal("in")))))
IMPORTED = module(
    function(
        "main",
        saying({"type": "module_call", "module": "my_plugin", "name": "process", "args": [literal("in")]}),
    ),
    imports=["my_plugin"],
)


def write(commands: Commands, program: object, folder: str = "plugins/my-plugin", **changes: object) -> None:
    commands.file(f"{folder}/plugin.json", MANIFEST | changes)
    commands.file(f"{folder}/my_plugin.alas.json", program)


@pytest.mark.parametrize("program", [BUILTIN, IMPORTED], ids=["builtin", "module_call"])
@pytest.mark.parametrize("where", ["./plugins", "ALAS_PLUGIN_PATH", "-plugin-path", "itself", "home"])
def test_where_plugins_are_found(commands: Commands, program: object, where: str) -> None:
    folder = {"./plugins": "plugins", "home": ".alas/plugins"}.get(where, "elsewhere")
    write(commands, ECHO, f"{folder}/my-plugin")
    commands.file("program.alas.json", program)
    options = {"-plugin-path": ["-plugin-path", "elsewhere"], "itself": ["--plugin-path=elsewhere/my-plugin"]}
    variables = {"ALAS_PLUGIN_PATH": f"absent{os.pathsep}elsewhere"} if where == "ALAS_PLUGIN_PATH" else {}
    outcome = commands.alas_run(*options.get(where, []), "program.alas.json", **variables)
    assert (outcome.out, outcome.err, outcome.code) == ("in\n", "", 0)


def test_the_command_line_wins(commands: Commands) -> None:
    write(commands, ECHO)
    write(commands, plugin(returning(literal("other"))), "elsewhere/my-plugin")
    commands.file("program.alas.json", BUILTIN)
    assert commands.alas_run("-plugin-path", "elsewhere", "program.alas.json").out == "other\n"


def test_a_plugin_reads_its_own_manifest(commands: Commands) -> None:
    names = [
        builtin("plugin.name"),
        builtin("plugin.version"),
        builtin("plugin.config", literal("colour")),
        builtin("plugin.config", literal("shape"), literal("round")),
        builtin("env.get", literal("LEVEL")),
        builtin("env.get", literal("HOME"), literal("no home")),
    ]
    joined = builtin("string.join", {"type": "array_literal", "elements": names}, literal(" "))
    write(commands, plugin(returning(joined)))
    commands.file("program.alas.json", BUILTIN)
    # What the program may see, the plugin may not.
    outcome = commands.alas_run("--allow-env", "program.alas.json")
    assert outcome.out == "my-plugin 1.0.0 blue round 7 no home\n"


@pytest.mark.parametrize(
    ("program", "changes", "messages"),
    [
        (None, {}, ["file_not_found"]),
        (b"{", {}, ["json_syntax"]),
        (plugin(returning(variable("x"))), {}, ["error[unknown_variable]", "my_plugin.alas.json:"]),
        (plugin(returning(builtin("io.readLine"))), {}, ["error[capability_missing]"]),
        (ECHO | {"exports": []}, {}, ["error[not_exported]", "plugin.json:"]),
        (ECHO | {"name": "other"}, {}, ["error[signature_mismatch]"]),
        (ECHO, {"version": "one"}, ["error[invalid_version]", "plugin.json:"]),
        (ECHO, {"alas_version": ">=99"}, ["99"]),
        (ECHO, {"dependencies": ["absent-plugin"]}, ["absent-plugin"]),
        (
            ECHO,
            {
                "type": "native",
                "security": {"sandbox": True},
                "implementation": {"language": "c", "binaries": ["p.so"]},
            },
            ["native"],
        ),
    ],
    ids=str,
)
def test_a_plugin_that_cannot_be_loaded(commands: Commands, program, changes, messages) -> None:
    write(commands, program if program is not None else ECHO, **changes)
    commands.file("plugins/my-plugin/p.so", b"")
    if program is None:
        (commands.folder / "plugins/my-plugin/my_plugin.alas.json").unlink()
    commands.file("program.alas.json", IMPORTED)
    outcome = commands.alas_run("program.alas.json")
    assert (outcome.out, outcome.code) == ("", 3)
    assert "program.alas.json:" in outcome.err
    assert "error[unknown_module]" in outcome.err
    for message in messages:
        assert message in outcome.err
    assert commands.alas_run("-format", "json", "program.alas.json").document["ok"] is False
    # It is nobody else's problem.
    commands.file("other.alas.json", module(function("main", saying(literal("fine")))))
    assert commands.alas_run("other.alas.json").out == "fine\n"


def test_a_file_and_a_plugin_of_one_name(commands: Commands) -> None:
    write(commands, ECHO)
    commands.file("program.alas.json", IMPORTED)
    commands.file("my_plugin.alas.json", plugin(returning(literal("file"))))
    outcome = commands.alas_run("program.alas.json")
    assert outcome.code == 3
    assert "error[duplicate_name]" in outcome.err
    assert "plugins/my-plugin/my_plugin.alas.json" in outcome.err
    commands.file("my_plugin.alas.json", ECHO)
    assert commands.alas_run("program.alas.json").out == "in\n"


def test_a_plugin_of_several_files(commands: Commands) -> None:
    helper = module(function("twice", returning(literal("helped"))), name="helper", exports=["twice"])
    call = {"type": "module_call", "module": "helper", "name": "twice", "args": []}
    write(commands, plugin(returning(call), imports=["helper"]))
    commands.file("program.alas.json", IMPORTED)
    commands.file("helper.alas.json", helper)
    # Its modules are its own files, not those of the program.
    outcome = commands.alas_run("-module-path", ".", "program.alas.json")
    assert outcome.code == 3
    commands.file("plugins/my-plugin/helper.alas.json", helper)
    assert commands.alas_run("program.alas.json").out == "helped\n"
    # And they may do no more than the plugin.
    reads = module(function("twice", returning(builtin("io.readLine"))), name="helper", exports=["twice"])
    commands.file("plugins/my-plugin/helper.alas.json", reads)
    assert "capability_missing" in commands.alas_run("program.alas.json").err


def test_a_file_outside_the_plugin_is_not_its_own(commands: Commands) -> None:
    helper = module(function("twice", returning(literal("stolen"))), name="helper", exports=["twice"])
    commands.file("secret/helper.alas.json", helper)
    call = {"type": "module_call", "module": "helper", "name": "twice", "args": []}
    write(commands, plugin(returning(call), imports=["helper"]))
    (commands.folder / "plugins/my-plugin/helper.alas.json").symlink_to(
        commands.folder / "secret/helper.alas.json"
    )
    commands.file("program.alas.json", IMPORTED)
    assert commands.alas_run("program.alas.json").code == 3


def test_plugins_that_import_each_other(commands: Commands) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        commands.file(
            f"plugins/{one}/plugin.json",
            {"name": one, "version": "1.0.0", "module": one, "implementation": {"language": "alas"}},
        )
        commands.file(
            f"plugins/{one}/{one}.alas.json", module(function("f"), name=one, imports=[other], exports=["f"])
        )
    commands.file("program.alas.json", module(function("main"), imports=["a"]))
    outcome = commands.alas_run("program.alas.json")
    assert outcome.code == 3
    assert "import_cycle" in outcome.err


@pytest.mark.parametrize("how", ["option", "variable", "off"])
def test_debugging(commands: Commands, how: str) -> None:
    write(commands, ECHO)
    commands.file("program.alas.json", BUILTIN)
    options = ["-plugin-debug"] if how == "option" else []
    variables = {"ALAS_PLUGIN_DEBUG": {"variable": "1", "off": "0"}[how]} if how != "option" else {}
    outcome = commands.alas_run(*options, "program.alas.json", **variables)
    assert (outcome.out, outcome.code) == ("in\n", 0)
    assert ("alas.registry: " in outcome.err) is (how != "off")
    assert ("my-plugin" in outcome.err) is (how != "off")


def test_failures_inside_a_plugin_show_its_file(commands: Commands) -> None:
    write(
        commands,
        plugin(
            returning(
                builtin("type.toString", {"type": "index", "object": variable("data"), "index": literal(9)})
            )
        ),
    )
    commands.file("program.alas.json", BUILTIN)
    error = commands.alas_run("-format", "json", "program.alas.json").document["error"]
    assert error["code"] == "index_out_of_bounds"
    assert error["file"].endswith("plugins/my-plugin/my_plugin.alas.json")
    assert [frame["module"] for frame in error["stack"]] == ["my_plugin", "program"]


def test_the_demo(commands: Commands) -> None:
    outcome = commands.alas_run(
        *("-format", "json", "-fn", "primesBelow", "-plugin-path", str(ROOT / "examples/plugins")),
        *(str(ROOT / "examples/programs/use_plugin.alas.json"), "10"),
    )
    assert json.loads(outcome.out) == {"ok": True, "result": [2, 3, 5, 7]}
