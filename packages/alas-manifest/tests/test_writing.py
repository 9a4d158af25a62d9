"""Reading back what was written gives the same manifest, whatever the manifest."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alas_manifest import dump, dumps, load, loads, validate

REPEATABLE = settings(derandomize=True, deadline=None, database=None, max_examples=300)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True)
PATHS = st.sampled_from(["a.c", "src/b.c", "./c", "deep/er/d.so", "ä ö", ".hidden"])
TYPES = st.sampled_from(["int", "any", "array", "array<map<float>>", "Point", "array<Color>", "task", "void"])
DECLARED = [
    {"name": "Point", "kind": "struct", "fields": [{"name": "x", "type": "float"}]},
    {"name": "Color", "kind": "enum", "values": ["red", "dark green"]},
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
# What tools add, and what nothing knows: a warning, and kept.
EXTRAS = st.dictionaries(st.sampled_from(["x-a", "x-", "x-~/", "later"]), VALUES, max_size=2)


def some(**fields):
    """Return objects that hold some of these fields, and fields of tools."""
    known = st.fixed_dictionaries({}, optional=fields)
    return st.builds(lambda known, extra: {**known, **extra}, known, EXTRAS)


def distinct(elements, **limits):
    return st.lists(
        elements, unique_by=lambda one: one["name"] if isinstance(one, dict) else one, max_size=3, **limits
    )


def with_fields(required, **fields):
    return st.builds(
        lambda required, rest: {**rest, **required}, st.fixed_dictionaries(required), some(**fields)
    )


PARAMETERS = distinct(with_fields({"name": WORDS, "type": TYPES}))
FUNCTIONS = distinct(
    with_fields(
        {"name": WORDS}, params=PARAMETERS, returns=TYPES, description=TEXTS, native=st.just(False), **{"async": st.booleans()}
    )
)  # fmt: skip
ALIASES = st.lists(
    with_fields({"name": st.just("Alias"), "kind": st.just("alias"), "base_type": st.sampled_from(["int", "Point"])},
                meta=st.dictionaries(TEXTS, VALUES, max_size=2)),
    max_size=1,
)  # fmt: skip
SCOPES = st.lists(st.sampled_from(["a", "/data", "b"]), unique=True, max_size=2)
PERMISSIONS = some(
    filesystem=some(read=SCOPES, write=SCOPES),
    network=st.just(["example.com:443", "*.example.org"]),
    process=st.just(["git"]),
    env=st.just(["HOME"]),
)
SECURITY = some(
    sandbox=st.just(True),
    allowed_apis=st.lists(
        st.sampled_from(["std.*", "std.math", "std.io.print", "m"]), unique=True, max_size=3
    ),
    max_memory=st.integers(1, 2**63 - 1).map(str) | st.sampled_from(["100MB", "1.5GiB", "1_000_000"]),
    max_cpu=st.sampled_from(["50%", "12.50%", "100%", "0.1%"]),
    timeout=st.integers(1, 2**63 - 1).map(lambda span: f"{span}us") | st.sampled_from(["1m30s", "1.5h"]),
    permissions=PERMISSIONS,
)
RUNTIME = some(
    lazy=st.booleans(),
    persistent=st.booleans(),
    parallel=st.booleans(),
    environment=st.dictionaries(WORDS, TEXTS, max_size=2),
)
CONFIG = st.dictionaries(TEXTS, TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1), max_size=2)
IMPLEMENTATION = with_fields(
    {"language": st.just("alas")},
    entrypoint=PATHS,
    build_cmd=st.just("make 'all targets'"),
    sources=st.lists(PATHS, unique=True, max_size=2),
    binaries=st.just(["p.so", {"linux-x86_64": "l.so"}]),
    config=CONFIG,
)
# So that any permission may be asked for.
CAPABILITIES = ["function", "type", "network", "filesystem", "process"]
MANIFESTS = with_fields(
    {
        "name": st.sampled_from(["a", "my-plugin", "0.a_b-c"]),
        "version": st.sampled_from(["1.0.0", "0.1.0-rc.1+build.7"]),
        "module": st.just("m"),
        "implementation": IMPLEMENTATION,
        "capabilities": st.permutations(CAPABILITIES),
        "types": ALIASES.map(lambda aliases: [*DECLARED, *aliases]),
    },
    description=TEXTS,
    author=TEXTS,
    license=st.sampled_from(["mit", "MIT or Apache-2.0", "LicenseRef-own"]),
    type=st.sampled_from(["module", "hybrid"]),
    alas_version=st.sampled_from([">=0.1.0", "^1.2", ">= 1  < 2 || 3.x", "1.0 - 2", "*"]),
    dependencies=st.just(["math-utils>=1.2 <2", "std.math", "Colors"]),
    functions=FUNCTIONS,
    security=SECURITY,
    runtime=RUNTIME,
).map(lambda manifest: _without_libraries(manifest) if manifest.get("type") != "hybrid" else manifest)


def _without_libraries(manifest):
    implementation = {key: value for key, value in manifest["implementation"].items() if key != "binaries"}
    return manifest | {"implementation": implementation}


def tool_fields(value, path=()):
    """Return every field of a tool, and every unknown one, with the way to it."""
    found = {}
    if isinstance(value, dict):
        for key, member in value.items():
            if key.startswith("x-") or key == "later":
                found[(*path, key)] = member
            else:
                found |= tool_fields(member, (*path, key))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            found |= tool_fields(element, (*path, index))
    return found


@REPEATABLE
@given(MANIFESTS)
def test_reading_back_gives_the_same(manifest):
    text = json.dumps(manifest)
    assert [finding for finding in validate(text) if finding.is_error] == []
    read = loads(text)
    written = dumps(read)
    assert loads(written) == read
    assert dumps(loads(written)) == written
    assert tool_fields(json.loads(written)) == tool_fields(manifest)


@pytest.mark.parametrize("text", ["x-~/", "x-", "x-ä\n"])
def test_fields_of_tools_keep_their_names(tmp_path, text):
    manifest = {
        "name": "a",
        "version": "1.0.0",
        "module": "a",
        "implementation": {"language": "alas"},
        text: [1],
    }
    dump(loads(json.dumps(manifest)), tmp_path / "plugin.json")
    assert load(tmp_path).extra == {text: [1]}
