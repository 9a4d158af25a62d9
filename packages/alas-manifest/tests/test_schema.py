"""The shipped schema and the reader agree: on the dropped-in manifests, and on manifests that chance has changed.

Whatever the reader accepts, the schema accepts. Whatever the reader refuses, the schema refuses too, but for what no schema
can say; `BEYOND_A_SCHEMA` is the whole list of that.
"""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from chance import Validator, changed, places, values
from hypothesis import given, settings
from hypothesis import strategies as st

from alas_manifest import schema, schema_text, validate
from alas_manifest._schema_files import main, schema_texts

HERE = Path(__file__).parent
REPEATABLE = settings(derandomize=True, deadline=None, database=None, max_examples=600)

# Code of a finding, where it may stand, and why no schema can say it.
BEYOND_A_SCHEMA = [
    ("json_.*|number_out_of_range", ".*", "a schema sees values, not their text"),
    ("duplicate_name", ".*/name", "objects are alike only as a whole"),
    ("duplicate_name", "/dependencies/[0-9]+", "the name is only a part of the string"),
    ("unknown_type", ".*/(type|returns|base_type)", "what is declared stands elsewhere in the file"),
    ("type_cycle", "/types/[0-9]+/base_type", "as above"),
    ("unknown_value", "/security/allowed_apis/[0-9]+", "whether there is a dependency stands elsewhere in the file"),
    ("unknown_value", "/implementation/language", "words that differ in case alone; and other languages may come"),
    ("unenforceable", "/dependencies/[0-9]+", "the plugin's own name stands elsewhere in the file"),
    ("unenforceable", "/implementation/build_cmd", "what needs a shell is decided word by word"),
    ("invalid_range", ".*", "combinations of numbers and `x` that mean nothing"),
    ("invalid_license", "/license", "the list of licences is SPDX's"),
    ("invalid_size|invalid_duration|invalid_share", "/security/.*", "how large the amount may be"),
    ("invalid_permission", "/security/permissions/network/[0-9]+", "which port, which address"),
]  # fmt: skip


VALIDATORS = {strict: Validator(schema("plugin", strict=strict)) for strict in (False, True)}


def is_beyond(finding):
    return any(
        re.fullmatch(code, finding.code) and re.fullmatch(at, finding.pointer)
        for code, at, _ in BEYOND_A_SCHEMA
    )


def disagreement(text, *, strict):
    """Return what only one of reader and schema says, or None."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    errors = [finding for finding in validate(text, strict=strict) if finding.is_error]
    refusal = next(VALIDATORS[strict].iter_errors(value), None)
    if refusal is not None and not errors:
        return f"only the schema refuses: {refusal.json_path}: {refusal.message}"
    unseen = [finding for finding in errors if not is_beyond(finding)]
    if refusal is None and unseen:
        return f"only the reader refuses: {unseen[0]}"
    return None


MANIFESTS = sorted(HERE.glob("*/*.json"))


@pytest.mark.parametrize("strict", [False, True], ids=["usual", "strict"])
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_dropped_in_manifests(path, strict):
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return
    assert disagreement(text, strict=strict) is None


# --- Manifests that chance has changed ---

RIGHT = [json.loads(path.read_text("utf-8")) for path in sorted(HERE.glob("right/*.json"))]
WORDS = [
    "", "a", "A b", "std", "std.math", "std.foo", "io", "1.0.0", "1", "^1", ">=1 <2 ||", "1 - 2", "math >=1", "math @1", "std.math ^1", "MIT",
    "MIT OR", "int", "array<int>", "array<>", "geo.Point", "Point", "x\n", "é", "../a", "a/../b", "a\\b", "/a", "C:a", "./", "...", "10s",
    "10 s", "0s", "5ms", "100MB", "0MB", "1.5", "50%", "0%", "0_0.0%", "1000000%", "make", " ", "a && b", "alas", "python", "rust", "module", "native",
    "hybrid", "builtin", "function", "network", "struct", "enum", "alias", "linux-x86_64", "example.com:0", "http://a", "[::1]", "*.a", "a b", "\0",
]  # fmt: skip
KEYS = [
    "$schema", "x-a", "native", "async", "binaries", "sandbox", "allowed_apis", "max_memory", "max_cpu", "timeout", "permissions", "network",
    "filesystem", "capabilities", "type", "name", "module", "values", "fields", "base_type", "functions", "types", "security", "wrong", "linux-x86_64",
]  # fmt: skip
SIMPLE = st.sampled_from([*WORDS, None, True, False, 0, 1, -1, 1.5, [], {}])


@REPEATABLE
@given(changed(RIGHT, KEYS, values(SIMPLE, KEYS), most_changes=3), st.booleans())
def test_changed_manifests(text, strict):
    assert disagreement(text, strict=strict) is None


# --- The schemas themselves ---


@pytest.mark.parametrize(("name", "text"), schema_texts().items(), ids=schema_texts())
def test_shipped_schema_is_what_the_model_says(name, text):
    assert (Path(main.__code__.co_filename).parent / "schemas" / name).read_text("utf-8") == text


def test_check_of_the_files(capsys):
    assert main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def subschemas(value):
    return [place for place in places(value) if isinstance(place, dict)]


@pytest.mark.parametrize("strict", [False, True], ids=["usual", "strict"])
@pytest.mark.parametrize("kind", ["plugin", "module"])
def test_schema_is_one(kind, strict):
    one = schema(kind, strict=strict)
    jsonschema.Draft202012Validator.check_schema(one)
    assert json.loads(schema_text(kind, strict=strict)) == one
    for part in subschemas(one):
        if isinstance(part.get("pattern"), str):
            # Not every engine of regular expressions knows more than this.
            assert not re.search(r"\(\?[^:]|[+*?]\+|\\[pPAZzbBu]", part["pattern"]), part["pattern"]
        reference = part.get("$ref")
        assert reference is None or reference.removeprefix("#/$defs/") in one["$defs"]


@pytest.mark.parametrize("kind", ["plugin", "module"])
def test_every_field_is_described(kind):
    one = schema(kind)
    for part in [one, *one["$defs"].values()]:
        assert part["title"]
        for key, field in part["properties"].items():
            assert "description" in field or "const" in field, key


def test_defaults_are_those_of_the_reader():
    properties = schema("plugin")["properties"]
    assert {key: field["default"] for key, field in properties.items() if "default" in field} == {
        "description": "",
        "author": "",
        "type": "module",
        "alas_version": ">=0.1.0",
    }
    runtime = schema("plugin")["$defs"]["runtime"]["properties"]
    assert [runtime[key]["default"] for key in ("lazy", "persistent", "parallel")] == [False, True, False]


def test_other_kinds_are_refused():
    with pytest.raises(ValueError, match="expected 'plugin' or 'module', found 'plug'"):
        schema("plug")
