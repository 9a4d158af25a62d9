"""The JSON Schema of a file of tests, drawn from the table of fields, for editors."""

import json

from alas_cli._plugin._testing.fields import CASES, FILE
from alas_manifest.typed_json import DIALECT, Definitions, Schema


def schema_of_tests() -> Schema:
    """Return the schema: what it refuses, `alas-plugin test` refuses or warns of."""
    definitions = Definitions(is_strict=True)
    schema: Schema = {
        "$schema": DIALECT,
        "title": "Tests of an ALaS plugin",
        "description": "A file tests/*.json of an ALaS plugin, run by `alas-plugin test`.",
        "anyOf": [CASES.schema(definitions), FILE.schema(definitions)],
    }
    case = definitions.sorted()["test"]
    assert isinstance(case, dict), "a record is an object"
    # A call either returns or fails.
    case["oneOf"] = [{"required": ["expected"]}, {"required": ["expected_error"]}]
    return {**schema, "$defs": definitions.sorted()}


def schema_text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(schema_of_tests(), indent=2) + "\n"
