"""`alas-plugin call`: a function of a plugin, called from the command line."""

from __future__ import annotations

import re
import signal

import pytest

from .commands import Commands
from .plugins import add_plugin, implementation, manifest
from .programs import binary, builtin, call, function, literal, module, returning, saying, variable

TYPES = [
    {"name": "Point", "kind": "struct", "fields": [{"name": "x", "type": "int"}]},
    {"name": "Size", "kind": "enum", "values": ["small", "large"]},
    {"name": "Count", "kind": "alias", "base_type": "int"},
]
KINDS = ["int", "float", "bool", "string", "array<int>", "map<any>", "any", "Point", "Size", "Count"]


def echo(kind: str) -> str:
    """The name of the function that returns a value of a type."""
    return f"give_{re.sub('[^a-z]', '', kind.lower())}"


@pytest.fixture
def shelf(commands: Commands) -> Commands:
    add_plugin(commands, "my-plugin")
    described = [
        {"name": echo(kind), "params": [{"name": "value", "type": kind}], "returns": kind} for kind in KINDS
    ]
    described += [
        {
            "name": "add",
            "params": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}],
            "returns": "int",
        },
        {"name": "fail", "returns": "int"},
        {"name": "greet", "returns": "void"},
        {"name": "turn", "returns": "void"},
        {"name": "ask", "returns": "string"},
    ]
    echoes = [
        function(echo(kind), returning(variable("value")), params=[("value", kind)], returns=kind)
        for kind in KINDS
    ]
    endless = {"type": "while", "cond": literal(value=True), "body": [saying(literal("turning"))]}
    program = module(
        *echoes,
        function(
            "add",
            returning(binary("+", variable("a"), variable("b"))),
            params=[("a", "int"), ("b", "int")],
            returns="int",
        ),
        function("fail", returning(binary("/", literal(1), literal(0))), returns="int"),
        function("greet", saying(literal("hello"))),
        function("turn", endless),
        function("ask", returning(builtin("io.readLine")), returns="string"),
        name="tools",
        exports=[one["name"] for one in described],
    )
    program["types"] = [
        {"name": "Point", "definition": {"kind": "struct", "fields": [{"name": "x", "type": "int"}]}},
        {"name": "Size", "definition": {"kind": "enum", "values": ["small", "large"]}},
        {"name": "Count", "definition": {"kind": "alias", "type": "int"}},
    ]
    commands.file(
        "plugins/tools/plugin.json",
        manifest("tools", functions=described, types=TYPES, capabilities=["function", "type", "io"]),
    )
    commands.file("plugins/tools/tools.alas.json", program)
    return commands


@pytest.mark.parametrize(
    "target",
    [
        "my-plugin.process",
        "my_plugin.process",
        "MY-PLUGIN.process",
        "plugins/my-plugin.process",
        "./plugins/my-plugin/plugin.json.process",
    ],
)
def test_a_plugin_has_several_names(shelf: Commands, target: str) -> None:
    outcome = shelf.plugin("call", target, "data")
    assert (outcome.code, outcome.out, outcome.err) == (0, "Processed: data\n", "")


@pytest.mark.parametrize(
    ("kind", "word", "text", "document"),
    [
        ("int", "-7", "-7", "-7"),
        ("float", "2", "2", "2.0"),
        ("bool", "true", "true", "true"),
        ("string", "5", "5", '"5"'),
        ("array<int>", "[1, 2]", "[1, 2]", "[1, 2]"),
        ("map<any>", '{"a": [true]}', '{"a": [true]}', '{"a": [true]}'),
        ("any", "some text", "some text", '"some text"'),
        ("any", "[1", "[1", '"[1"'),
        ("any", '"5"', "5", '"5"'),
        ("Point", '{"x": 1}', '{"x": 1}', '{"x": 1}'),
        ("Size", "large", "large", '"large"'),
        ("Count", "3", "3", "3"),
    ],
)
def test_arguments_are_read_by_type(shelf: Commands, kind: str, word: str, text: str, document: str) -> None:
    assert shelf.plugin("call", f"tools.{echo(kind)}", "--", word).out == f"{text}\n"
    exact = shelf.plugin("call", "-format", "json", f"tools.{echo(kind)}", "--", word)
    assert exact.out == f'{{"ok": true, "result": {document}}}\n'


def test_what_is_advised_is_something_that_the_command_has(shelf: Commands) -> None:
    add_plugin(shelf, "deep")
    endless = function("process", returning(call("process", variable("data"))), params=[("data", "string")])
    shelf.file(
        "plugins/deep/deep.alas.json",
        module(endless | {"returns": "string"}, name="deep", exports=["process"]),
    )
    error = shelf.plugin("call", "deep.process", "data").err
    assert "error[call_depth_exceeded]" in error
    assert "help: end the recursion earlier, or use a loop\n" in error


def test_arguments_from_standard_input(shelf: Commands) -> None:
    assert shelf.plugin("call", "tools.add", "-", stdin="[3, -4]").out == "-1\n"
    assert shelf.plugin("call", "tools.add", "3", "-4").out == "-1\n"
    assert shelf.plugin("call", "tools.ask", stdin="a line\n").out == "a line\n"


@pytest.mark.parametrize(
    ("words", "stdin", "code", "message"),
    [
        (["tools.ad", "1"], "", 2, "plugin `tools` has no function `ad`; did you mean `add`?"),
        (["tools.zzz"], "", 2, "it has: give_int, "),
        (["tols.add", "1", "2"], "", 2, "there is no plugin `tols`"),
        (["tools"], "", 2, "the plugin `tools` has the functions: give_int, "),
        (["tools."], "", 2, "the plugin `tools` has the functions: give_int, "),
        (["x"], "", 2, "expected PLUGIN.FUNCTION, such as my-plugin.process, found 'x'"),
        ([], "", 2, "expected PLUGIN.FUNCTION"),
        (["nowhere/tools.add"], "", 2, "there is no folder 'nowhere/tools'"),
        (["tools.add", "1"], "", 2, "add takes 2 arguments (a: int, b: int), but 1 was given"),
        (["tools.give_arrayint", "1", "2", "3"], "", 2, "in quotation marks: '[1, 2, 3]'"),
        (["tools.give_arrayint", "[1,", "2]"], "", 2, "in quotation marks: '[1, 2]'"),
        (["tools.add", "{1:", "2}", "3"], "", 2, "add takes 2 arguments (a: int, b: int), but 3 were given"),
        (["tools.add", "1", "x"], "", 2, "the argument for the parameter 'b' has to be of the type int"),
        (["tools.give_arrayint", '["a"]'], "", 2, "expected int, found the text `a`"),
        (["tools.give_size", "huge"], "", 2, "small"),
        (["tools.add", "-"], "[1", 2, "standard input: expected JSON"),
        (["tools.add", "-"], "{}", 2, "standard input: expected the arguments as a JSON array"),
        (["tools.add", "-"], "[1]", 2, "takes 2 arguments, but 1 was given"),
        (["tools.add", "-"], '[1, "x"]', 2, "the argument for `b` does not fit: expected int"),
        (["tools.fail"], "", 1, "error[division_by_zero]"),
        (["tools.add", "1", "2", "-tim"], "", 2, "there is no option '-tim'; did you mean '-time'?"),
    ],
)  # fmt: skip
def test_mistakes(shelf: Commands, words: list[str], stdin: str, code: int, message: str) -> None:
    outcome = shelf.plugin("call", *words, stdin=stdin)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err
    document = shelf.plugin("call", "-format", "json", *words, stdin=stdin)
    assert (document.code, document.err) == (code, "")
    assert document.document["ok"] is False
    assert message.partition("error[")[2].rstrip("]") or document.document["error"]["message"]


def test_failures_show_the_place_in_the_plugin(shelf: Commands) -> None:
    outcome = shelf.plugin("call", "tools.fail")
    assert "plugins/tools/tools.alas.json:" in outcome.err
    assert "in: tools.fail, line " in outcome.err
    error = shelf.plugin("call", "-format", "json", "tools.fail").document["error"]
    assert (error["code"], error["module"], error["function"]) == ("division_by_zero", "tools", "fail")


def test_void_and_output(shelf: Commands) -> None:
    outcome = shelf.plugin("call", "tools.greet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "hello\n", "")
    outcome = shelf.plugin("call", "-format", "json", "tools.greet")
    assert (outcome.document, outcome.err) == ({"ok": True, "result": None}, "hello\n")


def test_times(shelf: Commands) -> None:
    outcome = shelf.plugin("call", "-time", "tools.add", "1", "2")
    assert outcome.out == "3\n"
    assert re.fullmatch(r"loaded in \d+\.\d ms, called in \d+\.\d{3} ms\n", outcome.err)
    document = shelf.plugin("call", "-time", "-format", "json", "tools.add", "1", "2").document
    assert set(document["milliseconds"]) == {"load", "call"}


def test_a_manifest_without_functions(shelf: Commands) -> None:
    described = manifest("bare", capabilities=["function"])
    del described["functions"]
    shelf.file("plugins/bare/plugin.json", described)
    shelf.file(
        "plugins/bare/bare.alas.json", implementation("bare", function("hidden")) | {"exports": ["process"]}
    )
    # The parameter's type is that of the module, so the argument stays text.
    assert shelf.plugin("call", "bare.process", "5").out == "Processed: 5\n"
    assert "did you mean `process`?" in shelf.plugin("call", "bare.proc", "5").err


def test_plugins_that_cannot_be_loaded(shelf: Commands) -> None:
    add_plugin(shelf, "needy", dependencies=["absent"])
    shelf.file("plugins/broken/plugin.json", {"name": "broken"})
    add_plugin(shelf, "native", type="native", implementation={"language": "c", "binaries": ["n.so"]})
    shelf.file("plugins/native/n.so", b"")
    for name, message in (
        ("needy", "error[dependency_not_found]"),
        ("broken", "error[missing_field]"),
        ("native", "n.so is an empty file, and no shared library"),
    ):
        outcome = shelf.plugin("call", f"{name}.process", "x")
        assert (outcome.code, outcome.out) == (3, "")
        assert message in outcome.err
        assert shelf.plugin("call", "-format", "json", f"{name}.process", "x").document["ok"] is False


def test_shadowed_plugins_are_not_taken_for_others(shelf: Commands) -> None:
    add_plugin(shelf, "my-plugin", parent="more", version="2.0.0")
    outcome = shelf.plugin("call", "plugins/my-plugin.process", "x", "-plugin-path", "more")
    assert (outcome.code, "error[plugin_shadowed]" in outcome.err) == (3, True)
    outcome = shelf.plugin("call", "plugins/my-plugin.process", "x", "-plugin-path", "plugins/my-plugin")
    assert outcome.out == "Processed: x\n"


def test_interrupts_stop_the_function(shelf: Commands) -> None:
    process = shelf.start("alas-plugin", "call", "tools.turn")
    assert process.stdout is not None
    assert process.stdout.read(8) == b"turning\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err
