"""A manifest that somebody wrote, with the places of its parts."""

import functools
import json
import os
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined] # reads one string and says where it ends
from pathlib import Path

from alas_manifest import MANIFEST_FILE, Diagnostic, Manifest, Severity, dumps, load

_SPACE = " \t\r\n"


@dataclass(frozen=True)
class StatedManifest:
    """A manifest and its text.

    Attributes:
        manifest: what it says.
        file: the file it was read from, or None.
    """

    manifest: Manifest
    file: str | None = None

    @classmethod
    def of(cls, source: "Manifest | str | os.PathLike[str]") -> "StatedManifest":
        """Take a manifest, or read one from a file or from the folder it is in.

        Raises:
            ManifestError: it has errors.
        """
        if isinstance(source, Manifest):
            return cls(source)
        manifest = load(source)
        path = Path(source)
        return cls(manifest, str(path / MANIFEST_FILE if path.is_dir() else path))

    @functools.cached_property
    def _text(self) -> str:
        # Only who has to report something needs it. A file that has changed or gone since says nothing about places.
        if self.file is not None:
            try:
                return Path(self.file).read_text(encoding="utf-8")
            except (OSError, ValueError):
                return ""
        return dumps(self.manifest)

    def finding(self, pointer: str, message: str, advice: str, *, severity: Severity = "error") -> Diagnostic:
        """Make a finding about a part.

        Args:
            pointer: the JSON pointer of the part.
            message: what is expected and what is there.
            advice: what to do.
            severity: how bad it is.
        """
        line, column = _place(self._text, pointer)
        return Diagnostic("signature_mismatch", severity, message, self.file, pointer, line, column, advice)


def _place(text: str, pointer: str) -> tuple[int, int]:
    """Return line and column of a part of a JSON text, or of the nearest part around it that is there."""
    position = _skip(text, 0)
    decoder = json.JSONDecoder()
    for step in pointer.split("/")[1:]:
        try:
            found = _step(text, position, step, decoder)
        except (ValueError, IndexError):
            found = None
        if found is None:
            break
        position = found
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def _skip(text: str, position: int, characters: str = _SPACE) -> int:
    while position < len(text) and text[position] in characters:
        position += 1
    return position


def _step(text: str, position: int, step: str, decoder: json.JSONDecoder) -> int | None:
    """Return where a member of the value at a position begins."""
    is_object = text[position] == "{"
    if not is_object and text[position] != "[":
        return None
    position = _skip(text, position + 1)
    count = 0
    while text[position] not in "]}":
        key = str(count)
        if is_object:
            key, position = scanstring(text, position + 1)
            position = _skip(text, position, _SPACE + ":")
        if key == step:
            return position
        _, position = decoder.raw_decode(text, position)
        position = _skip(text, position, _SPACE + ",")
        count += 1
    return None
