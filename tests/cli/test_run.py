"""`alas-run`: which program, which function, which arguments, and what comes out."""

from __future__ import annotations

import json
import os
import pty
import signal

import pytest

from .commands import Commands, command
from .plugins import manifest
from .programs import binary, builtin, call, function, literal, module, returning, saying, variable

KINDS = [
    ("i", "int"),
    ("f", "float"),
    ("b", "bool"),
    ("s", "string"),
    ("a", "array<float>"),
    ("m", "map"),
    ("x", "any"),
    ("size", "Size"),
    ("point", "Point"),
    ("count", "Count"),
]
TYPES = [
    {"name": "Size", "definition": {"kind": "enum", "values": ["small", "large"]}},
    {"name": "Point", "definition": {"kind": "struct", "fields": [{"name": "x", "type": "int"}]}},
    {"name": "Number", "definition": {"kind": "alias", "type": "int"}},
    {"name": "Count", "definition": {"kind": "alias", "type": "Number"}},
]
SHOP = module(
    function("main", saying(literal("main ran"))),
    function(
        "add",
        returning(binary("+", variable("a"), variable("b"))),
        params=[("a", "int"), ("b", "int")],
        returns="int",
    ),
    *(function(f"give_{name}", returning(variable(name)), params=[(name, kind)]) for name, kind in KINDS),
    function("nothing", returns="void"),
    function("fail", saying(literal("before")), returning(binary("/", literal(1), literal(0)))),
    function("ask", returning(builtin("io.readLine"))),
    function("home", returning(builtin("env.get", literal("SHOP_NAME"), literal("unset")))),
    function("dice", returning(builtin("math.randomInt", literal(1), literal(1_000_000_000)))),
    types=TYPES,
)


@pytest.fixture
def shop(commands: Commands) -> Commands:
    commands.file("shop.alas.json", SHOP)
    return commands


@pytest.mark.parametrize(
    "line",
    [
        ["shop.alas.json"],
        ["-file", "shop.alas.json"],
        ["--file", "shop.alas.json"],
        ["-file=shop.alas.json"],
        ["--file=shop.alas.json"],
        ["-fn", "main", "shop.alas.json"],
        ["shop.alas.json", "-fn", "main"],
        ["shop.alas.json", "--fn=main", "-format", "text"],
        ["-max-depth", "10", "--max-steps=1000", "-seed", "7", "shop.alas.json"],
        ["-module-path", ".", "--plugin-path=.", "shop.alas.json"],
    ],
    ids=" ".join,
)
def test_ways_to_name_a_program(shop, line):
    outcome = shop.alas_run(*line)
    assert (outcome.out, outcome.err, outcome.code) == ("main ran\n", "", 0)


@pytest.mark.parametrize("line", [[], ["-"], ["-file", "-"]], ids=["nothing", "dash", "file dash"])
def test_the_program_from_standard_input(shop, line):
    outcome = shop.alas_run(*line, stdin=(shop.folder / "shop.alas.json").read_bytes())
    assert (outcome.out, outcome.code) == ("main ran\n", 0)


@pytest.mark.parametrize(
    "line",
    [
        ["shop.alas.json", "-fn", "add", "3", "-4"],
        ["-fn", "add", "-file", "shop.alas.json", "3", "-4"],
        ["-fn=add", "shop.alas.json", "--", "3", "-4"],
        ["-file", "shop.alas.json", "-fn", "add", "--", "3", "-4"],
    ],
    ids=" ".join,
)
def test_ways_to_give_arguments(shop, line):
    assert shop.alas_run(*line).out == "-1\n"


@pytest.mark.parametrize(
    ("name", "word", "text", "document"),
    [
        ("i", "42", "42", "42"),
        ("i", "-9223372036854775808", "-9223372036854775808", "-9223372036854775808"),
        ("i", "+7", "7", "7"),
        ("f", "4", "4", "4.0"),
        ("f", "1e21", "1e+21", "1e+21"),
        ("f", "-0.5", "-0.5", "-0.5"),
        ("f", "NaN", "NaN", '"NaN"'),
        ("f", "-Infinity", "-Infinity", '"-Infinity"'),
        ("b", "true", "true", "true"),
        ("b", "false", "false", "false"),
        ("s", "", "", '""'),
        ("s", "42", "42", '"42"'),
        ("s", "naïve ☕", "naïve ☕", '"na\\u00efve \\u2615"'),
        ("a", "[1, 2.5]", "[1, 2.5]", "[1.0, 2.5]"),
        ("a", "[]", "[]", "[]"),
        ("m", '{"b": 1, "a": [null, true]}', '{"b": 1, "a": [null, true]}', '{"b": 1, "a": [null, true]}'),
        ("x", "5", "5", "5"),
        ("x", "5.0", "5", "5.0"),
        ("x", '"5"', "5", '"5"'),
        ("x", "some text", "some text", '"some text"'),
        ("x", "[1", "[1", '"[1"'),
        ("x", "null", "", "null"),
        ("size", "large", "large", '"large"'),
        ("point", '{"x": 1}', '{"x": 1}', '{"x": 1}'),
        ("count", "3", "3", "3"),
    ],
)
def test_arguments_and_results(shop, name, word, text, document):
    shown = shop.alas_run("-fn", f"give_{name}", "shop.alas.json", "--", word)
    # Void prints nothing at all.
    assert (shown.out, shown.err, shown.code) == ("" if word == "null" else f"{text}\n", "", 0)
    exact = shop.alas_run("-format", "json", "-fn", f"give_{name}", "shop.alas.json", "--", word)
    assert (exact.out, exact.err, exact.code) == (f'{{"ok": true, "result": {document}}}\n', "", 0)


def test_void_prints_nothing(shop):
    assert shop.alas_run("shop.alas.json", "-fn", "nothing").out == ""
    assert shop.alas_run("shop.alas.json", "-fn", "nothing", "-format", "json").document == {
        "ok": True,
        "result": None,
    }


@pytest.mark.parametrize(
    ("name", "words", "messages"),
    [
        ("give_i", ["many"], ["'i'", "int", "'many'"]),
        ("give_i", ["1.0"], ["'i'", "int"]),
        ("give_i", ["9223372036854775808"], ["'i'", "9223372036854775807"]),
        ("give_i", ["9" * 6000], ["'i'", "9223372036854775807"]),
        ("give_f", ["1_0"], ["'f'", "float"]),
        ("give_b", ["yes"], ["'b'", "bool", "true or false"]),
        ("give_a", ["1,2"], ["'a'", "array<float>", "JSON"]),
        ("give_a", ['{"a": 1}'], ["'a'", "JSON array"]),
        ("give_a", ["[" * 5000], ["'a'", "array<float>"]),
        ("give_a", ["[NaN]"], ["'a'", "NaN"]),
        ("give_m", ["[1]"], ["'m'", "map", "JSON object"]),
        ("give_point", ["1"], ["'point'", "Point"]),
        ("give_count", ["x"], ["'count'", "int"]),
        ("give_a", ['[1, "b"]'], ["'a'", "array<float>", "element 1: expected `float`, found a string"]),
        ("give_size", ["huge"], ["'size'", "Size", "`small`, `large`"]),
        ("give_point", ['{"y": 1}'], ["'point'", "Point", "undeclared field `y`"]),
        ("give_point", ['{"x": "1"}'], ["'point'", "Point", "field `x`: expected `int`"]),
        ("give_s", ["\udcff"], ["'s'", "string", "UTF-8"]),
        ("give_m", ['{"a": 1, "a": 2}'], ["'m'", "map", "the key `a` twice"]),
        ("give_a", ["[" * 513 + "]" * 513], ["'a'", "array<float>", "nest more than 512 deep"]),
        ("give_a", ["[1e999]"], ["'a'", "the float 1e999 is too large"]),
        # What others take for JSON was not meant as text.
        ("give_x", ['{"a": 1, "a": 2}'], ["'x'", "any", "the key `a` twice"]),
        ("give_x", ["9223372036854775808"], ["'x'", "does not fit 64 bits"]),
        ("give_x", ["1e999"], ["'x'", "the float 1e999 is too large"]),
        ("give_x", ["[" * 600 + "]" * 600], ["'x'", "nest more than 512 deep"]),
        ("give_x", ['"\\ud800"'], ["'x'", "half of a surrogate pair"]),
        ("add", ["1"], ["add takes 2 arguments", "a: int, b: int", "1 was given"]),
        ("main", ["1"], ["main takes 0 arguments", "1 was given"]),
        ("ad", [], ["no function 'ad'", "'add'"]),
        ("zzz", [], ["no function 'zzz'", "give_i"]),
    ],
)
def test_arguments_that_do_not_fit(shop, name, words, messages):
    outcome = shop.alas_run("-fn", name, "shop.alas.json", "--", *words)
    assert (outcome.out, outcome.code) == ("", 2)
    for message in messages:
        assert message in outcome.err
    document = shop.alas_run("-format", "json", "-fn", name, "shop.alas.json", "--", *words).document
    assert (document["ok"], document["error"]["code"]) == (False, "usage")


def test_a_failure_shows_its_place(shop):
    outcome = shop.alas_run("shop.alas.json", "-fn", "fail")
    assert (outcome.out, outcome.code) == ("before\n", 1)
    first, *rest = outcome.err.splitlines()
    assert first.startswith("shop.alas.json:")
    assert "error[division_by_zero]: " in first
    assert any("^" in line for line in rest)
    assert any(line.strip() == "at: /functions/13/body/1/value" for line in rest)
    assert any(line.strip().startswith("in: program.fail, line ") for line in rest)
    assert any(line.strip().startswith("help: ") for line in rest)
    assert "\x1b" not in outcome.err


def test_the_document_of_a_failure(shop):
    outcome = shop.alas_run("shop.alas.json", "-fn", "fail", "-format", "json")
    assert (outcome.err, outcome.code) == ("before\n", 1)
    document = outcome.document
    assert list(document) == ["ok", "error"]
    error = document["error"]
    keys = ["code", "message", "file", "pointer", "line", "column", "module", "function", "stack"]
    assert list(error) == keys
    assert (error["code"], error["file"], error["pointer"]) == (
        *("division_by_zero", "shop.alas.json", "/functions/13/body/1/value"),
    )
    assert (error["module"], error["function"]) == ("program", "fail")
    lines = (shop.folder / "shop.alas.json").read_text().splitlines()
    assert lines[error["line"] - 1][error["column"] - 1] == "{"
    assert [list(frame) for frame in error["stack"]] == [["module", "function", "pointer", "line", "column"]]


def test_lines_from_standard_input(shop):
    for stdin, out in [("tea\nmilk\n", "tea\n"), ("tea\r\n", "tea\n"), ("tea", "tea\n"), ("", "\n")]:
        assert shop.alas_run("shop.alas.json", "-fn", "ask", stdin=stdin).out == out
    # What is no text is replaced, not a crash.
    assert shop.alas_run("shop.alas.json", "-fn", "ask", stdin=b"\xff\n").out == "\ufffd\n"


def test_waiting_for_a_line_takes_no_longer_than_the_program_may(shop):
    options = ["-fn", "ask", "-timeout", "100ms", "-format", "json"]
    process = shop.start("alas-run", "shop.alas.json", *options)
    assert json.loads(process.stdout.read())["error"]["code"] == "timeout"


def test_without_standard_input_there_are_no_lines(shop):
    script = f'exec "{command("alas-run")}" shop.alas.json -fn ask <&-'
    assert shop.run("sh", "-c", script).out == "\n"


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ([], "unset"),
        (["--allow-env"], "Corner"),
        (["--allow-env=SHOP_NAME"], "Corner"),
        (["-allow-env=SHOP_NAME", "-allow-env=HOME"], "Corner"),
        (["--allow-env=HOME"], "unset"),
        (["--allow-env=ABSENT"], "unset"),
    ],
    ids=str,
)
def test_the_environment_is_seen_only_when_allowed(shop, options, name):
    outcome = shop.alas_run(*options, "shop.alas.json", "-fn", "home", SHOP_NAME="Corner")
    assert (outcome.out, outcome.code) == (f"{name}\n", 0)


def test_a_name_behind_the_option_for_the_environment_is_explained(shop):
    outcome = shop.alas_run("-allow-env", "HOME", "shop.alas.json")
    assert outcome.code == 2
    assert "-allow-env=HOME" in outcome.err


BEHIND = "; what is meant for the program goes behind '--'\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("shop.alas.json -count 3", "there is no option '-count'" + BEHIND),
        ("shop.alas.json --fnn", "there is no option '--fnn'; did you mean '-fn'?" + BEHIND),
        ("shop.alas.json -v", "or '-plugin-debug' to be told more?" + BEHIND),
        ("-fn main - -q", "there is no option '-q'" + BEHIND),
        ("-file=shop.alas.json -q", "there is no option '-q'" + BEHIND),
        (
            "-max-recursion 9 shop.alas.json",
            "there is no option '-max-recursion'; did you mean '-max-depth'?\n",
        ),
        ("-max-cpu 9 shop.alas.json", "there is no option '-max-cpu'\n"),
        ("-fn main -q shop.alas.json", "there is no option '-q'\n"),
        ("-allow-read -fnn main shop.alas.json", "there is no option '-fnn'; did you mean '-fn'?\n"),
    ],
)
def test_unknown_options_are_explained(shop, line, message):
    outcome = shop.alas_run(*line.split())
    assert (outcome.out, outcome.code) == ("", 2)
    assert message in outcome.err


def test_options_are_taken_anywhere_before_two_dashes(shop):
    line = ["-fn", "give_s", "shop.alas.json"]
    assert shop.alas_run(*line, "-allow-all").code == 2
    assert shop.alas_run(*line, "--", "-allow-all").out == "-allow-all\n"


@pytest.mark.parametrize(
    ("line", "code", "advice"),
    [
        (
            "-allow-read data -fn main shop.alas.json",
            2,
            "the folder 'data'; what is allowed is named by -allow-read=data\n",
        ),
        ("-allow-write data shop.alas.json", 2, "-allow-write=data\n"),
        ("-allow-read absent.json shop.alas.json", 2, "-allow-read=absent.json\n"),
        ("-allow-run ls shop.alas.json", 2, "-allow-run=ls\n"),
        (
            "-allow-read data/text shop.alas.json",
            3,
            "note: 'data/text' was taken for the program; what is allowed is named by -allow-read=data/text\n",
        ),
        ("-allow-read data/list.json shop.alas.json", 3, "-allow-read=data/list.json\n"),
        ("-allow-read data/list.json", 3, None),
        ("-allow-read absent.json", 2, None),
        ("-allow-read -file data shop.alas.json", 2, None),
        ("-allow-read=. data shop.alas.json", 2, None),
    ],
)
def test_a_value_behind_a_space_is_explained(shop, line, code, advice):
    shop.file("data/text", b"some text")
    shop.file("data/list.json", [1, 2])
    outcome = shop.alas_run(*line.split())
    assert (outcome.out, outcome.code) == ("", code)
    assert advice in outcome.err if advice is not None else "is named by" not in outcome.err


def test_a_program_that_fails_on_its_own_is_no_wrong_usage(shop):
    bad = function("main", returning(builtin("type.toInt", literal("x"))))
    shop.file("bad.alas.json", module(bad, name="bad"))
    assert shop.alas_run("bad.alas.json").code == 1


def test_a_seed_makes_random_numbers_the_same(shop):
    runs = [shop.alas_run("-seed", seed, "shop.alas.json", "-fn", "dice").out for seed in ("1", "1", "2")]
    assert runs[0] == runs[1] != runs[2]


RECURSION = [returning(call("main"))]
LOOP = [{"type": "while", "cond": literal(True), "body": []}]
DOUBLING = [
    {"type": "assign", "target": "s", "value": literal("ab")},
    {
        "type": "while",
        "cond": literal(True),
        "body": [{"type": "assign", "target": "s", "value": binary("+", variable("s"), variable("s"))}],
    },
]


@pytest.mark.parametrize(
    ("options", "body", "code"),
    [
        (["-max-depth", "50"], RECURSION, "call_depth_exceeded"),
        (["-max-steps", "500"], RECURSION, "step_limit_exceeded"),
        (["-timeout", "100ms"], LOOP, "timeout"),
        (["-max-memory", "1MB"], DOUBLING, "memory_limit_exceeded"),
        ([], DOUBLING, "memory_limit_exceeded"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_limits(commands, options, body, code):
    commands.file("endless.alas.json", module(function("main", *body)))
    outcome = commands.alas_run("-format", "json", *options, "endless.alas.json")
    assert (outcome.code, outcome.document["error"]["code"]) == (1, code)
    assert f"error[{code}]" in commands.alas_run(*options, "endless.alas.json").err


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [("-timeout", "5", "a duration such as"), ("-max-memory", "much", "a size such as")],
)
def test_limits_have_units(commands, option, value, expected):
    commands.file("endless.alas.json", module(function("main", *LOOP)))
    outcome = commands.alas_run(option, value, "endless.alas.json")
    assert outcome.code == 2
    assert f"{option}: expected {expected}" in outcome.err


def test_imports_come_from_beside_the_file_and_from_the_module_path(commands):
    library = module(function("one", returning(literal(1))), name="lib", exports=["one"])
    uses = module(
        function("main", returning({"type": "module_call", "module": "lib", "name": "one", "args": []})),
        imports=["lib"],
    )
    commands.file("beside/uses.alas.json", uses)
    assert commands.alas_run("beside/uses.alas.json").code == 3
    commands.file("other/lib.alas.json", library)
    assert commands.alas_run("-module-path", "other", "beside/uses.alas.json").out == "1\n"
    commands.file("beside/lib.alas.json", library)
    assert commands.alas_run("beside/uses.alas.json").out == "1\n"
    # The same text twice is one module; another text under the same name is not.
    assert commands.alas_run("-module-path", "other", "beside/uses.alas.json").out == "1\n"
    commands.file("other/lib.alas.json", library | {"exports": []})
    outcome = commands.alas_run("-module-path", "other", "beside/uses.alas.json")
    assert outcome.code == 3
    assert "error[duplicate_name]" in outcome.err
    assert "beside/lib.alas.json" in outcome.err
    assert "other/lib.alas.json" in outcome.err
    # A program from standard input imports from where it is run.
    commands.file("lib.alas.json", library)
    text = (commands.folder / "beside/uses.alas.json").read_bytes()
    assert commands.alas_run("-", stdin=text).out == "1\n"


def test_a_warning_does_not_stop_a_program(commands):
    commands.file("odd.alas.json", module(function("main", saying(literal("ran"))), extra=[]))
    outcome = commands.alas_run("odd.alas.json")
    assert (outcome.out, outcome.code) == ("ran\n", 0)
    assert "warning[unknown_key]" in outcome.err


def test_a_terminal_shows_each_line_at_once(shop):
    leader, follower = pty.openpty()
    endless = {"type": "while", "cond": literal(value=True), "body": []}
    shop.file(
        "slow.alas.json", module(function("main", saying(literal("one")), saying(literal("two")), endless))
    )
    process = shop.start("alas-run", "slow.alas.json", stdout=follower)
    shown = b""
    while b"two" not in shown:
        shown += os.read(leader, 1000)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    os.close(leader)
    os.close(follower)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (builtin("env.get", literal("HOME")), "-allow-env=NAME"),
        (builtin("plugin.config", literal("greeting")), "`implementation.config`"),
        (builtin("map.get", {"type": "map_literal", "pairs": []}, literal("k")), "`map.contains`"),
        (builtin("result.getValue", builtin("result.error", literal("bad"))), "`result.isOk`"),
        (builtin("result.getError", builtin("result.ok", literal(1))), "`result.isError`"),
    ],
    ids=lambda value: value["name"] if isinstance(value, dict) else "",
)
def test_the_help_is_about_what_failed(commands, value, advice):
    commands.file("failing.alas.json", module(function("main", returning(value))))
    helped = [line for line in commands.alas_run("failing.alas.json").err.splitlines() if "help: " in line]
    assert len(helped) == 1
    assert advice in helped[0]
    assert ("-allow-env" in helped[0]) == (value["name"] == "env.get")


def test_a_manifest_is_no_program(commands: Commands) -> None:
    commands.file("tool/plugin.json", manifest("tool"))
    outcome = commands.alas_run("tool/plugin.json")
    assert (outcome.code, outcome.out) == (2, "")
    assert "expected a program, found the manifest of a plugin, 'tool/plugin.json'" in outcome.err
    assert "alas-plugin info tool" in outcome.err
    outcome = commands.alas_run("-", stdin=json.dumps(manifest("tool")))
    assert (outcome.code, "found the manifest of a plugin" in outcome.err) == (2, True)
