import json
import os

import pytest

from alas_manifest import read_folder, validate_folder

MANIFEST = {"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}}
MODULE = {"type": "module", "name": "a", "functions": []}
NATIVE = {**MANIFEST, "type": "native", "implementation": {"language": "c", "binaries": ["p.so"]}}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "plugin"
    folder.mkdir()
    return folder


def write(folder, manifest, files=()):
    (folder / "plugin.json").write_text(json.dumps(manifest))
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(MODULE) if name.endswith(".json") else "")


def findings_of(folder):
    return [(one.code, one.severity, one.pointer) for one in validate_folder(folder)]


def test_right_folder(folder):
    write(folder, MANIFEST, ["a.alas.json"])
    assert findings_of(folder) == []
    assert findings_of(folder / "plugin.json") == []
    reading = read_folder(folder)
    assert reading.manifest is not None
    assert reading.name == "a"


def test_no_manifest(folder):
    assert findings_of(folder) == [("file_not_found", "error", "")]


def test_absent_module(folder):
    write(folder, MANIFEST, ["b.alas.json"])
    assert findings_of(folder) == [("file_not_found", "error", "/implementation")]
    assert validate_folder(folder)[0].help == "did you mean `b.alas.json`?"
    assert read_folder(folder).manifest is None


def test_absent_entrypoint_and_sources(folder):
    implementation = {
        "language": "alas",
        "entrypoint": "main.alas.json",
        "sources": ["src/a.txt", "here.txt"],
    }
    write(folder, {**MANIFEST, "implementation": implementation}, ["here.txt"])
    assert findings_of(folder) == [
        ("file_not_found", "error", "/implementation/entrypoint"),
        ("file_not_found", "error", "/implementation/sources/0"),
    ]


def test_absent_binary(folder):
    write(folder, NATIVE)
    assert findings_of(folder) == [("file_not_found", "error", "/implementation/binaries/0")]


def test_binary_that_is_not_built_yet(folder):
    binaries = ["p.so", {"linux-x86_64": "l.so"}]
    write(folder, {**NATIVE, "implementation": {"language": "c", "build_cmd": "make", "binaries": binaries}})
    assert findings_of(folder) == [
        ("file_not_found", "warning", "/implementation/binaries/0"),
        ("file_not_found", "warning", "/implementation/binaries/1/linux-x86_64"),
    ]


def test_folder_where_a_file_should_be(folder):
    (folder / "a.alas.json").mkdir()
    write(folder, MANIFEST)
    assert findings_of(folder) == [("file_not_found", "error", "/implementation")]


@pytest.mark.parametrize("target", ["../outside.txt", "/etc/passwd", ".."])
def test_link_out_of_the_folder(folder, target):
    (folder.parent / "outside.txt").write_text("")
    (folder / "link").symlink_to(target)
    write(folder, {**MANIFEST, "implementation": {"language": "alas", "sources": ["link"]}}, ["a.alas.json"])
    assert findings_of(folder) == [("path_escapes", "error", "/implementation/sources/0")]


def test_folder_linked_out_of_the_folder(folder):
    (folder.parent / "outside").mkdir()
    (folder.parent / "outside" / "a.alas.json").write_text(json.dumps(MODULE))
    (folder / "src").symlink_to("../outside")
    write(folder, {**MANIFEST, "implementation": {"language": "alas", "entrypoint": "src/a.alas.json"}})
    assert findings_of(folder) == [("path_escapes", "error", "/implementation/entrypoint")]


def test_links_inside_the_folder(folder):
    write(folder, MANIFEST, ["real/a.alas.json"])
    (folder / "a.alas.json").symlink_to("real/a.alas.json")
    assert findings_of(folder) == []


def test_folder_that_is_a_link_itself(folder):
    write(folder, MANIFEST, ["a.alas.json"])
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert findings_of(link) == []


def test_links_in_a_circle(folder):
    (folder / "a.alas.json").symlink_to("a.alas.json")
    write(folder, MANIFEST)
    assert findings_of(folder) == [("file_not_found", "error", "/implementation")]


def test_module_that_is_a_pipe(folder):
    write(folder, MANIFEST)
    os.mkfifo(folder / "a.alas.json")
    assert findings_of(folder) == [("file_not_found", "error", "/implementation")]


def test_file_problems_come_with_the_others(folder):
    write(folder, {**MANIFEST, "name": "A B", "implementation": {"language": "alas", "entrypoint": "x.json"}})
    assert findings_of(folder) == [
        ("invalid_name", "error", "/name"),
        ("file_not_found", "error", "/implementation/entrypoint"),
    ]


@pytest.mark.parametrize(
    "implementation", [1, {"language": "c", "binaries": 1, "sources": [1], "entrypoint": 1}]
)
def test_wrong_kinds_name_no_files(folder, implementation):
    write(folder, {**NATIVE, "implementation": implementation})
    assert {code for code, _, _ in findings_of(folder)} == {"wrong_kind"}


def test_hybrid_without_alas_functions_needs_no_module(folder):
    functions = [{"name": "f", "native": True}]
    implementation = {"language": "go", "entrypoint": "p.go", "binaries": ["p.so"]}
    hybrid = {**MANIFEST, "type": "hybrid", "functions": functions, "implementation": implementation}
    write(folder, hybrid, ["p.go", "p.so"])
    assert findings_of(folder) == []
    write(folder, {**hybrid, "functions": [*functions, {"name": "g"}]})
    assert findings_of(folder) == [("file_not_found", "error", "/implementation")]
