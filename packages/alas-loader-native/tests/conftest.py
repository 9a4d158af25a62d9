"""Plugins in C, compiled once for all tests of this package."""

import json
import shutil

import pytest
from native.building import compile_c
from native.plugins_in_c import MANIFEST, SOURCE

from alas_interp import Interpreter, PluginManager


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("native")
    source = folder / "numbers.c"
    source.write_text(SOURCE)
    return compile_c(source, folder / "numbers.so")


@pytest.fixture
def plugin_folder(tmp_path, library):
    """Makes the folder of a plugin: the manifest with other fields, and the library unless it is to be absent."""

    def make(fields=(), *, folder=tmp_path / "plugins" / "numbers", has_library=True):
        folder.mkdir(parents=True)
        (folder / "plugin.json").write_text(json.dumps(MANIFEST | dict(fields)))
        if has_library:
            shutil.copyfile(library, folder / "numbers.so")
        return folder

    return make


@pytest.fixture
def manager():
    with PluginManager(Interpreter()) as made:
        yield made
