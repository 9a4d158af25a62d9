"""What a JSON Schema can say about the strings of a manifest.

Each form accepts at least what the field's own parser accepts. Where a pattern cannot say it all (that a licence is one SPDX
lists, that an amount fits 64 bits), the parser is the stricter of the two.
"""

from alas_manifest._dependencies import DEPENDENCY_NAME
from alas_manifest._forms import LONGEST_COMMAND
from alas_manifest._names import (
    ENVIRONMENT_NAME,
    IDENTIFIER,
    MODULE_NAME,
    PLATFORMS,
    PLUGIN_NAME,
    STANDARD_LIBRARY,
    standard_names,
)
from alas_manifest._quantities import DURATION_PATTERN, LONGEST_TEXT, NUMBER_PATTERN, SIZE_UNITS
from alas_manifest._schema_parts import Schema, strings, whole
from alas_manifest._type_references import BUILTIN_TYPES, TYPE_PATTERN
from alas_manifest._versions import LONGEST_RANGE, LONGEST_VERSION, RANGE_PATTERN, VERSION_PATTERN

_NAMESPACES = "|".join(STANDARD_LIBRARY)
_RANGE_AFTER_NAME = rf"(?: +{RANGE_PATTERN}|[<>=^~]{RANGE_PATTERN})?"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|(?:\*\.)?{_LABEL}(?:\.{_LABEL})*\.?)(?::[0-9]{{1,5}})?"


def _form(pattern: str, *examples: str, longest: int | None = None) -> Schema:
    form: Schema = {"pattern": whole(pattern)}
    if longest is not None:
        form["maxLength"] = longest
    return form | ({"examples": strings(examples)} if examples else {})


IDENTIFIER_FORM = _form(IDENTIFIER.pattern)
TYPE_FORM = _form(TYPE_PATTERN, *BUILTIN_TYPES, "array<int>", "map<string>")
PLUGIN_NAME_FORM = _form(PLUGIN_NAME.pattern, "my-plugin")
MODULE_NAME_FORM = _form(MODULE_NAME.pattern, "my_plugin")
ENVIRONMENT_FORM = _form(ENVIRONMENT_NAME.pattern)
PLATFORM_FORM: Schema = {"enum": strings(PLATFORMS)}
VERSION_FORM = _form(VERSION_PATTERN, "1.0.0", "2.0.0-rc.1", longest=LONGEST_VERSION)
RANGE_FORM = _form(
    RANGE_PATTERN, ">=0.1.0", "^1.2", "~1.2.3", "1.x", ">=1 <2", "^1 || ^2", longest=LONGEST_RANGE
)
LICENSE_FORM = _form(
    r"[ -~]+", "MIT", "Apache-2.0", "MIT OR Apache-2.0", "GPL-3.0-or-later WITH GCC-exception-3.1"
)
DEPENDENCY_FORM: Schema = {
    **_form(rf"(?:{DEPENDENCY_NAME}){_RANGE_AFTER_NAME}", "math-utils", "math-utils >=1.2 <2", "std.math"),
    # A name of the standard library is one that is there.
    "anyOf": [
        {"pattern": rf"^std\.(?:\*|{_NAMESPACES})(?:[ <>=^~].*)?$"},
        {"not": {"pattern": r"^std(?:[. <>=^~].*)?$"}},
    ],
}
API_FORM: Schema = {
    "anyOf": [
        {"enum": strings(sorted(standard_names()))},
        {"pattern": whole(rf"{MODULE_NAME.pattern}(?:\.\*)?"), "not": {"pattern": r"^std(?:\..*)?$"}},
    ],
}
SIZE_FORM: Schema = {
    **_form(
        rf"{NUMBER_PATTERN}(?:{'|'.join(filter(None, SIZE_UNITS))})?",
        "100MB",
        "64MiB",
        "1_000_000",
        longest=LONGEST_TEXT,
    ),
    "not": {"pattern": r"^[0_.]+[A-Za-z]*$"},
}
DURATION_FORM: Schema = {
    **_form(DURATION_PATTERN, "10s", "500ms", "1m30s", longest=LONGEST_TEXT),
    "minLength": 1,
}
SHARE_FORM: Schema = {
    **_form(rf"{NUMBER_PATTERN}%", "50%", "100%", longest=LONGEST_TEXT),
    "not": {"pattern": r"^[0_.]+%$"},
}
# Absolute, with a drive, an address, in a home folder, through a parent folder, a folder itself, or with a character that no path has.
PATH_FORM: Schema = {
    "not": {"pattern": r"^/|\\|^[A-Za-z]:|://|^~(?:/|$)|(?:^|/)\.\.(?:/|$)|(?:^|/)\.?$|\x00"},
}
COMMAND_LINE_FORM: Schema = {
    "pattern": r"\S",
    "maxLength": LONGEST_COMMAND,
    "examples": ["make", "cargo build --release"],
}
WORD_FORM: Schema = {"minLength": 1}
SCOPE_PATH_FORM: Schema = {"not": {"pattern": r"^$|\x00"}}
SCOPE_COMMAND_FORM: Schema = {"not": {"pattern": r"^$|\s|\x00"}}
SCOPE_HOST_FORM = _form(_HOST, "example.com", "example.com:443", "*.example.com", "[::1]:8080")
