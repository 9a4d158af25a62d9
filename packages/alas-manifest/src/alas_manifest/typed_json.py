"""Read other JSON files as strictly as `plugin.json` is read: a table of fields in, typed values and findings out.

A `Record` says what the fields of an object accept, by shapes (`Text`, `Repeated`, one's own `Shape`) that can be put together.
`read_bytes` and `read_text` make a document of a file, and reading its `Place` gives the value, or None after a mistake. All
mistakes are reported at once, each with code, JSON pointer, line, column and help; whoever wants more checks looks at places and
reports to them. The same table describes itself as a JSON Schema.

Example:
    >>> from dataclasses import dataclass, field
    >>> from alas_manifest.typed_json import Field, Place, Record, Text, read_text
    >>> @dataclass
    ... class Note:
    ...     text: str
    ...     extra: dict = field(default_factory=dict)
    >>> notes = Record("note", Note, {"text": Field(Text(), "What it says.", is_required=True)})
    >>> notes.read(Place.whole(read_text('{"text": "buy milk"}', "note.json")))
    Note(text='buy milk', extra={})
    >>> document = read_text('{"text": 3}', "note.json")
    >>> notes.read(Place.whole(document)) is None
    True
    >>> print(document.source.diagnostics()[0])
    note.json:1:10: error[wrong_kind]: expected a string, found the number 3
      help: put it in double quotes
"""

from alas_manifest._decoding import read_text
from alas_manifest._field_shapes import DURATION
from alas_manifest._json_document import JsonDocument, Steps, pointer_of
from alas_manifest._places import Place
from alas_manifest._reading import read_bytes
from alas_manifest._records import Field, Record
from alas_manifest._schema_parts import DIALECT, Definitions, Schema
from alas_manifest._shapes import Repeated, Shape, Text, by_name, by_text, report_kind
from alas_manifest._source import Problem, Source, join_pointer

__all__ = [
    "DIALECT",
    "DURATION",
    "Definitions",
    "Field",
    "JsonDocument",
    "Place",
    "Problem",
    "Record",
    "Repeated",
    "Schema",
    "Shape",
    "Source",
    "Steps",
    "Text",
    "by_name",
    "by_text",
    "join_pointer",
    "pointer_of",
    "read_bytes",
    "read_text",
    "report_kind",
]
