"""The kit of a language, as it is installed, and the copy of it that a new plugin gets."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._command import UsageMistake

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

KIT_FOLDER = "sdk"
"""Where a plugin has its copy."""

# A licence has to stay with what it is for.
_ENDINGS = ("LICENSE", ".c", ".go", ".h", ".hpp", ".md", ".mod", ".rs", ".toml")
# What is built in a checkout, and what tests the kit itself.
_LEFT_OUT = frozenset({"benches", "examples", "target", "testdata", "tests", "vendor"})
_END_OF_GO_TESTS = "_test.go"


@dataclass(frozen=True, slots=True)
class Kit:
    """Where a kit is.

    Attributes:
        folder: what compilers are pointed to, in the folder of all kits.
        copied: the files and folders that a plugin gets, in the folder of all kits, to their places in `KIT_FOLDER`.
    """

    folder: str
    copied: dict[str, str]


_HEADER = {"c/README.md": "README.md", "c/include/alas_plugin.h": "alas_plugin.h"}
_KITS = {
    "c": Kit("c/include", _HEADER),
    "c++": Kit("c/include", {**_HEADER, "c/include/alas_plugin.hpp": "alas_plugin.hpp"}),
    "rust": Kit(
        "rust/alas-plugin",
        {
            "rust/README.md": "README.md",
            "rust/alas-plugin": "alas-plugin",
            "rust/alas-plugin-abi": "alas-plugin-abi",
            "rust/alas-plugin-macros": "alas-plugin-macros",
        },
    ),
    "go": Kit("go", {"go": ""}),
}
LANGUAGES_OF_KITS = tuple(_KITS)


def kit_folder(language: str) -> Path:
    """Return where the kit of a language is.

    Args:
        language: what `-lang` calls it.

    Raises:
        UsageMistake: it is not there.
    """
    folder = Path(str(_root())) / _KITS[language].folder
    if not folder.is_dir():
        raise _absent(language)
    return folder


def kit_files(language: str) -> dict[str, str]:
    """Return the kit that a plugin gets: path in its folder to text.

    Args:
        language: what `-lang` calls it.

    Raises:
        UsageMistake: a part of the kit is not there.
    """
    files: dict[str, str] = {}
    for source, target in _KITS[language].copied.items():
        start = _root() / source
        place = "/".join(part for part in (KIT_FOLDER, target) if part)
        found = {place: start} if start.is_file() else dict(_files(start, place)) if start.is_dir() else {}
        if not found:
            raise _absent(language)
        files |= {path: file.read_text(encoding="utf-8") for path, file in found.items()}
    return files


def _files(folder: "Traversable", place: str) -> "Iterator[tuple[str, Traversable]]":
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{place}/{one.name}"
        if one.is_dir():
            if one.name not in _LEFT_OUT and not one.name.startswith("."):
                yield from _files(one, path)
        elif one.name.endswith(_ENDINGS) and not one.name.endswith(_END_OF_GO_TESTS):
            yield path, one


def _root() -> "Traversable":
    return resources.files("alas_loader_native") / "sdk"


def _absent(language: str) -> UsageMistake:
    return UsageMistake(
        f"the kit for {language} is not there whole: expected it in {_root()}; install alas-loader-native again"
    )
