"""`alas-plugin validate`: manifests alone, and plugins as a whole. What both commands check is in `test_validate.py`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .commands import Commands
from .plugins import add_plugin, implementation, manifest
from .programs import builtin, function, module, returning

FIVE_FAULTS = {
    "name": "My Plugin",
    "version": "1.0",
    "typ": "module",
    "module": "my_plugin",
    "functions": [{"name": "f", "returns": "integer"}],
    "security": {"timeout": "soon"},
    "implementation": {"language": "alas"},
}


def codes(commands: Commands, *line: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code, and what was found."""
    outcome = commands.plugin("validate", "-format", "json", *line)
    assert outcome.err == ""
    return outcome.code, [(one["code"], one["pointer"]) for one in outcome.document["diagnostics"]]


def test_all_problems_at_once(commands: Commands) -> None:
    commands.file("plugin.json", FIVE_FAULTS)
    found = {
        ("invalid_name", "/name"),
        ("invalid_version", "/version"),
        ("unknown_field", "/typ"),
        ("unknown_type", "/functions/0/returns"),
        ("invalid_duration", "/security/timeout"),
    }
    code, findings = codes(commands, "plugin.json")
    assert (code, set(findings)) == (3, found)
    shown = commands.plugin("validate", "plugin.json").err
    assert all(f"[{code}]" in shown for code, _ in found)
    assert "4 errors, 1 warning" in shown


def test_a_manifest_alone_needs_no_files(commands: Commands) -> None:
    commands.file("plugin.json", manifest())
    outcome = commands.plugin("validate", "plugin.json")
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        outcome.out
        == "plugin.json: ok (the manifest alone; alas-plugin validate . checks the whole plugin)\n"
    )
    assert codes(commands, "plugin.json") == (0, [])
    assert codes(commands, ".") == (3, [("file_not_found", "/implementation/entrypoint")])


def test_manifests_may_have_other_names(commands: Commands) -> None:
    commands.file("draft.json", manifest() | {"version": "x"})
    assert codes(commands, "draft.json") == (3, [("invalid_version", "/version")])


@pytest.mark.parametrize(
    ("program", "code"),
    [
        (implementation(), None),
        (implementation() | {"exports": []}, "not_exported"),
        (implementation() | {"name": "other"}, "signature_mismatch"),
        (
            module(
                function("process", returning(builtin("io.readLine")), params=[("data", "string")]),
                name="my_plugin",
                exports=["process"],
            ),
            "capability_missing",
        ),
    ],
)
def test_a_folder_is_checked_as_a_whole(commands: Commands, program: object, code: str | None) -> None:
    commands.file("my-plugin/plugin.json", manifest())
    commands.file("my-plugin/my_plugin.alas.json", program)
    for name in ("my-plugin", "./my-plugin/"):
        found = codes(commands, name)
        assert found[0] == (3 if code else 0)
        assert {one for one, _ in found[1]} == ({code} if code else set())
    assert commands.plugin("validate", "my-plugin").out == ("" if code else "my-plugin: ok\n")


@pytest.mark.parametrize(
    ("source", "code"),
    [("def f(:", "python_syntax"), ("from alas_builtin import BuiltinPlugin\nplugin = BuiltinPlugin()", "signature_mismatch")],
)  # fmt: skip
def test_python_code_is_looked_at_and_not_run(commands: Commands, source: str, code: str) -> None:
    described = manifest(type="builtin", implementation={"language": "python", "entrypoint": "my.py"})
    commands.file("p/plugin.json", described)
    (commands.folder / "p" / "my.py").write_text(f"{source}\nopen('has-run', 'w')\n")
    exit_code, found = codes(commands, "./p")
    assert (exit_code, [one for one, _ in found]) == (3, [code])
    assert not (commands.folder / "has-run").exists()


@pytest.mark.parametrize(
    ("tests", "code", "expected"),
    [
        ([{"name": "a", "function": "process", "args": ["x"], "expected": "x"}], 0, []),
        ([{"name": "a", "function": "proces", "args": ["x"], "expected": "x"}], 3, [("unknown_function", "/0/function")]),
        ([{"name": "a", "function": "process", "args": ["x"], "expect": "x"}], 3, [("missing_field", "/0"), ("unknown_field", "/0/expect")]),
    ],
)  # fmt: skip
def test_the_tests_of_a_plugin_are_read(
    commands: Commands, tests: object, code: int, expected: list[tuple[str, str]]
) -> None:
    folder = add_plugin(commands)
    commands.file(f"{folder}/tests/one.json", tests)
    exit_code, found = codes(commands, f"./{folder}")
    assert (exit_code, sorted(found)) == (code, sorted(expected))


def test_standard_input(commands: Commands) -> None:
    outcome = commands.plugin("validate", "-", stdin=json.dumps(manifest()))
    assert (outcome.code, outcome.out) == (0, "<standard input>: ok\n")
    outcome = commands.plugin("validate", "-", stdin=json.dumps(manifest(version="x")))
    assert (outcome.code, "[invalid_version]" in outcome.err) == (3, True)
    outcome = commands.plugin("validate", "-", stdin=json.dumps(implementation()))
    assert (outcome.code, "found a module; alas-validate" in outcome.err) == (2, True)


DEPENDENCIES = [
    ({"dependencies": ["absent"]}, "dependency_not_found", "/dependencies/0", "nothing has this name"),
    ({"dependencies": ["std.math", "base-tol"]}, "dependency_not_found", "/dependencies/1", "did you mean `base-tool`?"),
    ({"dependencies": ["base-tool >=9"]}, "dependency_version", "/dependencies/0", "is version 1.4.0"),
    ({"dependencies": ["broken"]}, "dependency_invalid", "/dependencies/0", "alas-plugin info broken shows them"),
    ({"dependencies": ["needy"]}, "dependency_not_found", "/dependencies/0", "plugin `needy`"),
    ({"dependencies": ["std.math >=99"]}, "dependency_version", "/dependencies/0", "the standard library is that of ALaS"),
    ({"alas_version": ">=99"}, "alas_version", "/alas_version", "works with ALaS >=99"),
]  # fmt: skip


@pytest.mark.parametrize("case", DEPENDENCIES, ids=lambda case: case[1])
@pytest.mark.parametrize("command", ["alas-validate", "alas-plugin validate"])
def test_what_cannot_be_had_is_a_warning(
    commands: Commands, command: str, case: tuple[dict[str, Any], str, str, str]
) -> None:
    more, code, pointer, message = case
    add_plugin(commands, "base-tool", version="1.4.0")
    add_plugin(commands, "needy", dependencies=["far-away"])
    commands.file("plugins/broken/plugin.json", {"name": "broken"})
    add_plugin(commands, "mine", parent="work", **({"x-note": {"dependencies": ["x"]}} | more))
    name, *first = command.split()
    outcome = commands.run(name, *first, "-format", "json", "work/mine")
    assert outcome.code == 0
    (finding,) = outcome.document["diagnostics"]
    assert (finding["code"], finding["severity"], finding["pointer"]) == (code, "warning", pointer)
    assert message in finding["message"]
    assert commands.run(name, *first, "-strict", "work/mine").code == 3
    # The place is that of the value in the file, not of one that looks like it.
    line = (commands.folder / "work/mine/plugin.json").read_text().splitlines()[finding["line"] - 1]
    wanted = more.get("alas_version") or more["dependencies"][int(pointer[-1])]
    assert line[finding["column"] - 1 :].startswith(json.dumps(wanted))


TYPES = [
    ("itn", [("unknown_type", "error", "did you mean `int`?")]),
    ("Nope", [("unknown_type", "error", "declare it in `types`; the built-in types are")]),
    ("Side", [("signature_mismatch", "error", "describe the function as it is")]),
    ("Word", []),
    ("base_tool.Word", []),
]  # fmt: skip


@pytest.mark.parametrize("case", TYPES, ids=lambda case: case[0])
@pytest.mark.parametrize("command", ["alas-validate", "alas-plugin validate"])
def test_types_are_looked_up_in_dependencies(
    commands: Commands, command: str, case: tuple[str, list[tuple[str, str, str]]]
) -> None:
    kind, expected = case
    side = {"name": "Side", "kind": "struct", "fields": []}
    word = {"name": "Word", "kind": "alias", "base_type": "string"}
    add_plugin(commands, "base-tool", capabilities=["function", "type"], types=[side, word])
    functions = [{"name": "process", "params": [{"name": "data", "type": "string"}], "returns": kind}]
    add_plugin(commands, "mine", dependencies=["base-tool"], functions=functions)
    name, *first = command.split()
    outcome = commands.run(name, *first, "-format", "json", "plugins/mine")
    found = outcome.document["diagnostics"]
    assert outcome.code == (3 if expected else 0)
    assert [(one["code"], one["severity"], one["pointer"]) for one in found] == [
        (code, severity, "/functions/0/returns") for code, severity, _ in expected
    ]
    assert all(one["help"].startswith(advice) for one, (_, _, advice) in zip(found, expected, strict=True))
    called = commands.plugin("call", "mine.process", "x")
    assert (called.code == 0) == (not expected)
    shown = commands.plugin("info", "-format", "json", "mine").document
    assert [one["code"] for one in shown["plugin"]["diagnostics"]] == [code for code, _, _ in expected]


@pytest.mark.parametrize("command", ["alas-validate", "alas-plugin validate"])
def test_limits_that_are_not_enforced_are_told(commands: Commands, command: str) -> None:
    add_plugin(
        commands,
        "mine",
        implementation={"language": "alas", "build_cmd": "make"},
    )
    name, *first = command.split()
    outcome = commands.run(name, *first, "-format", "json", "plugins/mine")
    assert outcome.code == 0
    assert [
        (one["code"], one["severity"], one["pointer"], one["message"])
        for one in outcome.document["diagnostics"]
    ] == [
        (
            "unenforceable",
            "warning",
            "/implementation/build_cmd",
            "the plugin sets implementation.build_cmd, which this version does not run",
        )
    ]
    # Running says it, too, once.
    assert commands.plugin("call", "mine.process", "x").err.count("implementation.build_cmd") == 1


def test_plugins_that_need_each_other_are_an_error(commands: Commands) -> None:
    add_plugin(commands, "one", dependencies=["std.math", "two"])
    add_plugin(commands, "two", dependencies=["one"])
    outcome = commands.plugin("validate", "-format", "json", "plugins/one")
    (finding,) = outcome.document["diagnostics"]
    assert (outcome.code, finding["code"], finding["severity"]) == (3, "dependency_cycle", "error")
    assert finding["pointer"] == "/dependencies/1"
    assert "one → two → one" in finding["message"]


def test_plugins_that_are_checked_together_may_need_each_other(commands: Commands) -> None:
    add_plugin(commands, "base", parent="work")
    add_plugin(commands, "top", parent="work", dependencies=["base"])
    described = implementation("top") | {"imports": ["base"]}
    commands.file("work/top/top.alas.json", described)
    alone = commands.plugin("validate", "work/top")
    assert "dependency_not_found" in alone.err
    for name in ("alas-plugin", "alas-validate"):
        words = ["validate"] if name == "alas-plugin" else []
        outcome = commands.run(name, *words, "work/top", "work/base")
        assert (outcome.code, outcome.out, outcome.err) == (0, "work/top: ok\nwork/base: ok\n", "")
    add_plugin(commands, "base", parent="work", dependencies=["top"])
    outcome = commands.plugin("validate", "work/top", "work/base")
    assert (outcome.code, outcome.err.count("error[dependency_cycle]")) == (3, 2)


def test_broken_settings_are_said_once(commands: Commands) -> None:
    add_plugin(commands, "one")
    add_plugin(commands, "two")
    commands.file("alas.toml", b"[")
    outcome = commands.plugin("validate", "./plugins/one", "./plugins/two")
    assert (outcome.code, outcome.out, outcome.err.count("the settings cannot be used")) == (2, "", 1)


def test_needs_and_files_are_looked_at_together(commands: Commands) -> None:
    commands.file("mine/plugin.json", manifest("mine", dependencies=["absent"]))
    _, found = codes(commands, "mine")
    assert found == [
        ("file_not_found", "/implementation/entrypoint"),
        ("dependency_not_found", "/dependencies/0"),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "expected the folder of a plugin, or a plugin.json"),
        (["plugin.jso"], "there is no file 'plugin.jso'; did you mean 'plugin.json'?"),
        (["nowhere"], "there is no file 'nowhere'"),
        (["tol"], "there is no file 'tol', and no plugin of this name; did you mean 'tool'?"),
        (["plugins"], "holds no plugin.json; to check the plugins in it: alas-plugin validate plugins/*"),
        (
            ["plugins/tool/tool.alas.json"],
            "found the module 'plugins/tool/tool.alas.json'; alas-validate checks it, ",
        ),
        (
            ["plugins/tool/tests/tool.json"],
            "found the tests in 'plugins/tool/tests/tool.json'; to check and run them: alas-plugin test plugins/",
        ),
        (
            ["plugins/tool/tool.py"],
            "found Python code, 'plugins/tool/tool.py'; the plugin that it belongs to: alas-plugin validate plugins/",
        ),
        (
            ["README.md"],
            "found a text for people, 'README.md'; the plugin that it belongs to: alas-plugin validate .",
        ),
        (["-stric", "plugins/tool"], "there is no option '-stric'; did you mean '-strict'?"),
    ],
)
def test_mistakes(commands: Commands, words: list[str], message: str) -> None:
    commands.file("plugin.json", manifest())
    commands.file("README.md", b"# A tool")
    add_plugin(commands, "tool")
    commands.file("plugins/tool/tests/tool.json", [])
    commands.file("plugins/tool/tool.py", b'"""Nothing."""')
    outcome = commands.plugin("validate", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    document = commands.plugin("validate", "-format", "json", *words).document
    assert document["error"]["code"] == "usage"
    assert message in document["error"]["message"]
