"""The command, run as the process that others run."""

import json
import subprocess
import sys

import pytest

RIGHT = '{"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}}'
WARNED = RIGHT[:-1] + ', "authors": "Ada"}'


def run(*arguments, text=None):
    command = [sys.executable, "-m", "alas_manifest", *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plugin.json"
    path.write_text(RIGHT)
    return path


def test_right_file(file):
    done = run(file)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "0 errors, 0 warnings\n")


def test_broken_file(file):
    file.write_text(RIGHT.replace("1.0.0", "1.0"))
    done = run(file)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"{file}:1:26: error[invalid_version]: expected a semantic version")
    assert done.stderr.endswith("\n  help: did you mean `1.0.0`?\n1 error, 0 warnings\n")


def test_folder_is_checked_with_its_files(file):
    done = run(file.parent)
    assert done.returncode == 3
    assert "file_not_found" in done.stderr
    (file.parent / "a.alas.json").write_text('{"type": "module", "name": "a", "functions": []}')
    assert run(file.parent).returncode == 0


def test_several_files(file, tmp_path):
    done = run("--format", "json", file, tmp_path / "absent.json", file)
    assert done.returncode == 3
    assert [one["code"] for one in json.loads(done.stdout)["diagnostics"]] == ["file_not_found"]


def test_json_format(file):
    file.write_text(WARNED)
    done = run("--format", "json", file)
    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr, document["ok"]) == (0, "", True)
    finding = document["diagnostics"][0]
    assert list(finding) == ["code", "severity", "message", "file", "pointer", "line", "column", "help"]
    assert (finding["code"], finding["help"]) == ("unknown_field", "did you mean `author`?")


def test_strict(file):
    file.write_text(WARNED)
    assert run(file).returncode == 0
    assert run("--strict", file).returncode == 3


def test_standard_input():
    assert run("-", text=RIGHT).returncode == 0
    assert run("-", text="[").returncode == 3


def test_control_characters_do_not_reach_the_terminal(file):
    file.write_text(RIGHT.replace('"a"', '"\\u001b[31m"', 1))
    done = run(file)
    assert done.returncode == 3
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["--shape", "json", "x"], ["--format", "xml", "x"]])
def test_wrong_usage(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_help_shows_examples():
    done = run("--help")
    assert done.returncode == 0
    assert "examples:" in done.stdout
