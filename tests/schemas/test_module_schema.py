"""The schema of module files and the engine's parser agree: on every conformance program, and on programs that chance has changed.

Whatever the engine loads, the schema accepts. What the engine's parser refuses for its form, the schema refuses; what needs
the whole program, or the text rather than its values, is beyond a schema.
"""

import json
from pathlib import Path

import pytest
from chance import Validator, changed, values
from hypothesis import given, settings
from hypothesis import strategies as st

import alas_core
from alas_core.errors import ProgramError
from alas_manifest import schema

CASES = sorted((Path(__file__).parent.parent / "conformance" / "cases").rglob("*.alas.json"))
REPEATABLE = settings(derandomize=True, deadline=None, database=None, max_examples=800)


def parsed(text):
    """Return the value of a text, or None when it is not JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None


# Findings of the engine that are about the form of the file.
OF_FORM = {"missing_key", "wrong_kind", "unknown_node", "unknown_operator", "invalid_name"}
# Findings of the engine that only sometimes are: types and builtins that cannot be names, and equal texts in one array.
SOMETIMES_OF_FORM = {"unknown_type", "unknown_builtin", "duplicate_name", "json_duplicate_key"}


VALIDATORS = {strict: Validator(schema("module", strict=strict)) for strict in (False, True)}


def engine_findings(text):
    engine = alas_core.Engine()
    try:
        loaded = engine.load(alas_core.Source(text.encode()), lambda _name, _importer: None)
    except ProgramError as error:
        return [(code, severity, pointer) for code, severity, _, _, pointer, *_ in error.diagnostics]
    return [(code, severity, pointer) for code, severity, _, _, pointer, *_ in loaded.warnings]


def disagreement(text, *, strict):
    """Return what only one of engine and schema says, or None."""
    findings = engine_findings(text)
    if any(code == "json_syntax" for code, _, _ in findings):
        # Half of a surrogate pair: the engine goes no further.
        return None
    refusal = next(VALIDATORS[strict].iter_errors(json.loads(text)), None)
    errors = {code for code, severity, _ in findings if severity == "error"}
    of_form = errors & OF_FORM
    if strict:
        of_form |= {code for code, _, _ in findings} & {"unknown_key"}
    if refusal is None:
        return f"only the engine refuses: {sorted(of_form)}" if of_form else None
    if not of_form and not errors & SOMETIMES_OF_FORM:
        return f"only the schema refuses: {refusal.json_path}: {refusal.message}"
    return None


@pytest.mark.parametrize("strict", [False, True], ids=["usual", "strict"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_conformance_programs(path, strict):
    # What is not JSON has no values that a schema could see.
    if parsed(path.read_bytes()) is not None:
        assert disagreement(path.read_text("utf-8"), strict=strict) is None


# --- Programs that chance has changed ---


PROGRAMS = [
    program for path in CASES if path.stat().st_size < 4000 and (program := parsed(path.read_bytes()))
]
WORDS = [
    "", "a", "a b", "a.b", "io.println", "a-b", "a-b.c", "int", "array<int>", "array< map <int> >", "array<", "a.B", "+", "&&", "!", "=>", "literal",
    "variable", "binary", "unary", "call", "module_call", "builtin", "array_literal", "map_literal", "index", "field", "assign", "if", "while",
    "for", "return", "expr", "struct", "enum", "alias", "module", "function", "x\n", "é",
]  # fmt: skip
KEYS = [
    "type", "name", "value", "params", "returns", "body", "meta", "exports", "imports", "types", "functions", "definition", "kind", "fields",
    "values", "target", "cond", "then", "else", "init", "update", "op", "left", "right", "operand", "args", "module", "elements", "pairs", "object",
    "index", "field", "wrong",
]  # fmt: skip
LITERAL = {"type": "literal", "value": 1}
SIMPLE = st.sampled_from(
    [*WORDS, None, True, 1, 1.5, [], {}, LITERAL, {"type": "expr", "value": LITERAL}, {"type": "return"}]
)


@REPEATABLE
@given(changed(PROGRAMS, KEYS, values(SIMPLE, KEYS), most_changes=2), st.booleans())
def test_changed_programs(text, strict):
    assert disagreement(text, strict=strict) is None
