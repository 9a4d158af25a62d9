"""What a manifest says about its module, against what the module says."""

import json

import pytest

from alas_manifest import validate_folder

PROCESS = {"name": "process", "params": [{"name": "data", "type": "string"}], "returns": "string"}
OTHER = {"name": "other", "params": [], "returns": "int"}


def findings_of(tmp_path, manifest_functions, module):
    manifest = {
        "name": "a",
        "version": "1.0.0",
        "module": "a",
        "functions": manifest_functions,
        "types": [{"name": "Shape", "kind": "alias", "base_type": "map"}],
        "implementation": {"language": "alas"},
    }
    (tmp_path / "plugin.json").write_text(json.dumps(manifest))
    text = module if isinstance(module, str) else json.dumps({"type": "module", "name": "a", **module})
    (tmp_path / "a.alas.json").write_text(text)
    return [(one.code, one.severity, one.pointer) for one in validate_folder(tmp_path)]


def changed(**changes):
    return {**PROCESS, **changes}


@pytest.mark.parametrize(
    ("manifest_functions", "module", "expected"),
    [
        ([PROCESS], {"exports": ["process"], "functions": [PROCESS]}, []),
        ([], {"exports": ["process"], "functions": [PROCESS]}, []),
        ([PROCESS], {"exports": ["process"], "functions": [PROCESS, OTHER]}, []),
        (
            [PROCESS],
            {"exports": ["process", "other"], "functions": [PROCESS, OTHER]},
            [("signature_mismatch", "warning", "/functions")],
        ),
        ([PROCESS], {"functions": [PROCESS]}, [("not_exported", "error", "/functions/0/name")]),
        (
            [PROCESS],
            {"exports": ["process"], "functions": []},
            [("not_exported", "error", "/functions/0/name")],
        ),
        ([PROCESS], {}, [("not_exported", "error", "/functions/0/name")]),
        (
            [PROCESS],
            {"exports": 1, "functions": [1, {"name": 1}]},
            [("not_exported", "error", "/functions/0/name")],
        ),
        (
            [PROCESS],
            {"exports": ["process"], "functions": [changed(params=[])]},
            [("signature_mismatch", "error", "/functions/0/params")],
        ),
        (
            [changed(params=[])],
            {"exports": ["process"], "functions": [PROCESS]},
            [("signature_mismatch", "error", "/functions/0/params")],
        ),
        (
            [PROCESS],
            {"exports": ["process"], "functions": [changed(params=[{"name": "data", "type": "int"}])]},
            [("signature_mismatch", "error", "/functions/0/params/0/type")],
        ),
        (
            [PROCESS],
            {"exports": ["process"], "functions": [changed(params=[{"name": "text", "type": "string"}])]},
            [("signature_mismatch", "warning", "/functions/0/params/0/name")],
        ),
        (
            [PROCESS],
            {"exports": ["process"], "functions": [changed(returns="int")]},
            [("signature_mismatch", "error", "/functions/0/returns")],
        ),
        *(
            (
                [changed(returns=stated)],
                {"exports": ["process"], "functions": [changed(returns=found)]},
                expected,
            )
            for stated, found, expected in [
                ("array", "array<any>", []),
                ("array", "array<int>", []),
                ("any", "int", []),
                ("Shape", "map<any>", []),
                ("Shape", "Point", []),
                ("Shape", "array<Point>", [("signature_mismatch", "error", "/functions/0/returns")]),
                ("array<Shape>", "array<map>", []),
                ("array<int>", "array<float>", [("signature_mismatch", "error", "/functions/0/returns")]),
                ("array", "map", [("signature_mismatch", "error", "/functions/0/returns")]),
                (
                    "map<array<int>>",
                    "map<array<bool>>",
                    [("signature_mismatch", "error", "/functions/0/returns")],
                ),
            ]
        ),
        (
            [PROCESS],
            {"exports": ["process"], "functions": [{"name": "process", "params": PROCESS["params"]}]},
            [],
        ),
        (
            [{"name": "process", "params": PROCESS["params"]}],
            {"exports": ["process"], "functions": [PROCESS]},
            [],
        ),
        (
            [PROCESS],
            {"name": "b", "exports": ["process"], "functions": [PROCESS]},
            [("signature_mismatch", "error", "/module")],
        ),
    ],
)
def test_agreement(tmp_path, manifest_functions, module, expected):
    assert findings_of(tmp_path, manifest_functions, module) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"name": "a",}', [("json_syntax", "error", "")]),
        ("", [("json_syntax", "error", "")]),
        ("[" * 100_000, [("json_too_deep", "error", "/0" * 512)]),
        ('{"name": "a", "n": ' + "9" * 5000 + "}", [("number_out_of_range", "error", "/n")]),
        ("[]", []),
    ],
    ids=["comma", "empty", "deep", "number", "array"],
)
def test_module_that_is_not_json(tmp_path, text, expected):
    assert findings_of(tmp_path, [], text) == expected
    assert all(one.file == str(tmp_path / "a.alas.json") for one in validate_folder(tmp_path))


def test_a_module_that_is_not_utf8(tmp_path):
    findings_of(tmp_path, [PROCESS], {"exports": ["process"], "functions": [PROCESS]})
    module = tmp_path / "a.alas.json"
    module.write_text(module.read_text("utf-8"), encoding="utf-16")
    [finding] = validate_folder(tmp_path)
    assert (finding.code, finding.file) == ("json_syntax", str(module))
    assert finding.help == "save the file as UTF-8; it is UTF-16 now"
