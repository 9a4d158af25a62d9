from __future__ import annotations

import pytest

from alas_cli._plugin._creation.kit import LANGUAGES_OF_KITS, kit_files, kit_folder
from alas_cli._plugin._creation.languages import LANGUAGES

NEEDED = {
    "c": {"sdk/README.md", "sdk/alas_plugin.h"},
    "c++": {"sdk/README.md", "sdk/alas_plugin.h", "sdk/alas_plugin.hpp"},
    "rust": {
        "sdk/alas-plugin/Cargo.toml",
        "sdk/alas-plugin-abi/src/lib.rs",
        "sdk/alas-plugin-macros/src/lib.rs",
    },
    "go": {"sdk/go.mod", "sdk/alas_plugin.h", "sdk/LICENSE"},
}


def test_every_language_has_a_kit():
    assert set(LANGUAGES_OF_KITS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES_OF_KITS)
def test_a_kit_is_whole_and_nothing_else(language):
    files = kit_files(language)
    assert NEEDED[language] <= files.keys()
    parts = {part for path in files for part in path.split("/")}
    assert not parts & {"target", "tests", "testdata", "examples"}
    assert not any(path.endswith(("_test.go", ".so")) for path in files)
    assert kit_folder(language).is_dir()


def test_the_kit_for_c_is_the_header_and_its_guide():
    assert set(kit_files("c")) == NEEDED["c"]
