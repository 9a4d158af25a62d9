"""Whether a written manifest describes the functions as they are: each disagreement at its place."""

import enum
import json
from dataclasses import dataclass
from typing import NewType

import pytest

from alas_builtin import BuiltinPlugin
from alas_manifest import loads

UserId = NewType("UserId", int)


class Color(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Point:
    x: float
    y: float


@pytest.fixture
def plugin():
    plugin = BuiltinPlugin("p", version="1.0.0")

    @plugin.function
    def paint(points: list[Point], color: Color) -> int:
        return 0

    @plugin.function
    def find(user: UserId, loose) -> dict[str, int]:
        return {}

    return plugin


@pytest.fixture
def document(plugin):
    from alas_manifest import dumps

    return json.loads(dumps(plugin.manifest))


def test_a_derived_manifest_agrees(plugin):
    assert plugin.disagreements(plugin.manifest) == []
    assert plugin.disagreements() == []


def change(document, pointer, value):
    *way, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    place = document
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value


CASES = [
    ("/name", "q", "/name", "the name is q here, but p in Python"),
    ("/version", "1.0.1", "/version", "the version is 1.0.1 here, but 1.0.0 in Python"),
    ("/module", "q", "/module", "the module is q here, but p in Python"),
    ("/functions/0/name", "pant", "/functions/0/name", "the Python code has no function `pant`"),
    ("/functions/1", ..., "/functions", "the Python code has a function `find`, which the manifest does not"),
    ("/functions/0/params", [], "/functions/0/params", "the function is paint() -> int here, but paint(points:"),
    ("/functions/0/params/0/name", "q", "/functions/0/params/0/name", "called `q` here, but `points` in Python"),
    ("/functions/0/params/0/type", "int", "/functions/0/params/0/type", "`points` is int here, but array<Point>"),
    ("/functions/0/params/0/type", "array<Color>", "/functions/0/params/0/type", "but array<Point> in Python"),
    ("/functions/0/params/1/type", "string", "/functions/0/params/1/type", "`color` is string here, but Color"),
    ("/functions/0/returns", "float", "/functions/0/returns", "the result of `paint` is float here, but int"),
    ("/functions/1/returns", "map<string>", "/functions/1/returns", "is map<string> here, but map<int>"),
    ("/types/0/fields/0/type", "int", "/types/0/fields/0/type", "the field `x` is int here, but float in Python"),
    ("/types/0/fields/0/name", "z", "/types/0/fields", "the fields of `Point` are z, y here, but x, y in Python"),
    ("/types/1/values", ["red"], "/types/1/values", "the values of `Color` are red here, but red, blue"),
    ("/types/2/base_type", "string", "/types/2/base_type", "`UserId` stands for string here, but for int"),
    ("/types/1", {"name": "Color", "kind": "alias", "base_type": "string"}, "/types/1/kind", "kind alias here, but enum"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[3] for case in CASES])
def test_a_disagreement_is_told_where_it_is(plugin, document, tmp_path, case):
    pointer, value, found_at, message = case
    change(document, pointer, value)
    text = json.dumps(document, indent=2)
    (tmp_path / "plugin.json").write_text(text)
    findings = [
        finding for finding in plugin.disagreements(tmp_path / "plugin.json") if message in finding.message
    ]
    assert len(findings) == 1
    finding = findings[0]
    assert (finding.code, finding.severity, finding.pointer) == ("signature_mismatch", "error", found_at)
    assert finding.file == str(tmp_path / "plugin.json")
    assert finding.help
    key = found_at.rpartition("/")[2]
    line = text.splitlines()[finding.line - 1]
    assert f'"{key}":' in line
    assert line[finding.column - 1 :] == line.split(f'"{key}": ')[1]


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/functions/0/params/0/type", "any"),
        ("/functions/0/params/0/type", "array"),
        ("/functions/0/params/0/type", "array<any>"),
        ("/functions/0/returns", ...),
        ("/functions/1/params/1/type", "map<float>"),
        ("/functions/1/params/0/type", "int"),
        ("/functions/0/description", "Another one."),
        ("/types/1/values", ["blue", "red"]),
        ("/license", "MIT"),
    ],
)
def test_what_may_differ(plugin, document, pointer, value):
    change(document, pointer, value)
    assert plugin.disagreements(loads(json.dumps(document))) == []


def test_a_file_that_is_gone_has_no_places(plugin, document, tmp_path):
    file = tmp_path / "plugin.json"
    file.write_text(json.dumps(document))
    written = BuiltinPlugin.from_manifest(file)
    file.unlink()
    assert [(finding.line, finding.column) for finding in written.disagreements()] == [(1, 1), (1, 1)]
