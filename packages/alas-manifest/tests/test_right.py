"""Every manifest in `right/` is right, and reading back what is written of it gives the same manifest."""

import dataclasses
import json
from pathlib import Path

import pytest

from alas_manifest import Manifest, dumps, loads, validate

CASES = sorted(Path(__file__).parent.glob("right/*.json"))


@pytest.fixture(autouse=True)
def _many_cores(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 8)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_nothing_is_found(path):
    assert validate(path.read_bytes(), strict=True) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_writing_loses_nothing(path):
    manifest = loads(path.read_bytes())
    text = dumps(manifest)
    assert loads(text) == manifest
    assert dumps(loads(text)) == text
    assert validate(text, strict=True) == []


def tool_fields(value, path=()):
    """Return every `x-*` field of a JSON value with the way to it."""
    found = {}
    if isinstance(value, dict):
        for key, member in value.items():
            if key.startswith("x-"):
                found[(*path, key)] = member
            else:
                found |= tool_fields(member, (*path, key))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            found |= tool_fields(element, (*path, index))
    return found


def test_writing_keeps_the_fields_of_tools():
    text = (Path(__file__).parent / "right" / "every-field.json").read_text("utf-8")
    before = tool_fields(json.loads(text))
    assert len(before) == 7
    assert tool_fields(json.loads(dumps(loads(text)))) == before


def test_every_field_is_tried():
    text = (Path(__file__).parent / "right" / "every-field.json").read_text("utf-8")
    manifest = loads(text)
    default = Manifest(
        name="",
        version=manifest.version,
        module="",
        implementation=dataclasses.replace(manifest.implementation),
    )
    for field in dataclasses.fields(Manifest):
        if field.name not in ("type", "version", "implementation"):
            assert getattr(manifest, field.name) != getattr(default, field.name), field.name
