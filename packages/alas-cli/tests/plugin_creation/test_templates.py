from __future__ import annotations

import json
import tomllib

import pytest

from alas_cli._plugin._creation.templates import NewPlugin, plugin_files
from alas_manifest import loads, validate_folder

NASTY = 'a "quoted" \\ $name ${module} #{x} <b> é 🧩 \x7f'


def new(name="my-plugin", plugin_type="module", description="It works", author="Ada", licence="MIT"):
    return NewPlugin(name=name, type=plugin_type, description=description, author=author, license=licence)


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
