"""Packages import each other in one direction, by their public names only, and say in their metadata whom they import."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    path.name.replace("-", "_"): path for path in sorted((ROOT / "packages").iterdir()) if path.is_dir()
}
# Each may import those that it names, and what these may.
DIRECT = {
    "alas_manifest": set(),
    "alas_builtin": {"alas_manifest"},
    "alas_registry": {"alas_manifest"},
    "alas_installer": {"alas_registry"},
    "alas_interp": {"alas_builtin", "alas_core", "alas_registry"},
    "alas_loader_native": {"alas_interp"},
    "alas_cli": {"alas_installer", "alas_loader_native"},
}


def allowed(package: str) -> set[str]:
    found = set(DIRECT.get(package, ()))
    for other in DIRECT.get(package, ()):
        found |= allowed(other)
    return found


def imports(package: str) -> Iterator[tuple[str, str]]:
    """Yield where something of another of our packages is imported, and its module."""
    for file in sorted((PACKAGES[package] / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                # What is imported may be a module itself.
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                top = name.partition(".")[0]
                if top.startswith("alas_") and top != package:
                    yield f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", name


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_imports_go_one_way(package):
    wrong = [
        (place, name) for place, name in imports(package) if name.partition(".")[0] not in allowed(package)
    ]
    assert wrong == []


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_only_public_names_are_imported(package):
    wrong = [(place, name) for place, name in imports(package) if re.search(r"\._(?!_)", name)]
    assert wrong == []


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_metadata_name_what_is_imported(package):
    project = tomllib.loads((PACKAGES[package] / "pyproject.toml").read_text("utf-8"))["project"]
    named = {re.split(r"[=<>~ ]", one)[0].replace("-", "_") for one in project["dependencies"]}
    assert {name.partition(".")[0] for _, name in imports(package)} <= named


def test_the_picture_holds_every_package():
    assert set(DIRECT) == set(PACKAGES)
