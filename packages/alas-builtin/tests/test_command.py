"""`python -m alas_builtin` as a process, and its parts."""

import json
import subprocess
import sys
import textwrap

import pytest

from alas_builtin._command import main

GREETER = textwrap.dedent("""
    from alas_builtin import BuiltinPlugin

    plugin = BuiltinPlugin("greeter", version="1.0.0")
    other = BuiltinPlugin("other", version="1.0.0")

    @plugin.function
    def greet(name: str) -> str:
        "Greet somebody."
        return f"Hello, {name}!"
""")


@pytest.fixture
def greeter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "greeter.py"
    file.write_text(GREETER)
    return file


def test_as_a_process(greeter):
    done = subprocess.run(
        [sys.executable, "-m", "alas_builtin", "greeter"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["functions"][0]["description"] == "Greet somebody."


@pytest.mark.parametrize("source", ["greeter.py", "greeter.py:plugin", "greeter.py:other"])
def test_printing(greeter, capsys, source):
    assert main([source]) == 0
    name = "other" if source.endswith("other") else "greeter"
    assert json.loads(capsys.readouterr().out)["name"] == name


def test_writing_and_checking(greeter, capsys):
    assert main(["greeter.py", "--check", "plugin.json"]) == 1
    assert (
        "plugin.json cannot be read: No such file or directory; write it by --write"
        in capsys.readouterr().err
    )
    assert main(["greeter.py", "--write", "plugin.json"]) == 0
    assert main(["greeter.py", "--check", "plugin.json"]) == 0
    assert capsys.readouterr() == ("", "")
    greeter.write_text(GREETER.replace("name: str", "name: int"))
    assert main(["greeter.py", "--check", "plugin.json"]) == 1
    out, err = capsys.readouterr()
    assert '-          "type": "string"\n+          "type": "int"' in out
    assert err == "plugin.json is not the manifest of the functions; write it by --write plugin.json\n"
    assert main(["greeter.py", "--write", "absent/plugin.json"]) == 1
    assert "absent/plugin.json cannot be written" in capsys.readouterr().err


def test_checking_compares_what_is_meant(greeter, capsys):
    assert main(["greeter.py", "--write", "plugin.json"]) == 0
    manifest = greeter.parent / "plugin.json"
    document = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(dict(reversed(document.items())) | {"alas_version": ">=0.1.0"}, indent=1))
    assert main(["greeter.py", "--check", "plugin.json"]) == 0
    manifest.write_text(json.dumps(document | {"version": "1.0.1"}))
    assert main(["greeter.py", "--check", "plugin.json"]) == 1
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line[0] in "+-"][2:] == [
        '-  "version": "1.0.1",',
        '+  "version": "1.0.0",',
    ]
    manifest.write_text("{")
    assert main(["greeter.py", "--check", "plugin.json"]) == 1


@pytest.mark.parametrize(
    ("text", "argument", "code", "message"),
    [
        ("1 / 0\n", "greeter.py", 1, "greeter.py:1: "),
        (GREETER, "absent_greeter", 1, "install what provides `absent_greeter`"),
        (GREETER, "greeter.py:plug", 1, "did you mean `plugin`?"),
        (GREETER + "\n@plugin.function\ndef f(x: set): ...\n", "greeter.py", 3, "a set has no order"),
        (GREETER + "\nplugin.function(name='int')(greet)\nimport enum\n@plugin.type\nclass int(enum.StrEnum):\n    A = 'a'\n", "greeter.py", 3, "would have a wrong manifest"),
    ],
)  # fmt: skip
def test_what_can_go_wrong(greeter, text, argument, code, message):
    greeter.write_text(text)
    command = [sys.executable, "-m", "alas_builtin", argument]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["a", "--write", "x", "--check", "y"], ["a", "--what"]])
def test_command_lines_that_are_wrong(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
