"""`docs/manifest.md` speaks of every field that there is, and of no other word for it."""

from pathlib import Path

from alas_manifest import CODES, schema

PAGE = (Path(__file__).parents[2] / "docs" / "manifest.md").read_text("utf-8")


def fields():
    whole = schema("plugin")
    for part in [whole, *whole["$defs"].values()]:
        yield from part["properties"].items()


def test_every_field_is_there():
    assert [key for key, _ in fields() if f"`{key}`" not in PAGE] == []


def test_every_word_to_choose_from_is_there():
    words = {
        word for _, field in fields() for word in field.get("enum", field.get("items", {}).get("enum", []))
    }
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_defaults_are_there():
    defaults = {key: field["default"] for key, field in fields() if isinstance(field.get("default"), bool)}
    for key, default in defaults.items():
        [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{key}` |")]
        assert f"`{str(default).lower()}`" in row.split("|")[-2], key


def test_codes_in_it_exist():
    shown = {
        line.partition("[")[2].partition("]")[0] for line in PAGE.splitlines() if line.startswith("broken/")
    }
    assert shown <= CODES.keys()
    assert len(shown) > 4
