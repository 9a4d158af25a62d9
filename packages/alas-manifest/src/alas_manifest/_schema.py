"""The JSON Schemas that this package ships, for editors and other validators."""

import json
from importlib.resources import files
from typing import Literal, cast

from alas_manifest._schema_parts import Schema

SchemaKind = Literal["plugin", "module"]

SCHEMA_FOLDER = "schemas"


def schema_file(kind: SchemaKind, *, is_strict: bool) -> str:
    """Return the name of a schema's file in the folder `schemas` of the package."""
    return f"{kind}.strict.schema.json" if is_strict else f"{kind}.schema.json"


def schema_text(kind: SchemaKind, *, strict: bool = False) -> str:
    """Return a JSON Schema as the text of its file.

    Args:
        kind: `"plugin"` for a `plugin.json`, `"module"` for an ALaS module (`*.alas.json`).
        strict: what is only a warning makes a file invalid too, above all an unknown field.

    Returns:
        The text, ending with a line break.

    Raises:
        ValueError: there is no such kind.

    Example:
        >>> schema_text("module").startswith("{")
        True
    """
    if kind not in ("plugin", "module"):
        raise ValueError(f"expected 'plugin' or 'module', found {kind!r}")
    folder = files(__package__ or "alas_manifest") / SCHEMA_FOLDER
    return (folder / schema_file(kind, is_strict=strict)).read_text("utf-8")


def schema(kind: SchemaKind, *, strict: bool = False) -> Schema:
    """Return a JSON Schema (dialect 2020-12).

    Whatever the reader accepts, the schema accepts. The reader knows more than a schema can say: whether a licence is one,
    whether the types of signatures are declared, and the like.

    Args:
        kind: `"plugin"` for a `plugin.json`, `"module"` for an ALaS module (`*.alas.json`).
        strict: what is only a warning makes a file invalid too, above all an unknown field. Editors that show mistakes of a
            schema as warnings are best served by this one.

    Returns:
        The schema; a new object at each call.

    Raises:
        ValueError: there is no such kind.

    Example:
        >>> schema("plugin")["required"]
        ['name', 'version', 'module', 'implementation']
    """
    return cast("Schema", json.loads(schema_text(kind, strict=strict)))
