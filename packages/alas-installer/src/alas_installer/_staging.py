"""From what the user has named to a copy that can be checked and moved to its place."""

import dataclasses
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from alas_installer import _durable as durable
from alas_installer._entry_names import EntryNames
from alas_installer._errors import InstallError
from alas_installer._limits import Limits, Meter
from alas_installer._sources import PIECE, FileEntry, Source, find_source
from alas_manifest import MANIFEST_FILE, escape_text, has_native_code, quote_text
from alas_registry import NativePolicy
from alas_registry.installed import Content, read_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alas_manifest import Diagnostic, Manifest

_MOST_NAMED = 10
_LONGEST_PATH = 200
_ABOUT_ENTRIES = frozenset({"entry_kind", "entry_name", "entry_duplicate"})


class CopyListener(Protocol):
    """Is told how far a copy has come."""

    def __call__(self, source: str, copied_bytes: int, /) -> None:
        """Take note.

        Args:
            source: what is copied.
            copied_bytes: how much of it was copied so far.
        """


class Build(Protocol):
    """Builds the native code of a plugin."""

    def __call__(
        self, manifest: "Manifest", folder: Path, scratch: Path, source: Path, /
    ) -> Mapping[str, Path]:
        """Build what is missing, or not up to date.

        Args:
            manifest: what the plugin says about itself.
            folder: a copy of the plugin, which has to stay as it is.
            scratch: where it may be built; nothing is there.
            source: what the user has named, a folder or an archive, which has to stay as it is as well.

        Returns:
            What belongs into the plugin besides: the path in its folder to the file.

        Raises:
            NotBuiltError: it was not, so that the plugin cannot be installed.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What happens to a plugin before it is checked.

    Attributes:
        limits: how large it may be.
        listener: is told how far the copy has come.
        build: builds native code; None leaves the copy as it is.
        native: whether it may have native code.
    """

    limits: Limits
    listener: CopyListener | None = None
    build: Build | None = None
    native: NativePolicy = field(default_factory=NativePolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A plugin that was copied, and is to be installed.

    Attributes:
        manifest: what it says about itself.
        folder: the copy.
        content: what the copy holds.
        source: what the user has named, absolute.
        warnings: what is not quite right with it.
        left_out: names in the source that are no part of a plugin.
    """

    manifest: "Manifest"
    folder: Path
    content: Content
    source: Path
    warnings: "tuple[Diagnostic, ...]"
    left_out: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the plugin."""
        return self.manifest.name

    def as_in_source(self, diagnostics: "Sequence[Diagnostic]") -> "list[Diagnostic]":
        """Return findings about the copy as findings about what the user knows."""
        return as_in_source(diagnostics, self.folder, self.source)


def stage(stated: str, staging: Path, preparation: Preparation) -> Candidate:
    """Copy a plugin to where it can be checked, and build what is missing of it.

    Args:
        stated: what the user has named.
        staging: a new folder for it.
        preparation: what happens to it there.

    Returns:
        The copy. Its manifest, and the files that it names, are right.

    Raises:
        InstallError: it is no plugin, or not one that can be installed.
        OSError: something cannot be read or written.
    """
    limits, build = preparation.limits, preparation.build
    source = find_source(stated, limits)
    if source.archive_bytes is None and not (source.path / MANIFEST_FILE).exists():
        raise _no_plugin(source, source.path)
    copy = staging / "content"
    durable.make_inner_folder(staging)
    durable.make_inner_folder(copy)
    meter = Meter(limits, archive_bytes=source.archive_bytes)
    names = EntryNames(meter)
    made = {copy}
    for entry in _named(source.files(names, staging), source):
        file = copy / entry.path
        for above in reversed(file.relative_to(copy).parents):
            if (folder := copy / above) not in made:
                durable.make_inner_folder(folder)
                made.add(folder)
        pieces = _counted(entry.pieces, meter, entry.path)
        durable.write_file(file, _reported(pieces, source, meter, preparation.listener))
    folder = copy if (copy / MANIFEST_FILE).exists() else _top_folder(source, copy)
    candidate = _candidate(source, folder, tuple(sorted(names.left_out)))
    _check_native(candidate.manifest, preparation.native)
    if build is None or candidate.manifest.type not in ("native", "hybrid"):
        return candidate
    built = build(candidate.manifest, folder, staging / "build", source.path)
    for path, file in built.items():
        _take(folder / path, _counted(_pieces(file), meter, path))
    return _candidate(source, folder, candidate.left_out) if built else candidate


def _check_native(manifest: "Manifest", policy: NativePolicy) -> None:
    """Refuse a plugin with native code that would never be loaded, before any of it is built."""
    if policy.refuses_any and has_native_code(manifest):
        raise InstallError("native_refused", f"`{manifest.name}` has native code, which {policy.reason}")


def _named(entries: Iterator[FileEntry], source: Source) -> Iterator[FileEntry]:
    """Yield entries; an error about one names the plugin, of which there may be several in one step."""
    try:
        yield from entries
    except InstallError as error:
        if error.code not in _ABOUT_ENTRIES:
            raise
        message = f"the plugin in {quote_text(str(source.path), _LONGEST_PATH)}: {error.message}"
        raise InstallError(error.code, message, error.help, error.diagnostics) from error


def _take(target: Path, pieces: Iterator[bytes]) -> None:
    """Put a file that was built into a copy, in place of an older one."""
    for above in reversed([one for one in target.parents if not one.exists()]):
        durable.make_inner_folder(above)
    durable.remove(target)
    durable.write_file(target, pieces)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _counted(pieces: Iterator[bytes], meter: Meter, path: str) -> Iterator[bytes]:
    so_far = 0
    for piece in pieces:
        so_far += len(piece)
        meter.add_bytes(len(piece), path, so_far)
        yield piece


def _reported(
    pieces: Iterator[bytes], source: Source, meter: Meter, listener: CopyListener | None
) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        if listener is not None:
            listener(str(source.path), meter.bytes)


def _top_folder(source: Source, copy: Path) -> Path:
    """Return the one folder that an archive holds."""
    inside = sorted(copy.iterdir())
    if source.archive_bytes is not None and len(inside) == 1 and (inside[0] / MANIFEST_FILE).is_file():
        return inside[0]
    raise _no_plugin(source, copy)


def _no_plugin(source: Source, folder: Path) -> InstallError:
    shown = quote_text(str(source.path))
    found = sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST_FILE}"))
    if not found:
        what = "folder" if source.archive_bytes is None else "archive"
        message = f"the {what} {shown} is no plugin: it holds no {MANIFEST_FILE}"
        return InstallError("not_a_plugin", message, f"name what has a {MANIFEST_FILE} at its top")
    named = ", ".join(found[:_MOST_NAMED]) + (", …" if len(found) > _MOST_NAMED else "")
    message = f"{shown} is no plugin itself, but holds plugins: {named}"
    if source.archive_bytes is None:
        paths = [str(source.path / name) for name in found[:_MOST_NAMED]]
        return InstallError("not_a_plugin", message, f"alas-plugin install {shlex.join(paths)}")
    advice = (
        "an archive holds one plugin, at its top or in its only folder; unpack it, and name their folders"
    )
    return InstallError("not_a_plugin", message, advice)


def _candidate(source: Source, folder: Path, left_out: tuple[str, ...]) -> Candidate:
    from alas_manifest import read_folder

    path = source.path.absolute()
    reading = read_folder(folder)
    findings = as_in_source(reading.diagnostics, folder, path)
    manifest = reading.manifest
    if manifest is None:
        count = sum(finding.is_error for finding in findings)
        message = f"the plugin in {quote_text(str(source.path))} has {count} error{'s' if count > 1 else ''}"
        raise InstallError("plugin_invalid", message, "correct the plugin", findings)
    if manifest.type == "builtin":
        package = next(
            (
                f"pip install {shlex.quote(str(path))}"
                for name in ("pyproject.toml", "setup.py")
                if (folder / name).is_file()
            ),
            None,
        )
        raise InstallError(
            "builtin_plugin",
            f"`{manifest.name}` is a builtin plugin, which is part of a Python package and runs without a sandbox",
            package or "install the Python package that it is part of, with pip install",
        )
    return Candidate(
        manifest=manifest,
        folder=folder,
        content=read_content(folder),
        source=path,
        warnings=tuple(findings),
        left_out=left_out,
    )


def as_in_source(diagnostics: "Sequence[Diagnostic]", folder: Path, source: Path) -> "list[Diagnostic]":
    """Return findings about a copy as findings about what it was copied from."""
    copied, original = str(folder), escape_text(str(source))
    return [
        dataclasses.replace(
            finding,
            file=finding.file.replace(copied, str(source)) if finding.file is not None else None,
            message=finding.message.replace(copied, original),
            help=finding.help.replace(copied, original) if finding.help is not None else None,
        )
        for finding in diagnostics
    ]
