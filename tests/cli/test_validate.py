"""`alas-validate`: programs, manifests and folders of plugins."""

from __future__ import annotations

import json

import pytest

from .commands import ROOT, Commands
from .programs import builtin, function, literal, module, returning, variable

GOOD = module(function("main", returning(literal(1))))
ODD = module(function("main", returning(literal(1))), extra=[])
BAD = module(function("main", returning(variable("x"))))
MANIFEST = {
    "name": "my-plugin",
    "version": "1.0.0",
    "module": "my_plugin",
    "functions": [{"name": "process", "params": [{"name": "data", "type": "string"}], "returns": "string"}],
    "implementation": {"language": "alas"},
}
PLUGIN = module(
    function("process", returning(variable("data")), params=[("data", "string")], returns="string"),
    name="my_plugin",
    exports=["process"],
)


@pytest.mark.parametrize(
    ("files", "options", "code", "codes"),
    [
        ({"a.alas.json": GOOD}, [], 0, []),
        ({"a.alas.json": GOOD, "b.alas.json": GOOD}, [], 0, []),
        ({"a.alas.json": ODD}, [], 0, ["unknown_key"]),
        ({"a.alas.json": ODD}, ["-strict"], 3, ["unknown_key"]),
        ({"a.alas.json": BAD}, [], 3, ["unknown_variable"]),
        ({"a.alas.json": GOOD, "b.alas.json": BAD}, [], 3, ["unknown_variable"]),
        ({"plugin.json": {"name": "My Plugin"}}, [], 3, ["invalid_name", "missing_field"]),
    ],
    ids=str,
)
def test_files(commands: Commands, files, options, code, codes) -> None:
    names = [commands.file(name, content) for name, content in files.items()]
    outcome = commands.validate("-format", "json", *options, *names)
    assert (outcome.code, outcome.err) == (code, "")
    document = outcome.document
    assert list(document) == ["ok", "diagnostics"]
    assert document["ok"] is (code == 0)
    assert sorted({finding["code"] for finding in document["diagnostics"]}) == codes
    severities = {finding["severity"] for finding in document["diagnostics"]}
    assert ("error" in severities) is (code == 3)
    shown = commands.validate(*options, *names)
    assert shown.code == code
    assert all(f"[{one}]" in shown.err for one in codes)
    assert shown.out == "".join(f"{name}: ok\n" for name in names if code == 0 or files[name] is GOOD)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (json.dumps(GOOD), 0),
        (json.dumps(BAD), 3),
        (json.dumps(MANIFEST), 0),
        (json.dumps(MANIFEST | {"version": "x"}), 3),
    ],
    ids=["good", "bad", "manifest", "bad manifest"],
)
def test_standard_input(commands: Commands, text: str, code: int) -> None:
    for line in ([], ["-"]):
        outcome = commands.validate(*line, stdin=text)
        assert outcome.code == code
        assert (outcome.out == "<standard input>: ok\n") is (code == 0)
        assert ("<standard input>:" in outcome.err or "<text>:" in outcome.err) is (code == 3)


@pytest.mark.parametrize(
    ("manifest", "program", "codes"),
    [
        (MANIFEST, PLUGIN, set()),
        (MANIFEST, PLUGIN | {"exports": []}, {"not_exported"}),
        (MANIFEST, PLUGIN | {"name": "other"}, {"signature_mismatch"}),
        (MANIFEST | {"functions": []}, PLUGIN, set()),
        (
            MANIFEST,
            PLUGIN
            | {"functions": [function("process", returning(variable("y")), params=[("data", "string")])]},
            {"unknown_variable"},
        ),
        (
            MANIFEST,
            PLUGIN
            | {
                "functions": [
                    function("process", returning(builtin("io.readLine")), params=[("data", "string")])
                ]
            },
            {"capability_missing"},
        ),
        (
            MANIFEST | {"capabilities": ["function", "io"], "security": {"allowed_apis": ["std.math"]}},
            PLUGIN
            | {
                "functions": [
                    function("process", returning(builtin("io.readLine")), params=[("data", "string")])
                ]
            },
            {"api_not_allowed"},
        ),
    ],
)
def test_plugins(commands: Commands, manifest, program, codes) -> None:
    commands.file("my-plugin/plugin.json", manifest)
    commands.file("my-plugin/my_plugin.alas.json", program)
    for name in ("my-plugin", "my-plugin/plugin.json"):
        outcome = commands.validate("-format", "json", name)
        found = {
            finding["code"] for finding in outcome.document["diagnostics"] if finding["severity"] == "error"
        }
        assert (found, outcome.code) == (codes, 3 if codes else 0)


def test_wrong_usage(commands: Commands) -> None:
    commands.file("good.alas.json", GOOD)
    (commands.folder / "empty").mkdir()
    for line, message in [
        (["god.alas.json"], "did you mean 'good.alas.json'?"),
        (["plugin.json"], "there is no file 'plugin.json'"),
        (["empty"], "no plugin"),
        (["-strct", "good.alas.json"], "-strct"),
    ]:
        outcome = commands.validate(*line)
        assert (outcome.out, outcome.code) == ("", 2)
        assert message in outcome.err


def test_plugins_are_found_for_programs(commands: Commands) -> None:
    program = str(ROOT / "examples/programs/use_plugin.alas.json")
    outcome = commands.validate("-format", "json", program)
    assert outcome.code == 3
    assert {finding["code"] for finding in outcome.document["diagnostics"]} <= {
        "unknown_module",
        "unknown_builtin",
    }
    assert commands.validate("-plugin-path", str(ROOT / "examples/plugins"), program).code == 0


def test_a_finding_in_a_shared_module_comes_once(commands: Commands) -> None:
    commands.file(
        "shared.alas.json", module(function("f", returning(variable("x"))), name="shared", exports=["f"])
    )
    names = [
        commands.file(f"{name}.alas.json", module(function("main"), imports=["shared"], name=name))
        for name in "ab"
    ]
    document = commands.validate("-format", "json", *names).document
    assert [finding["code"] for finding in document["diagnostics"]] == ["unknown_variable"]


def test_files_that_are_missing_do_not_hide_what_is_wrong_with_the_others(commands: Commands) -> None:
    commands.file("bad.alas.json", BAD)
    commands.file("good.alas.json", GOOD)
    line = ["good.alas.json", "absent.json", "bad.alas.json", "zzz.txt"]
    outcome = commands.validate(*line)
    assert outcome.code == 2
    assert outcome.out == "good.alas.json: ok\n"
    assert "bad.alas.json:" in outcome.err
    assert "[unknown_variable]" in outcome.err
    assert "error: there is no file 'absent.json'\nerror: there is no file 'zzz.txt'" in outcome.err
    outcome = commands.validate("-format", "json", *line)
    assert (outcome.code, outcome.err) == (2, "")
    document = outcome.document
    assert (document["ok"], document["error"]["code"]) == (False, "usage")
    assert document["error"]["message"] == "there is no file 'absent.json'; there is no file 'zzz.txt'"
    assert [finding["code"] for finding in document["diagnostics"]] == ["unknown_variable"]


@pytest.mark.parametrize("name", ["alas-run", "alas-validate"])
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-formats", "json"], "there is no option '-formats'; did you mean '-format'?"),
        (["--formats=json"], "there is no option '--formats'; did you mean '-format'?"),
        (["-format", "xml"], "-format: expected text or json, found 'xml'"),
        (["-format"], "the option '-format' needs a value: -format [text|json]"),
        (["-plugin-debug=1"], "the option '-plugin-debug' takes no value"),
    ],
)
def test_wrong_options_are_explained_in_one_voice(
    commands: Commands, name: str, words: list[str], message: str
) -> None:
    outcome = commands.run(name, *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"error: {message}\n{name} --help explains every option\n"


def test_numbers_out_of_range_are_explained(commands: Commands) -> None:
    outcome = commands.alas_run("-max-depth", "0", "x.json")
    assert "error: -max-depth: expected a whole number from 1 to 1000000, found '0'" in outcome.err
