"""The command, run as the process that others run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alas_manifest import schema_text
from alas_manifest._command import main

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


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--strict"],
        ["--shape", "json", "x"],
        ["--format", "xml", "x"],
        ["--schema", "x"],
        ["--schema", "plugin", "x"],
    ],
)
def test_wrong_usage(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_help_shows_examples():
    done = run("--help")
    assert done.returncode == 0
    assert "examples:" in done.stdout


def test_folder_of_plugins(file, tmp_path):
    for name in ("b", "a", "no-plugin"):
        (tmp_path / "plugins" / name).mkdir(parents=True)
    (tmp_path / "plugins" / "a" / "plugin.json").write_text("[]")
    (tmp_path / "plugins" / "b" / "plugin.json").write_text("{")
    findings = json.loads(run("--format", "json", tmp_path / "plugins").stdout)["diagnostics"]
    places = [Path(finding["file"]).relative_to(tmp_path).as_posix() for finding in findings]
    assert places == ["plugins/a/plugin.json", "plugins/b/plugin.json"]


def test_folder_of_plugins_with_one_that_cannot_be_read(tmp_path, monkeypatch, capsys):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plugin.json").write_text("[]")
    (tmp_path / "loop").symlink_to("loop")
    real_lstat, real_open = os.lstat, os.open

    # The superuser, as whom tests may run, is barred from nothing.
    def barred(call):
        def guarded(path, *arguments, **keywords):
            if os.fspath(path) == str(tmp_path / "a" / "plugin.json"):
                raise PermissionError(13, "Permission denied")
            return call(path, *arguments, **keywords)

        return guarded

    monkeypatch.setattr("os.lstat", barred(real_lstat))
    monkeypatch.setattr("os.open", barred(real_open))
    assert main(["--format", "json", str(tmp_path)]) == 3
    findings = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [(Path(one["file"]).parent.name, one["code"]) for one in findings] == [
        ("a", "io_error"),
        ("b", "wrong_kind"),
    ]


def test_folder_without_plugins(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 3
    assert f"{tmp_path}/plugin.json:1:1: error[file_not_found]" in done.stderr


def test_github_format(file):
    file.write_text(WARNED.replace("1.0.0", "1.0"))
    done = run("--format", "github", file)
    lines = done.stdout.splitlines()
    assert done.returncode == 3
    assert lines[0].startswith(
        f"::error file={file},line=1,col=26,title=invalid_version::expected a semantic version"
    )
    assert lines[0].endswith("%0Ahelp: did you mean `1.0.0`?")
    assert lines[1].startswith("::warning ")
    assert done.stderr == "1 error, 1 warning\n"


@pytest.mark.parametrize("kind", ["plugin", "module"])
def test_schema(kind):
    assert run("--schema", kind).stdout == schema_text(kind)
    assert run("--schema", kind, "--strict").stdout == schema_text(kind, strict=True)


HOSTILE = {
    "pipe": os.mkfifo,
    "folder": lambda path: path.mkdir(),
    "loop": lambda path: path.symlink_to(path),
    "dangling": lambda path: path.symlink_to("nowhere"),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "empty": lambda path: path.write_bytes(b""),
    "not UTF-8": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "large": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 65 * 1024 * 1024),
    "deep": lambda path: path.write_bytes(b"[" * 1_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(tmp_path, name):
    path = tmp_path / "plugin.json"
    HOSTILE[name](path)
    done = run("--format", "json", path, tmp_path)
    assert (done.returncode, done.stderr) == (3, "")
    assert len(json.loads(done.stdout)["diagnostics"]) == 2


@pytest.mark.parametrize("output", ["text", "json", "github"])
def test_hostile_names(output):
    names = ["", "x" * 5000, "a/" * 3000, "\udcff.json", "no-such-file", "a\nb"]
    done = run("--format", output, *names)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert (done.stderr + done.stdout).count("file_not_found") + (done.stderr + done.stdout).count(
        "io_error"
    ) == 6


def test_output_that_nobody_reads(file):
    file.write_text(json.dumps({f"a{i}": 0 for i in range(5000)}))
    command = f'"{sys.executable}" -m alas_manifest --format json "{file}" | head -n 1'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("{\n", "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams(file, closed):
    for output in ("text", "json"):
        for path in (file, "-"):
            command = f'"{sys.executable}" -m alas_manifest --format {output} "{path}" {closed}'
            done = subprocess.run(
                ["sh", "-c", command], capture_output=True, input="", text=True, timeout=60, check=False
            )
            assert done.returncode == (3 if path == "-" else 0)
            assert "Traceback" not in done.stderr


def test_output_without_unicode(file):
    file.write_text(RIGHT.replace('"a"', '"ü → é"', 1), "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "alas_manifest", "--format", "github", str(file)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment)
    assert done.returncode == 3
    assert b"\\u2192" in done.stdout
