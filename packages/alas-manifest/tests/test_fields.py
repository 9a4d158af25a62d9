"""What the dropped-in manifests do not show: fields whose meaning depends on the machine, and floods of mistakes."""

import json

import pytest

from alas_manifest import dumps, loads, validate

SMALLEST = {"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}}


def findings_of(**fields):
    return [(one.code, one.pointer) for one in validate(json.dumps({**SMALLEST, **fields}))]


@pytest.mark.parametrize(
    ("share", "cores", "is_right"),
    [("100%", 1, True), ("101%", 1, False), ("400%", 4, True), ("400.1%", 4, False)],
)
def test_share_of_the_cores_of_this_machine(monkeypatch, share, cores, is_right):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    expected = [] if is_right else [("invalid_share", "/security/max_cpu")]
    assert findings_of(security={"max_cpu": share}) == expected


@pytest.mark.parametrize(
    "host", ["a", "a.b", "*.a.b", "a:1", "10.0.0.1", "[::1]", "[fe80::1]:65535", "a_b.c"]
)
def test_host(host):
    assert findings_of(capabilities=["network"], security={"permissions": {"network": [host]}}) == []


@pytest.mark.parametrize(
    "host",
    ["", "*", "a:", "a:0", "a:65536", "::1", "[a]", "[10.0.0.1]", "a..b", "-a", "a/b", "a" * 300, "a*b"],
)
def test_not_a_host(host):
    findings = findings_of(capabilities=["network"], security={"permissions": {"network": [host]}})
    assert findings == [("invalid_permission", "/security/permissions/network/0")]


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "make -C a all",
        "sh build.sh 'a;b'",
        "cc -o p.so -DA=1>2 p.c",
        "go build -o=x ./...",
        "find . -name '*.c'",
        "make A=1",
    ],
)
def test_command(command):
    assert findings_of(implementation={"language": "alas", "build_cmd": command}) == []


@pytest.mark.parametrize(
    "command",
    [
        "",
        " ",
        "a && b",
        "a | b",
        "a; b",
        "a > b",
        "a 2>&1",
        "a $(b)",
        "a `b`",
        "a 'b",
        "a\0b",
        "a &",
        "A=1 make",
        "cc *.c",
        "cc $FILES",
        "cd a",
        "make " + "a" * 40_000,
    ],
)
def test_not_a_command(command):
    findings = findings_of(implementation={"language": "alas", "build_cmd": command})
    assert findings == [("unenforceable", "/implementation/build_cmd")]


@pytest.mark.parametrize("path", ["a", "a/b.c", "./a", "a..b", "a/./b", ".hidden", "ä", "a~", "~a/b"])
def test_path(path):
    assert findings_of(implementation={"language": "alas", "sources": [path]}) == []


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "../a",
        "a/..",
        "a/../b",
        "/",
        "/a",
        "\\a",
        "a\\..\\b",
        "C:a",
        "c:\\a",
        "//host/a",
        "~/a",
        "~",
        "https://a/b",
    ],
)
def test_path_that_leaves(path):
    findings = findings_of(implementation={"language": "alas", "sources": [path]})
    assert findings == [("path_escapes", "/implementation/sources/0")]


@pytest.mark.parametrize(
    "api", ["std.*", "std.math", "std.math.*", "std.math.sqrt", "a", "other", "other.module.f", "other.*"]
)
def test_api(api):
    assert findings_of(dependencies=["other"], security={"allowed_apis": [api]}) == []


def test_fields_of_tools_may_be_anything_anywhere():
    deep = {"x-a": [{"b": None}]}
    assert findings_of(**deep, security=deep, runtime=deep, functions=[{"name": "f", **deep}]) == []


def test_unknown_fields_are_kept():
    text = json.dumps({**SMALLEST, "homepage": {"a": [1]}})
    assert loads(text).extra == {"homepage": {"a": [1]}}
    assert json.loads(dumps(loads(text)))["homepage"] == {"a": [1]}


def test_a_flood_of_mistakes_ends_soon():
    count = 20_000
    text = json.dumps(
        {**SMALLEST, "functions": [{"label": i, "params": "x", f"f{i}": 0} for i in range(count)]}
    )
    assert len(validate(text)) == 4 * count


def test_a_flood_of_types_ends_soon():
    count = 20_000
    types = [{"name": f"T{i}", "kind": "alias", "base_type": f"T{i + 1}"} for i in range(count)]
    assert findings_of(types=types) == [("unknown_type", f"/types/{count - 1}/base_type")]


def test_a_flood_of_dependencies_ends_soon():
    assert findings_of(dependencies=[f"p{i}" for i in range(20_000)]) == []
