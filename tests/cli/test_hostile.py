"""What is wrong, broken or meant to break: a message and an exit code each, never a traceback, never a hang."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .commands import Commands, command
from .programs import builtin, call, function, literal, module, returning, saying, variable

LOOP = module(
    function(
        "main",
        saying(literal("started")),
        {"type": "while", "cond": literal(value=True), "body": []},
    ),
    function("ask", returning(builtin("io.readLine"))),
    function(
        "talk",
        {"type": "while", "cond": literal(value=True), "body": [saying(literal("y" * 100))]},
    ),
)

TEXTS = [
    (b"", "json_syntax"),
    (b"{", "json_syntax"),
    (b'{"type": "module", "name": "a", "functions": [', "json_syntax"),
    (b'{"type": "module"} trailing', "json_syntax"),
    (b"\x00\x01\x02\xff\xfe", "json_syntax"),
    (b"\x7fELF\x02\x01\x01", "json_syntax"),
    (b'{"type": "module", "name": "\xff", "functions": []}', "json_syntax"),
    (b'{"type": "module", "name": "\\ud800", "functions": []}', "json_syntax"),
    (b"[" * 100_000, "json_too_deep"),
    (b'{"a":' * 100_000, "json_too_deep"),
    (b'{"type": "module", "type": "module", "name": "a", "functions": []}', "json_duplicate_key"),
    (b'{"type": "module", "name": "a", "functions": [], "meta": 1e999}', "number_out_of_range"),
    (
        b'{"type": "module", "name": "a", "functions": [], "meta": ' + b"9" * 5000 + b"}",
        "number_out_of_range",
    ),
    (b"[]", "wrong_kind"),
    (b'"text"', "wrong_kind"),
    (b"{}", "missing_key"),
    (b'{"type": "module", "name": "a\\u001b[31m", "functions": []}', "invalid_name"),
]


@pytest.mark.parametrize(("text", "code"), TEXTS, ids=[f"{code}-{text[:20]!r}" for text, code in TEXTS])
def test_texts_that_are_no_programs(commands: Commands, text: bytes, code: str) -> None:
    commands.file("bad.alas.json", text)
    documents = []
    for run in (commands.alas_run, commands.validate):
        outcome = run("bad.alas.json")
        assert (outcome.out, outcome.code) == ("", 3)
        assert f"error[{code}]" in outcome.err
        assert len(outcome.err) < 5000
        assert "\x1b" not in outcome.err
        document = run("-format", "json", "bad.alas.json")
        assert document.code == 3
        documents.append(document.document)
    assert documents[0] == documents[1]
    assert documents[0]["ok"] is False
    keys = ["code", "severity", "message", "file", "pointer", "line", "column", "help"]
    assert [list(finding) for finding in documents[0]["diagnostics"]] == [keys] * len(
        documents[0]["diagnostics"]
    )
    assert code in {finding["code"] for finding in documents[0]["diagnostics"]}
    # The same from standard input, where there is no file to name.
    outcome = commands.alas_run("-format", "json", "-", stdin=text)
    assert outcome.document["diagnostics"][0]["file"] is None
    assert (
        f"<standard input>:{outcome.document['diagnostics'][0]['line']}:" in commands.alas_run(stdin=text).err
    )


def test_all_findings_come_at_once(commands: Commands) -> None:
    body = [returning(variable("nothing")), saying(call("nowhere")), {"type": "loop"}]
    commands.file("bad.alas.json", module(function("main", *body), extra=1))
    document = commands.validate("-format", "json", "bad.alas.json").document
    codes = {(finding["code"], finding["severity"]) for finding in document["diagnostics"]}
    assert codes >= {("unknown_node", "error"), ("unknown_key", "warning")}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["absent.alas.json"], "there is no file 'absent.alas.json'"),
        (["lop.alas.json"], "did you mean 'loop.alas.json'?"),
        (["loop"], "did you mean 'loop.alas.json'?"),
        (["-file", "nowhere/loop.alas.json"], "did you mean 'loop.alas.json'?"),
        (["."], "the folder '.'"),
        (["\x1b[31m"], "expected a program"),
        (["-fil", "loop.alas.json"], "'-file'"),
        (["--unknown", "loop.alas.json"], "--unknown"),
        (["-format", "xml", "loop.alas.json"], "'xml'"),
        (["-max-depth", "0", "loop.alas.json"], "max-depth"),
        (["-max-steps", "many", "loop.alas.json"], "max-steps"),
        (["-seed", "-1", "loop.alas.json"], "seed"),
        (["-plugin-path", "absent", "loop.alas.json"], "-plugin-path: there is no folder 'absent'"),
        (["-module-path", "loop.alas.json", "loop.alas.json"], "-module-path: there is no folder"),
        (["-fn"], "-fn"),
    ],
    ids=str,
)
def test_wrong_usage(commands: Commands, line: list[str], message: str) -> None:
    commands.file("loop.alas.json", LOOP)
    outcome = commands.alas_run(*line)
    assert (outcome.out, outcome.code) == ("", 2)
    assert message in outcome.err
    assert "\x1b" not in outcome.err
    document = commands.alas_run("-format", "json", *line)
    assert document.code == 2
    assert document.out.count("\n") == 1


def test_without_a_program_the_help_is_shown(commands: Commands) -> None:
    # Standard input has to be a terminal, or it would be taken for the program.
    leader, follower = pty.openpty()
    for name in ("alas-run", "alas-validate"):
        done = subprocess.run(
            [command(name)],
            stdin=follower,
            capture_output=True,
            timeout=60,
            env=commands.environment,
            check=False,
        )
        assert done.returncode == 2
        assert b"Usage: " in done.stderr
    os.close(leader)
    os.close(follower)


def test_help_and_version(commands: Commands) -> None:
    for name in ("alas-run", "alas-validate"):
        for option in ("--help", "-help", "-h"):
            outcome = commands.run(name, option)
            assert outcome.code == 0
            for word in ("Examples:", "Exit codes:", "-plugin-path", "-format", "130"):
                assert word in outcome.out
        outcome = commands.run(name, "-version")
        assert (outcome.code, outcome.out.split()[0]) == (0, name)


def test_a_pipe_or_device_is_no_program(commands: Commands) -> None:
    os.mkfifo(commands.folder / "pipe.json")
    for name in ("pipe.json", "/dev/zero"):
        outcome = commands.alas_run("-file", name)
        assert (outcome.out, outcome.code) == ("", 2)
        assert "regular file" in outcome.err


def test_text_from_programs_cannot_drive_a_terminal(commands: Commands) -> None:
    evil = "\x1b[2J\x07\u202e"
    bad = module(
        function("main", returning(variable("x")), saying({"type": evil})), imports=[evil], name="evil"
    )
    commands.file(
        "evil.alas.json", json.dumps(bad, ensure_ascii=False, indent=2).replace("\\u001b", "\x1b").encode()
    )
    commands.file("evil2.alas.json", bad)
    for name in ("evil.alas.json", "evil2.alas.json"):
        for run in (commands.alas_run, commands.validate):
            outcome = run(name)
            assert outcome.code == 3
            assert not set(outcome.err) & set("\x1b\x07\u202e")
    # What a program prints is its own affair.
    commands.file("loud.alas.json", module(function("main", saying(literal("\x1b[1m")))))
    assert commands.alas_run("loud.alas.json").out == "\x1b[1m\n"


def test_a_long_line_is_cut(commands: Commands) -> None:
    commands.file(
        "minified.alas.json",
        json.dumps(
            module(function("main", *[saying(literal("x" * 50))] * 2000, returning(variable("oops"))))
        ).encode(),
    )
    outcome = commands.alas_run("minified.alas.json")
    assert "error[unknown_variable]" in outcome.err
    lines = outcome.err.splitlines()
    assert max(map(len, lines)) < 200
    marks = next(index for index, line in enumerate(lines) if "^" in line)
    column = lines[marks].index("^")
    assert lines[marks - 1][column] == "{" or "oops" in lines[marks - 1][column:]


@pytest.mark.parametrize("name", ["main", "ask"])
@pytest.mark.parametrize("output_format", ["text", "json"])
def test_control_c_stops_a_program(commands: Commands, name: str, output_format: str) -> None:
    commands.file("loop.alas.json", LOOP)
    process = commands.start("alas-run", "-fn", name, "-format", output_format, "loop.alas.json")
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    # Standard input stays open: a program that waits for a line has to stop all the same.
    assert process.wait(timeout=20) == 130
    out, err = process.stdout.read().decode(), process.stderr.read().decode()
    assert "Traceback" not in err
    if output_format == "json":
        assert json.loads(out)["error"]["code"] == "cancelled"
    else:
        assert "error[cancelled]" in err
        assert out == ("started\n" if name == "main" else "")


def test_a_broken_pipe_is_silent(commands: Commands) -> None:
    commands.file("loop.alas.json", LOOP)
    process = commands.start("alas-run", "-fn", "talk", "loop.alas.json")
    assert process.stdout.read(10) == b"y" * 10
    process.stdout.close()
    assert process.wait(timeout=20) in (-signal.SIGPIPE, 141)
    assert process.stderr.read() == b""


def test_a_full_disk_is_an_error(commands: Commands) -> None:
    commands.file("hello.alas.json", module(function("main", saying(literal("hello")))))
    with Path("/dev/full").open("wb") as full:
        process = commands.start("alas-run", "hello.alas.json", stdout=full)
        assert process.wait(timeout=20) == 1
    message = process.stderr.read().decode()
    assert "No space left" in message
    assert "Traceback" not in message


def test_closed_streams_do_no_harm(commands: Commands) -> None:
    commands.file(
        "hello.alas.json", module(function("main", saying(literal("hello")), saying(builtin("io.readLine"))))
    )
    line = f"{command('alas-run')} hello.alas.json <&- >&- 2>&-"
    assert subprocess.run(line, shell=True, cwd=commands.folder, timeout=60, check=False).returncode in (0, 1)


def test_a_deep_result_is_a_result_or_an_error(commands: Commands) -> None:
    for depth in (500, 100_000):
        deep = function(
            "main",
            {"type": "assign", "target": "a", "value": {"type": "array_literal", "elements": []}},
            {
                "type": "for",
                "init": {"type": "assign", "target": "i", "value": literal(0)},
                "cond": {"type": "binary", "op": "<", "left": variable("i"), "right": literal(depth)},
                "update": {
                    "type": "assign",
                    "target": "i",
                    "value": {"type": "binary", "op": "+", "left": variable("i"), "right": literal(1)},
                },
                "body": [
                    {
                        "type": "assign",
                        "target": "a",
                        "value": {"type": "array_literal", "elements": [variable("a")]},
                    }
                ],
            },
            returning(variable("a")),
            returns="any",
        )
        commands.file("deep.alas.json", module(deep))
        for output_format in ("text", "json"):
            outcome = commands.alas_run("-format", output_format, "deep.alas.json")
            if depth == 500:
                assert outcome.code == 0
                assert outcome.out.count("[") == depth + 1
            else:
                assert outcome.code in (0, 1)


def test_colours_are_for_terminals(commands: Commands) -> None:
    commands.file("bad.alas.json", b"{")
    for variables, is_coloured in [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]:
        leader, follower = pty.openpty()
        environment = commands.environment | {"TERM": "xterm-256color"} | variables
        process = commands.start("alas-run", "bad.alas.json", stderr=follower, env=environment)
        assert process.wait(timeout=20) == 3
        os.close(follower)
        text = os.read(leader, 100_000).decode()
        os.close(leader)
        assert ("\x1b[" in text) == is_coloured
        assert "json_syntax" in text
