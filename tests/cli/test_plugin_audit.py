"""`alas-plugin audit`: what the code of a plugin needs, and where its manifest asks for more or for less."""

from __future__ import annotations

from typing import Any

import pytest

import alas_core
from alas_cli._plugin._policy.uses import REACHES

from .commands import Commands
from .plugins import add_plugin, add_reader, manifest
from .programs import binary, builtin, call, function, literal, module, returning, variable

URL = "https://api.example.com/v1"


def test_every_function_that_reaches_outside_has_a_row() -> None:
    outside = {
        name
        for name, _, capabilities, _ in alas_core.library()
        if {"filesystem", "network", "process"}.intersection(capabilities)
    }
    assert {*REACHES} == {*outside, "env.get"}


def add(commands: Commands, *functions: Any, permissions: Any = None, **more: Any) -> None:
    """Write the plugin `tool`, whose manifest declares all capabilities."""
    described = manifest(
        "tool",
        capabilities=["function", "io", "filesystem", "network", "process"],
        functions=[{"name": "run", "params": [{"name": "x", "type": "string"}], "returns": "any"}],
        security={"permissions": permissions or {}},
    )
    commands.file("tool/plugin.json", described | more)
    commands.file("tool/tool.alas.json", module(*functions, name="tool", exports=["run"]))


def run(*body: Any) -> dict[str, Any]:
    return function("run", *body, params=[("x", "string")], returns="any")


def audit(commands: Commands, word: str = "./tool") -> Any:
    outcome = commands.plugin("audit", "-format", "json", word)
    assert outcome.err == ""
    document = outcome.document
    assert outcome.code == (0 if document["ok"] else 1)
    return document


def request(url: Any) -> dict[str, Any]:
    pairs = [{"key": literal("method"), "value": literal("GET")}, {"key": literal("url"), "value": url}]
    return builtin("net.request", {"type": "map_literal", "pairs": pairs})


def process(*arguments: Any) -> dict[str, Any]:
    return builtin("process.run", *arguments)


def mapping(*pairs: tuple[Any, Any]) -> dict[str, Any]:
    return {"type": "map_literal", "pairs": [{"key": key, "value": value} for key, value in pairs]}


NONE = {"type": "array_literal", "elements": []}
IN = mapping((literal("cwd"), literal("/srv")))
COMPUTED = (variable("x"), literal("/etc"))
TO_GOOD = (literal("url"), literal("https://good.example/"))

# What is called, and what it needs.
USES: list[tuple[Any, list[tuple[str, str | None]]]] = [
    (builtin("fs.readFile", literal("/a")), [("read", "/a")]),
    (builtin("io.readFile", literal("/a")), [("read", "/a")]),
    (builtin("fs.writeFile", literal("/a"), variable("x")), [("write", "/a")]),
    (builtin("fs.rename", literal("/a"), literal("/b")), [("read", "/a"), ("write", "/a"), ("write", "/b")]),
    (builtin("fs.readFile", variable("x")), [("read", None)]),
    (builtin("fs.readFile", binary("+", literal("/a/"), variable("x"))), [("read", None)]),
    (builtin("env.get", literal("A"), literal("")), [("env", "A")]),
    (builtin("env.get", variable("x")), [("env", None)]),
    (process(literal("git"), NONE), [("run", "git")]),
    (process(literal("git"), NONE, IN), [("run", "git"), ("read", "/srv")]),
    (process(literal("git"), NONE, mapping()), [("run", "git")]),
    (process(literal("git"), NONE, mapping((literal("timeout"), literal(1)))), [("run", "git")]),
    (
        process(literal("git"), NONE, mapping((literal("cwd"), variable("x")))),
        [("run", "git"), ("read", None)],
    ),
    # What is computed may say where the command works.
    (process(literal("git"), NONE, variable("m")), [("run", "git"), ("read", None)]),
    (process(literal("git"), NONE, mapping(COMPUTED)), [("run", "git"), ("read", None)]),
    (process(variable("x"), NONE), [("run", None)]),
    (request(literal(URL)), [("net", "api.example.com")]),
    (request(literal("HTTP://Example.com:8080")), [("net", "example.com:8080")]),
    (request(literal("http://[::1]:80/x")), [("net", "[::1]:80")]),
    (request(binary("+", literal("https://a.com/"), variable("x"))), [("net", "a.com")]),
    # More of a host may follow, a user may stand before it, and it may be none.
    (request(binary("+", literal("https://a.com"), variable("x"))), [("net", None)]),
    (request(literal("https://me@a.com/")), [("net", None)]),
    (request(literal("a.com")), [("net", None)]),
    (request(variable("x")), [("net", None)]),
    (builtin("net.request", variable("m")), [("net", None)]),
    (builtin("net.request", mapping(TO_GOOD)), [("net", "good.example")]),
    (builtin("net.request", mapping(TO_GOOD, COMPUTED)), [("net", None)]),
    (builtin("json.parse", literal('{"type": "builtin", "name": "fs.readFile"}')), []),
]


@pytest.mark.parametrize(("value", "needs"), USES, ids=range(len(USES)))
def test_what_code_names(commands: Commands, value: Any, needs: list[tuple[str, str | None]]) -> None:
    add(
        commands,
        run(assign("m", builtin("map.put", mapping(), literal("a"), variable("x"))), returning(value)),
    )
    found = audit(commands)["needs"]
    assert [(one["right"], one["scope"]) for one in found] == needs
    for one in found:
        assert one["way"][0] == "tool.run"
        assert one["file"] == str(commands.folder / "tool/tool.alas.json")
        assert one["pointer"].startswith("/functions/0/body/1/value")


def read(node: Any) -> dict[str, Any]:
    return returning(builtin("fs.readFile", node))


def assign(name: str, value: Any) -> dict[str, Any]:
    return {"type": "assign", "target": name, "value": value}


def conditional(then: Any, otherwise: Any) -> dict[str, Any]:
    return {"type": "if", "cond": variable("x"), "then": [then], "else": [otherwise]}


P, Q = variable("p"), variable("q")
OPENS = function("open", read(P), params=[("p", "string")], returns="any")
A_OR_B = conditional(assign("p", literal("/a")), assign("p", literal("/b")))
JOINED = binary("+", binary("+", literal("/a/"), P), literal(".txt"))
NAMES = function(
    "name", conditional(returning(literal("/a")), returning(literal("/b"))), params=[("x", "any")]
)
AGAIN = function(
    "again",
    conditional(returning(literal("/a")), returning(call("again", variable("x")))),
    params=[("x", "any")],
    returns="any",
)

# How a path comes to where it is used, and what can be told of it.
FLOWS: dict[str, tuple[list[Any], list[str | None]]] = {
    "a variable": ([run(assign("p", literal("/a")), read(P))], ["/a"]),
    "a variable of a variable": ([run(assign("q", literal("/a")), assign("p", Q), read(P))], ["/a"]),
    "either of two": ([run(A_OR_B, read(P))], ["/a", "/b"]),
    "either, or what is given": (
        [run(conditional(assign("p", literal("/a")), assign("p", variable("x"))), read(P))],
        ["/a", None],
    ),
    "put together": ([run(assign("p", literal("b")), read(JOINED))], ["/a/b.txt"]),
    "put together from either": ([run(A_OR_B, read(JOINED))], ["/a//a.txt", "/a//b.txt"]),
    "what grows": (
        [run(assign("p", literal("/a")), assign("p", binary("+", P, literal("b"))), read(P))],
        ["/a", None],
    ),
    "what is itself": ([run(A_OR_B, assign("p", P), read(P))], ["/a", "/b", None]),
    "an argument": ([run(returning(call("open", literal("/a")))), OPENS], ["/a"]),
    "arguments": (
        [
            run(
                {"type": "expr", "value": call("open", literal("/a"))}, returning(call("open", literal("/b")))
            ),
            OPENS,
        ],
        ["/a", "/b"],
    ),
    "an argument that is given": ([run(returning(call("open", variable("x")))), OPENS], [None]),
    "a parameter that is assigned": (
        [run(assign("x", literal("/a")), read(variable("x")))],
        ["/a", None],
    ),
    "a result": ([run(read(call("name", literal(1)))), NAMES], ["/a", "/b"]),
    "a result of itself": ([run(read(call("again", literal(1)))), AGAIN], ["/a", None]),
    "a function that is called by its name": (
        [
            run(
                {"type": "expr", "value": call("open", literal("/a"))},
                returning(
                    builtin(
                        "result.try", literal("open"), {"type": "array_literal", "elements": [variable("x")]}
                    )
                ),
            ),
            OPENS,
        ],
        ["/a", None],
    ),
    "a function that may be called by a name": (
        [
            run(
                {"type": "expr", "value": call("open", literal("/a"))},
                returning(builtin("array.map", NONE, variable("x"))),
            ),
            OPENS,
        ],
        ["/a", None],
    ),
    "a variable of another function": (
        [run(assign("p", literal("/a")), returning(call("open", variable("x")))), OPENS],
        [None],
    ),
}


@pytest.mark.parametrize("name", FLOWS)
def test_what_leads_to_what_code_names(commands: Commands, name: str) -> None:
    functions, scopes = FLOWS[name]
    add(commands, *functions)
    assert [one["scope"] for one in audit(commands)["needs"]] == scopes


def test_maps_and_hosts_by_way_of_variables(commands: Commands) -> None:
    add(
        commands,
        run(
            assign("p", literal("https://a.com/")),
            assign("m", mapping((literal("url"), binary("+", P, variable("x"))))),
            assign("q", literal("cwd")),
            assign("options", mapping((Q, literal("/srv")))),
            {"type": "expr", "value": process(literal("git"), NONE, variable("options"))},
            returning(builtin("net.request", variable("m"))),
        ),
    )
    found = {(one["right"], one["scope"]) for one in audit(commands)["needs"]}
    assert found == {("run", "git"), ("read", "/srv"), ("net", "a.com")}


def test_many_ways_to_a_value_take_no_longer(commands: Commands) -> None:
    twice = [
        function(
            f"f{index}", returning(binary("+", call(f"f{index + 1}"), call(f"f{index + 1}"))), returns="any"
        )
        for index in range(300)
    ]
    last = function("f300", returning(literal("a")), returns="any")
    add(commands, run(read(call("f0"))), *twice, last)
    assert [one["scope"] for one in audit(commands)["needs"]] == [None]


def test_imported_standard_modules(commands: Commands) -> None:
    asked = {"type": "module_call", "module": "fs", "name": "readFile", "args": [literal("/a")]}
    full = {"type": "module_call", "module": "std.fs", "name": "stat", "args": [literal("/b")]}
    add(commands, run({"type": "expr", "value": full}, returning(asked)))
    document = module(
        run({"type": "expr", "value": full}, returning(asked)),
        name="tool",
        exports=["run"],
        imports=["std.fs"],
    )
    commands.file("tool/tool.alas.json", document)
    assert {one["scope"] for one in audit(commands)["needs"]} == {"/a", "/b"}


def test_a_manifest_that_asks_for_just_that(commands: Commands) -> None:
    add_reader(commands)
    outcome = commands.plugin("audit", "reader")
    # What it reads is computed, so whatever the manifest names will do.
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "reader 1.0.0 needs",
        "  capability  filesystem          reader.load → reader.open → fs.readFile",
        "  capability  network             reader.fetch → net.request",
        "  read        (what it computes)  reader.load → reader.open → fs.readFile",
        "  net         api.example.com     reader.fetch → net.request",
        "  env         SHOP                reader.see → env.get",
        "the manifest asks for just that",
    ]
    assert audit(commands, "reader")["policy"] == {
        "capabilities": ["function", "network", "filesystem"],
        "security": {"permissions": {"network": ["api.example.com"], "env": ["SHOP"]}},
        "incomplete": ["read"],
    }


def test_a_plugin_that_needs_nothing(commands: Commands) -> None:
    add_plugin(commands)
    outcome = commands.plugin("audit", "my_plugin")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "my-plugin 1.0.0 needs nothing outside\nthe manifest asks for just that\n"


def findings(commands: Commands) -> list[tuple[str, str]]:
    document = audit(commands)
    assert document["ok"] is (document["findings"] == [])
    return [(one["code"], one["pointer"]) for one in document["findings"]]


READ = builtin("fs.readFile", literal("/data/a"))
PERMISSIONS = "/security/permissions"

# What is called, the capabilities and the permissions of the manifest, and what is found.
COMPARED: list[tuple[Any, list[str], Any, list[tuple[str, str]]]] = [
    (READ, ["filesystem"], {"filesystem": {"read": ["/data/a"]}}, []),
    (READ, ["filesystem"], {"filesystem": {"read": ["/data/./a"]}}, []),
    (
        READ,
        ["filesystem"],
        {"filesystem": {"read": ["/data"]}},
        [("asks_too_much", f"{PERMISSIONS}/filesystem/read/0")],
    ),
    (
        READ,
        ["filesystem"],
        {"filesystem": {"read": ["/data/a", "/etc"], "write": ["/data/a"]}},
        [
            ("asks_too_much", f"{PERMISSIONS}/filesystem/read/1"),
            ("asks_too_much", f"{PERMISSIONS}/filesystem/write/0"),
        ],
    ),
    (READ, ["filesystem"], {}, [("asks_too_little", "/functions/0/body/0/value/name")]),
    (
        READ,
        ["filesystem"],
        {"filesystem": {"read": ["/b"]}},
        [
            ("asks_too_little", "/functions/0/body/0/value/name"),
            ("asks_too_much", f"{PERMISSIONS}/filesystem/read/0"),
        ],
    ),
    (READ, [], {}, [("asks_too_little", ""), ("asks_too_little", "/functions/0/body/0/value/name")]),
    (
        READ,
        ["filesystem", "network"],
        {"filesystem": {"read": ["/data/a"]}, "network": ["a.com"]},
        [
            ("asks_too_much", "/capabilities/1"),
            ("asks_too_much", f"{PERMISSIONS}/network/0"),
        ],
    ),
    (builtin("fs.readFile", variable("x")), ["filesystem"], {"filesystem": {"read": ["/data", "/etc"]}}, []),
    (
        builtin("fs.readFile", variable("x")),
        ["filesystem"],
        {},
        [("asks_too_little", "/functions/0/body/0/value/name")],
    ),
    (
        request(literal(URL)),
        ["network"],
        {"network": ["*.example.com"]},
        [("asks_too_much", f"{PERMISSIONS}/network/0")],
    ),
    (request(literal(URL)), ["network"], {"network": ["API.example.com"]}, []),
    (
        builtin("env.get", literal("A"), literal("")),
        [],
        {"env": ["A", "B"]},
        [("asks_too_much", f"{PERMISSIONS}/env/1")],
    ),
    (literal("x"), ["io"], {}, [("asks_too_much", "/capabilities/0")]),
    # The folder that a command works in has to be granted to be read.
    (
        process(literal("git"), NONE, IN),
        ["process", "filesystem"],
        {"process": ["git"], "filesystem": {"read": ["/srv"]}},
        [],
    ),
    (
        process(literal("git"), NONE, IN),
        ["process", "filesystem"],
        {"process": ["git"]},
        [("asks_too_little", "/functions/0/body/0/value/name")],
    ),
    (
        process(literal("git"), NONE, mapping(COMPUTED)),
        ["process", "filesystem"],
        {"process": ["git"], "filesystem": {"read": ["/srv"]}},
        [],
    ),
    # Perhaps it needs none.
    (process(literal("git"), NONE, mapping(COMPUTED)), ["process"], {"process": ["git"]}, []),
    (
        builtin("net.request", mapping(TO_GOOD, COMPUTED)),
        ["network"],
        {"network": ["good.example", "other.example"]},
        [],
    ),
]


@pytest.mark.parametrize(
    ("value", "capabilities", "permissions", "found"), COMPARED, ids=range(len(COMPARED))
)
def test_manifests_are_compared(
    commands: Commands, value: Any, capabilities: list[str], permissions: Any, found: list[tuple[str, str]]
) -> None:
    add(commands, run(returning(value)), permissions=permissions, capabilities=capabilities)
    assert findings(commands) == found


def test_variables_that_the_manifest_sets_are_not_asked_for(commands: Commands) -> None:
    see = [builtin("env.get", literal(name), literal("")) for name in ("A", "B")]
    environment = {"runtime": {"environment": {"A": "1"}}, "capabilities": ["function"]}
    add(commands, run(returning(binary("+", *see))), permissions={"env": ["B"]}, **environment)
    assert findings(commands) == []


def test_findings_are_shown_with_their_places(commands: Commands) -> None:
    add(
        commands,
        run(returning(READ)),
        permissions={"filesystem": {"read": ["/etc"]}},
        capabilities=["filesystem"],
    )
    outcome = commands.plugin("audit", "./tool")
    assert outcome.code == 1
    assert "error[asks_too_little]: the code needs to read /data/a: tool.run → fs.readFile" in outcome.err
    assert 'help: add "/data/a" to the manifest\'s `security.permissions.filesystem.read`' in outcome.err
    assert "plugin.json:30:" in outcome.err
    assert (
        "error[asks_too_much]: the manifest asks to read /etc, which nothing in the code needs" in outcome.err
    )
    assert "just that" not in outcome.out


def test_what_another_plugin_needs_is_ones_own(commands: Commands) -> None:
    add_reader(commands)
    add(commands, run(returning(builtin("reader.fetch"))), capabilities=["function"], dependencies=["reader"])
    document = audit(commands)
    assert document["capabilities"] == {"network": ["tool.run", "reader.fetch", "net.request"]}
    # How far it reaches is between the host and the other plugin.
    assert document["needs"] == []
    assert [one["message"] for one in document["findings"]] == [
        "the capability `network` is needed and not declared: tool.run → reader.fetch → net.request"
    ]


def test_apis_that_are_not_allowed(commands: Commands) -> None:
    add(commands, run(returning(literal(1))), capabilities=[])
    asked = {"capabilities": [], "security": {"allowed_apis": ["std.string"]}}
    add(commands, run(returning(builtin("math.sqrt", literal(4)))), **asked)
    outcome = commands.plugin("audit", "./tool")
    assert outcome.code == 1
    assert "error[api_not_allowed]" in outcome.err
    [finding] = audit(commands)["findings"]
    assert finding["code"] == "api_not_allowed"


def test_what_others_can_call_is_shown_first(commands: Commands) -> None:
    hidden = function("hidden", returning(READ))
    add(commands, hidden, run(returning(call("middle"))), function("middle", returning(call("hidden"))))
    found = audit(commands)
    assert found["capabilities"]["filesystem"] == ["tool.run", "tool.middle", "tool.hidden", "fs.readFile"]
    assert found["needs"][0]["way"] == ["tool.run", "tool.middle", "tool.hidden", "fs.readFile"]


def test_native_functions_cannot_be_audited(commands: Commands) -> None:
    functions = [
        {"name": "run", "params": [{"name": "x", "type": "string"}], "returns": "any"},
        {"name": "fast", "params": [], "returns": "int", "native": True},
    ]
    add(
        commands,
        run(returning(READ)),
        type="hybrid",
        functions=functions,
        permissions={"filesystem": {"read": ["/data/a"], "write": ["/out"]}},
        implementation={"language": "c", "entrypoint": "tool.alas.json", "binaries": ["tool.so"]},
    )
    outcome = commands.plugin("audit", "./tool")
    # What the manifest asks for beyond the code in ALaS may be for the rest.
    assert outcome.code == 0
    assert (
        "native code and Python cannot be audited, so the manifest may ask for more because of fast"
        in outcome.err
    )
    assert "just that" not in outcome.out
    assert audit(commands)["not_audited"] == ["fast"]


def test_a_plugin_without_code_in_alas(commands: Commands) -> None:
    outcome = commands.plugin("audit", "std.io")
    assert (outcome.code, outcome.out.endswith(" has no code in ALaS, which alone can be audited\n")) == (
        0,
        True,
    )
    assert "because of print, println" in outcome.err


def test_plugins_that_cannot_be_audited(commands: Commands) -> None:
    commands.file("broken/plugin.json", b"{")
    outcome = commands.plugin("audit", "./broken")
    assert outcome.code == 3
    add(commands, run(returning(variable("y"))))
    outcome = commands.plugin("audit", "./tool")
    assert outcome.code == 3
    assert "error[unknown_variable]" in outcome.err
    assert "so that nobody can say what it needs" in outcome.err
    document = commands.plugin("audit", "./tool", "-format", "json").document
    assert document["error"]["code"] == "plugin_invalid"
    assert document["diagnostics"][0]["code"] == "unknown_variable"
    assert commands.plugin("audit", "nobody").code == 2
    assert commands.plugin("audit").code == 2


def test_texts_do_not_drive_the_terminal(commands: Commands) -> None:
    value = builtin("fs.readFile", literal("/a\x1b[31m"))
    add(commands, run(returning(value)), permissions={"filesystem": {"read": ["/b\x1b[31m"]}})
    outcome = commands.plugin("audit", "./tool")
    assert "\x1b" not in outcome.out + outcome.err
    assert "/a\\x1b[31m" in outcome.out
    assert "/b\\x1b[31m" in outcome.err
