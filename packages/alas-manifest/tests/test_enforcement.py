"""What this version does not do as manifests ask."""

import json

import pytest

from alas_manifest import loads, unenforced_requests, validate, validate_folder

MANIFEST = {"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}}
FUNCTION = {"name": "f", "params": []}
ASKED = [
    (
        {"implementation": {"language": "alas", "build_cmd": "make"}},
        "implementation.build_cmd",
        "which this version does not run",
    ),
]


def write(folder, fields, exports=("f",)):
    (folder / "plugin.json").write_text(json.dumps(MANIFEST | fields))
    functions = [{**FUNCTION, "name": name, "body": []} for name in exports]
    module = {"type": "module", "name": "a", "exports": list(exports), "functions": functions}
    (folder / "a.alas.json").write_text(json.dumps(module))


@pytest.mark.parametrize(("fields", "field", "why"), ASKED, ids=lambda value: str(value)[:30])
def test_what_is_asked_for_in_vain_is_a_warning(tmp_path, fields, field, why):
    write(tmp_path, fields)
    [finding] = validate_folder(tmp_path)
    assert (finding.code, finding.severity) == ("unenforceable", "warning")
    assert finding.pointer == f"/{field.replace('.', '/')}"
    told = f"sets {field}, {why}"
    assert finding.message == f"the plugin {told}"
    text = json.dumps(MANIFEST | fields)
    assert unenforced_requests(loads(text)) == {field: told}
    # Another version may do as the manifest says, so the manifest itself is right.
    assert validate(text) == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"security": {"permissions": {"network": ["a.example"]}}, "capabilities": ["network"]},
        {"security": {"permissions": {"filesystem": {"read": ["/data"]}}}, "capabilities": ["filesystem"]},
        {"security": {"permissions": {"process": ["git"]}}, "capabilities": ["process"]},
        {"security": {"permissions": {"env": ["HOME"]}}},
        {"security": {"max_memory": "1MB", "max_cpu": "50%", "timeout": "1s"}},
        {"runtime": {"parallel": False, "lazy": True}},
        {"runtime": {"parallel": True}},
        {"security": {"allowed_apis": ["std.math"], "sandbox": True}},
        {"functions": [{**FUNCTION, "async": False}]},
        {"functions": [{**FUNCTION, "async": True}]},
    ],
)
def test_what_is_done_needs_no_warning(tmp_path, fields):
    write(tmp_path, fields)
    assert validate_folder(tmp_path) == []
    assert unenforced_requests(loads(json.dumps(MANIFEST | fields))) == {}


def test_other_mistakes_do_not_hide_it(tmp_path):
    implementation = {"language": "alas", "build_cmd": "make"}
    fields = {"version": "1", "implementation": implementation, "runtime": {"parallel": True, "lazy": 1}}
    write(tmp_path, fields | {"capabilities": ["function"]})
    found = {finding.pointer: finding.code for finding in validate_folder(tmp_path)}
    assert found == {
        "/version": "invalid_version",
        "/implementation/build_cmd": "unenforceable",
        "/runtime/lazy": "wrong_kind",
    }


def test_parts_of_the_host_have_rules_of_their_own(tmp_path):
    parts = {"type": "builtin", "implementation": {"language": "python"}, "runtime": {"parallel": True}}
    assert unenforced_requests(loads(json.dumps(MANIFEST | parts))) == {}
    parts["implementation"]["build_cmd"] = "make"
    write(tmp_path, parts)
    assert [(one.code, one.severity, one.pointer) for one in validate_folder(tmp_path)] == [
        ("unenforceable", "warning", "/implementation/build_cmd")
    ]


NATIVE = MANIFEST | {
    "type": "native",
    "functions": [FUNCTION],
    "implementation": {"language": "c", "build_cmd": "make", "binaries": ["a.so"]},
}
HYBRID = NATIVE | {
    "type": "hybrid",
    "functions": [FUNCTION, {**FUNCTION, "name": "g", "native": True}],
    "implementation": {**NATIVE["implementation"], "entrypoint": "a.alas.json"},
}


@pytest.mark.parametrize("manifest", [NATIVE, HYBRID], ids=["native", "hybrid"])
def test_native_code_has_no_sandbox_yet(tmp_path, manifest):
    (tmp_path / "a.so").touch()
    write(tmp_path, manifest | {"security": {"sandbox": True}})
    [finding] = validate_folder(tmp_path)
    assert (finding.code, finding.severity, finding.pointer) == (
        "unenforceable",
        "error",
        "/security/sandbox",
    )
    for security in ({}, {"sandbox": False}):
        write(tmp_path, manifest | {"security": security})
        assert validate_folder(tmp_path) == []


def test_what_is_advised_of_the_sandbox_is_right(tmp_path):
    (tmp_path / "a.so").touch()
    manifest = NATIVE | {"capabilities": ["function", "network"]}
    write(tmp_path, manifest)
    [finding] = validate_folder(tmp_path)
    advised = finding.help.partition("`")[2].partition("`")[0]
    assert advised == '"security": {"sandbox": false}'
    write(tmp_path, manifest | json.loads(f"{{{advised}}}"))
    assert validate_folder(tmp_path) == []
    # Leaving it out again would not do.
    write(tmp_path, manifest | {"security": {"sandbox": True}})
    [finding] = validate_folder(tmp_path)
    assert finding.help.startswith("say false")


def test_a_hybrid_plugin_without_native_code_is_sandboxed(tmp_path):
    functions = [FUNCTION, {**FUNCTION, "name": "g"}]
    write(tmp_path, HYBRID | {"functions": functions, "security": {"sandbox": True}}, exports=("f", "g"))
    (tmp_path / "a.so").touch()
    assert validate_folder(tmp_path) == []


NOT_HELD_TO = [
    ("security", {"allowed_apis": []}, "allowed_apis"),
    ("security", {"permissions": {"env": ["HOME"]}}, "permissions"),
    ("runtime", {"environment": {"A": "b"}}, "environment"),
]


@pytest.mark.parametrize(("part", "asked", "field"), NOT_HELD_TO, ids=lambda value: str(value)[:20])
def test_what_native_code_is_not_held_to_is_an_error_of_a_native_plugin(tmp_path, part, asked, field):
    (tmp_path / "a.so").touch()
    write(tmp_path, NATIVE | {part: asked})
    [finding] = validate_folder(tmp_path)
    assert (finding.code, finding.severity, finding.pointer) == ("unenforceable", "error", f"/{part}/{field}")
    write(tmp_path, NATIVE | {part: {field: {}} if field != "allowed_apis" else {}})
    assert validate_folder(tmp_path) == []


@pytest.mark.parametrize(("part", "asked", "field"), NOT_HELD_TO[:2], ids=lambda value: str(value)[:20])
def test_what_half_of_a_hybrid_plugin_is_held_to_is_a_warning(tmp_path, part, asked, field):
    (tmp_path / "a.so").touch()
    write(tmp_path, HYBRID | {part: asked})
    [finding] = validate_folder(tmp_path)
    assert (finding.severity, finding.pointer) == ("warning", f"/{part}/{field}")
    assert list(unenforced_requests(loads(json.dumps(HYBRID | {part: asked})))) == [f"{part}.{field}"]


@pytest.mark.parametrize("manifest", [NATIVE, HYBRID], ids=["native", "hybrid"])
def test_what_cannot_be_without_a_sandbox_is_told_once(tmp_path, manifest):
    (tmp_path / "a.so").touch()
    asked = {"max_memory": "1MB", "timeout": "1s", "allowed_apis": [], "permissions": {"env": ["HOME"]}}
    write(tmp_path, manifest | {"security": {"sandbox": False, **asked}})
    found = [(one.severity, one.pointer) for one in validate_folder(tmp_path)]
    assert found == [("error", f"/security/{field}") for field in asked]


@pytest.mark.parametrize("manifest", [NATIVE, HYBRID], ids=["native", "hybrid"])
@pytest.mark.parametrize(
    ("field", "limit"), [("max_memory", "1MB"), ("max_cpu", "50%"), ("timeout", "1s"), ("max_cpu", "100%")]
)
def test_limits_that_cannot_be_enforced_for_native_code_are_refused(tmp_path, manifest, field, limit):
    (tmp_path / "a.so").touch()
    write(tmp_path, manifest | {"security": {field: limit}})
    [finding] = validate_folder(tmp_path)
    assert (finding.code, finding.severity, finding.pointer) == (
        "unenforceable",
        "error",
        f"/security/{field}",
    )


@pytest.mark.parametrize("fields", [{"runtime": {"parallel": True}}, {"runtime": {"persistent": False}}])
def test_what_native_code_is_held_to(fields):
    for manifest in (NATIVE, HYBRID):
        assert unenforced_requests(loads(json.dumps(manifest | fields))) == {}


def test_a_hybrid_plugin_exports_what_its_manifest_says(tmp_path):
    (tmp_path / "a.so").touch()
    write(tmp_path, HYBRID, exports=("f", "h"))
    [finding] = validate_folder(tmp_path)
    assert (finding.code, finding.severity) == ("signature_mismatch", "error")
    assert "`h`" in finding.message
    # Native functions are no surplus where the module names them among its exports.
    write(tmp_path, HYBRID, exports=("f", "g"))
    assert validate_folder(tmp_path) == []
