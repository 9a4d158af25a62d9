"""The example package: its manifest is up to date, its metadata agree, and it does what its tests say."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from alas_builtin import import_plugin_file
from alas_manifest import load, validate_folder

PROJECT = Path(__file__).parents[3] / "examples" / "builtin" / "markdown-tools"
SOURCE = PROJECT / "src"
FOLDER = SOURCE / "alas_markdown_tools"
CASES = [case for file in sorted((FOLDER / "tests").glob("*.json")) for case in json.loads(file.read_text())]
CODES = {ValueError: "value_error"}


@pytest.fixture(scope="module")
def plugin():
    imported = import_plugin_file(FOLDER / "__init__.py")
    yield imported.plugin
    imported.forget()


def test_the_manifest_is_that_of_the_functions():
    command = [
        sys.executable,
        "-m",
        "alas_builtin",
        "alas_markdown_tools",
        "--check",
        str(FOLDER / "plugin.json"),
    ]
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    assert validate_folder(FOLDER) == []


def test_the_package_announces_it():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    manifest = load(FOLDER)
    assert project["entry-points"]["alas.builtin_plugins"] == {manifest.name: "alas_markdown_tools:plugin"}
    assert project["version"] == str(manifest.version)
    assert project["license"] == str(manifest.license)


def test_it_shows_structs_and_enums():
    assert {definition.kind for definition in load(FOLDER).types} == {"struct", "enum"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_it_does_what_its_tests_say(plugin, case):
    if "expected" in case:
        assert plugin.call(case["function"], case["args"]) == case["expected"]
        return
    error = case["expected_error"]
    code, message = (error["code"], error.get("message", "")) if isinstance(error, dict) else (error, "")
    with pytest.raises((TypeError, ValueError)) as caught:
        plugin.call(case["function"], case["args"])
    assert getattr(caught.value, "code", CODES.get(type(caught.value))) == code
    assert message in str(caught.value)
