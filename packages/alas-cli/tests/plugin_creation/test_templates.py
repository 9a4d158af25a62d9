from __future__ import annotations

import json
import tomllib

import pytest

from alas_cli._plugin._creation.languages import LANGUAGES
from alas_cli._plugin._creation.templates import NewPlugin, plugin_files
from alas_manifest import loads, validate_folder

NATIVE = [(kind, word) for kind in ("native", "hybrid") for word in LANGUAGES]
NASTY = 'a "quoted" \\ $name ${module} #{x} <b> é 🧩 \x7f'


def new(name="my-plugin", plugin_type="module", language=None, **more):
    texts = {"description": "It works", "author": "Ada", "license": "MIT"} | more
    return NewPlugin(name=name, type=plugin_type, language=LANGUAGES.get(language), **texts)


@pytest.mark.parametrize("plugin_type", ["module", "builtin"])
@pytest.mark.parametrize("name", ["my-plugin", "a", "3d.tools", "math", "class", "json", "a-.", "x" * 64])
def test_what_is_made_is_right(tmp_path, name, plugin_type):
    files = plugin_files(new(name, plugin_type))
    for path, text in files.items():
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    assert validate_folder(tmp_path, strict=True) == []
    assert loads(files["plugin.json"]).name == name
    if plugin_type == "builtin":
        project = tomllib.loads(files["pyproject.toml"])
        assert list(project["project"]["entry-points"]["alas.builtin_plugins"]) == [name]
        compile(files[f"{new(name).module}.py"], "module", "exec")


@pytest.mark.parametrize("plugin_type", ["module", "builtin"])
def test_texts_stay_as_they_are(plugin_type):
    files = plugin_files(new("my-plugin", plugin_type, description=NASTY, author=NASTY))
    manifest = json.loads(files["plugin.json"])
    assert (manifest["description"], manifest["author"]) == (NASTY, NASTY)
    if plugin_type == "builtin":
        project = tomllib.loads(files["pyproject.toml"])["project"]
        assert (project["description"], project["authors"]) == (NASTY, [{"name": NASTY}])


@pytest.mark.parametrize("plugin_type", ["module", "builtin"])
def test_what_is_not_known_is_left_out(plugin_type):
    files = plugin_files(new("my-plugin", plugin_type, description="", author=""))
    assert not {"description", "author"} & json.loads(files["plugin.json"]).keys()
    if plugin_type == "builtin":
        assert not {"description", "authors"} & tomllib.loads(files["pyproject.toml"])["project"].keys()


@pytest.mark.parametrize(("plugin_type", "language"), NATIVE)
@pytest.mark.parametrize("name", ["my-plugin", "3d.tools", "math", "fn", "x" * 64])
def test_native_plugins_are_right_before_they_are_built(tmp_path, name, plugin_type, language):
    plugin = new(name, plugin_type, language, description=NASTY, author=NASTY)
    files = plugin_files(plugin)
    for path, text in files.items():
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    findings = validate_folder(tmp_path)
    assert {finding.severity for finding in findings} == {"warning"}
    assert all("is not built yet" in finding.message for finding in findings)
    manifest = loads(files["plugin.json"])
    assert (manifest.implementation.language, manifest.description) == (language, NASTY)
    assert list(files)[-2:] == ["README.md", ".gitignore"]
    if language == "rust":
        project = tomllib.loads(files["Cargo.toml"])["package"]
        assert (project["description"], project["authors"]) == (NASTY, [NASTY])


@pytest.mark.parametrize(("plugin_type", "language"), NATIVE)
def test_native_plugins_without_description_and_author(plugin_type, language):
    files = plugin_files(new("my-plugin", plugin_type, language, description="", author=""))
    assert not {"description", "author"} & json.loads(files["plugin.json"]).keys()
    assert not any("$" in text for path, text in files.items() if path != "Makefile")
