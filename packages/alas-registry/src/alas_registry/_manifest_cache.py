"""What was read of manifests before, so that looking for plugins reads only what has changed.

A manifest is known by its file: path, device, inode, size and times. Kept are the facts that listing and ordering need, all
findings, and the manifest as text, from which the whole manifest is made when somebody asks for it. The cache decides what is listed and
nothing else: before a plugin is loaded its folder is read again.

The file may be deleted at any time. One that cannot be read, that is damaged, or that another version of the reader made, is
as good as absent; one that cannot be written costs time only.
"""

import functools
import itertools
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from alas_registry._files import read_regular_file, write_atomically
from alas_registry._plugin import Facts, LazyManifest
from alas_registry._trace import LOGGER, shown

if TYPE_CHECKING:
    from alas_manifest import Diagnostic, Manifest, PluginType

_FORMAT = 1
_MOST_ENTRIES = 20_000
_LARGEST_FILE = 1 << 28
# A file that changed so short a time before it was read may change again without its time showing it: clocks of file
# systems advance in steps. In nanoseconds; the second is for those that know whole seconds only.
_FINE_STEP, _WHOLE_SECOND = 20_000_000, 2_000_000_000

_Identity = tuple[int, int, int, int, int]


class FoundManifest(NamedTuple):
    """What reading a manifest brought.

    Attributes:
        name: what it says the plugin is called, if it says it.
        facts: None when it has errors.
        manifest: None when it has errors.
        diagnostics: all findings.
    """

    name: str | None
    facts: Facts | None
    manifest: LazyManifest | None
    diagnostics: "tuple[Diagnostic, ...]"


class _Entry(NamedTuple):
    """A manifest as it is kept.

    Attributes:
        identity: of the file that was read.
        found: what was read.
        text: the manifest, written; empty when it has errors.
    """

    identity: _Identity
    found: FoundManifest
    text: str


class ManifestCache:
    """Reads manifests, each file once for as long as it does not change."""

    def __init__(self, file: Path | None = None) -> None:
        """Make a cache.

        Args:
            file: where it is kept between processes; None keeps it in memory only.
        """
        self._file = file
        self._entries: dict[str, _Entry] = {}
        self._used: dict[str, _Entry] = {}
        self._is_read = file is None
        self._is_changed = False

    def read(self, file: str) -> FoundManifest | None:
        """Read a manifest.

        Args:
            file: the `plugin.json`.

        Returns:
            What it says, or None when there is no such file.
        """
        if not self._is_read:
            self._is_read = True
            self._entries = _read_entries(self._file)
        try:
            status = os.stat(file)  # noqa: PTH116 - called a thousand times, and a path object costs as much again
        except FileNotFoundError:
            # A link that leads nowhere is wrong, and the reader says so.
            return _read_manifest(file)[0] if os.path.lexists(file) else None
        except OSError:
            # The way to it may be barred, or a link leads in a circle.
            return _read_manifest(file)[0]
        identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        entry = self._entries.get(file)
        if entry is None or entry.identity != identity:
            is_settled = _is_settled(status)
            found, text = _read_manifest(file)
            entry = _Entry(identity, found, text)
            self._is_changed = True
            if not is_settled:
                return found
        self._used[file] = entry
        return entry.found

    def finish(self) -> None:
        """Keep what was read for other processes, if anything is new.

        What the last look did not use stays as long as its file is there: another look may search other folders.
        """
        if self._is_changed and self._file is not None:
            unused = {
                path: entry
                for path, entry in self._entries.items()
                if path not in self._used and os.path.lexists(path)
            }
            room = max(0, _MOST_ENTRIES - len(self._used))
            self._entries = dict(itertools.islice(unused.items(), room)) | self._used
            try:
                _write_entries(self._file, self._entries)
            except OSError as error:
                LOGGER.debug("the cache %s cannot be written: %s", shown(self._file), error.strerror)
        else:
            self._entries |= self._used
        self._used, self._is_changed = {}, False


def _is_settled(status: os.stat_result) -> bool:
    """Say whether a change after now is certain to show in the times of a file."""
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    step = _FINE_STEP if changed % 1_000_000_000 else _WHOLE_SECOND
    return time.time_ns() - changed > step


def _read_manifest(file: str) -> tuple[FoundManifest, str]:
    # Imported here, because reading manifests takes long to import and is rarely needed.
    from alas_manifest import dumps, read_file

    reading = read_file(file)
    manifest = reading.manifest
    if manifest is None:
        return FoundManifest(reading.name, None, None, reading.diagnostics), ""
    found = FoundManifest(
        manifest.name, Facts.of(manifest), LazyManifest(lambda: manifest), reading.diagnostics
    )
    return found, dumps(manifest)


def _parse(text: str, file: str) -> "Manifest":
    from alas_manifest import loads

    return loads(text, file=file)


# --- The file ---


def _reader_identity() -> str | None:
    """Return what changes when another version reads manifests, or another machine; None when there is no telling."""
    import alas_manifest

    try:
        with os.scandir(Path(alas_manifest.__file__).parent) as entries:
            files = sorted(
                (entry.name, entry.stat().st_mtime_ns, entry.stat().st_size)
                for entry in entries
                if entry.name.endswith(".py")
            )
    except OSError:
        return None
    # What a manifest may ask of the processors depends on how many there are.
    return repr((_FORMAT, os.cpu_count(), files))


def _read_entries(file: Path | None) -> dict[str, _Entry]:
    if file is None:
        return {}
    try:
        first, _, body = read_regular_file(file, _LARGEST_FILE).partition(b"\n")
        # Compared as bytes: what another version has written may be anything.
        if first != _first_line(body):
            return {}
        return {path: _from_row(path, row) for path, row in json.loads(body).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError) as error:
        LOGGER.debug(
            "the cache %s cannot be read, so it is made again: %s", shown(file), type(error).__name__
        )
        return {}


def _write_entries(file: Path, entries: dict[str, _Entry]) -> None:
    rows = {path: _to_row(entry) for path, entry in entries.items()}
    body = json.dumps(rows, separators=(",", ":")).encode()
    first = _first_line(body)
    if first is not None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(file, first + b"\n" + body)


def _first_line(body: bytes) -> bytes | None:
    """Return what stands before the rows: who reads manifests so, and a checksum, because a damaged row would be believed."""
    import zlib

    reader = _reader_identity()
    return f"{reader} {zlib.crc32(body):08x}".encode() if reader is not None else None


def _to_row(entry: _Entry) -> list[object]:
    facts, found = entry.found.facts, entry.found
    kept = None
    if facts is not None:
        kept = [
            *(facts.version, facts.type, facts.module, facts.description, facts.capabilities),
            *(facts.alas_version, facts.dependencies, facts.lazy),
        ]
    findings = [finding.to_dict() for finding in found.diagnostics]
    return [entry.identity, found.name, kept, findings, entry.text]


def _from_row(file: str, row: Sequence[object]) -> _Entry:
    identity, name, kept, findings, text = row
    diagnostics = _from_findings(cast("list[dict[str, str]]", findings))
    facts, manifest = None, None
    if kept is not None:
        version, kind, module, description, capabilities, alas_version, dependencies, lazy = cast(
            "list[str]", kept
        )
        facts = Facts(
            version,
            cast("PluginType", kind),
            module,
            description,
            tuple(capabilities),
            alas_version,
            tuple(dependencies),
            bool(lazy),
        )
        manifest = LazyManifest(functools.partial(_parse, cast("str", text), file))
    found = FoundManifest(cast("str | None", name), facts, manifest, diagnostics)
    return _Entry(cast("_Identity", tuple(cast("list[int]", identity))), found, cast("str", text))


def _from_findings(findings: list[dict[str, str]]) -> "tuple[Diagnostic, ...]":
    if not findings:
        return ()
    from alas_manifest import Diagnostic

    return tuple(Diagnostic(**finding) for finding in findings)  # type: ignore[arg-type] # as `to_dict` has made them
