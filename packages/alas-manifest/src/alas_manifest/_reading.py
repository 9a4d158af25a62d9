"""From the text of a `plugin.json` to a manifest and findings, in four steps.

Decode (size, UTF-8) → read JSON (syntax) → read the fields (shapes) → apply the rules.
Each step reports all that it can; a manifest comes out only when no finding is an error.
"""

import dataclasses
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass

from alas_manifest._decoding import MAXIMUM_SIZE, read_text
from alas_manifest._diagnostics import Diagnostic, ManifestError
from alas_manifest._fields import MANIFEST
from alas_manifest._json_document import JsonDocument
from alas_manifest._model import (
    Manifest,
    TypeDefinition,
    default_capabilities,
    default_entrypoint,
    default_sandbox,
)
from alas_manifest._names import PLUGIN_NAME
from alas_manifest._places import Place
from alas_manifest._rules import RULES, gather

MANIFEST_FILE = "plugin.json"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of reading a manifest.

    Attributes:
        manifest: the manifest; None when a diagnostic is an error.
        diagnostics: all findings in the order of the file.
        name: what the manifest says the plugin is called, also when other fields are wrong; None when it says nothing
            that can be a name.
    """

    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest's text, read.

    Attributes:
        content: the text and its JSON value; has the findings.
        manifest: the manifest; None when a finding is an error.
    """

    content: JsonDocument
    manifest: Manifest | None

    @property
    def name(self) -> str | None:
        """What the plugin is called, when the text says it."""
        place = Place.whole(self.content).member("name")
        return place.text if place is not None and PLUGIN_NAME.fullmatch(place.text or "") else None

    def reading(self, diagnostics: tuple[Diagnostic, ...]) -> "Reading":
        """Return what came out, given all findings."""
        has_errors = any(diagnostic.is_error for diagnostic in diagnostics)
        return Reading(None if has_errors else self.manifest, diagnostics, self.name)


def read(text: str | bytes, *, file: str | None = None, strict: bool = False) -> Reading:
    """Read a manifest without raising an error for what is wrong with it.

    Args:
        text: the text of a `plugin.json`, or its UTF-8 bytes.
        file: what to call the file in diagnostics.
        strict: warnings count as errors.

    Returns:
        The manifest, if it is right, and every finding.

    Example:
        >>> read('{"name": "My Plugin"}').diagnostics[-1].code
        'invalid_name'
    """
    document = read_document(text, file)
    return document.reading(tuple(document.content.source.diagnostics(strict=strict)))


def validate(text: str | bytes, *, file: str | None = None, strict: bool = False) -> list[Diagnostic]:
    """Return all that is wrong with a manifest.

    Args:
        text: the text of a `plugin.json`, or its UTF-8 bytes.
        file: what to call the file in diagnostics.
        strict: warnings become errors.

    Returns:
        The findings in the order of the file; none when it is right.

    Example:
        >>> [finding.code for finding in validate("[]")]
        ['wrong_kind']
    """
    return list(read(text, file=file, strict=strict).diagnostics)


def loads(text: str | bytes, *, file: str | None = None) -> Manifest:
    """Read a manifest from its text.

    Args:
        text: the text of a `plugin.json`, or its UTF-8 bytes.
        file: what to call the file in diagnostics.

    Returns:
        The manifest, with every default filled in.

    Raises:
        ManifestError: it has errors; `diagnostics` says which.

    Example:
        >>> manifest = loads('''{
        ...     "name": "my-plugin", "version": "1.0.0", "module": "my_plugin",
        ...     "implementation": {"language": "alas"}
        ... }''')
        >>> manifest.implementation.entrypoint
        'my_plugin.alas.json'
    """
    reading = read(text, file=file)
    if reading.manifest is None:
        raise ManifestError(reading.diagnostics)
    return reading.manifest


def load(path: str | os.PathLike[str]) -> Manifest:
    """Read a manifest from a file.

    Args:
        path: a `plugin.json`, or the folder it is in.

    Returns:
        The manifest, with every default filled in.

    Raises:
        ManifestError: the file is absent, cannot be read, or has errors; `diagnostics` says which.

    Example:
        >>> load("no-such-folder")
        Traceback (most recent call last):
        ...
        alas_manifest...ManifestError: no-such-folder:1:1: error[file_not_found]: there is no such file
          help: a plugin is a folder with a plugin.json in it
    """
    reading = read_file(path)
    if reading.manifest is None:
        raise ManifestError(reading.diagnostics)
    return reading.manifest


def read_file(path: str | os.PathLike[str], *, strict: bool = False) -> Reading:
    """Read a manifest from a file without raising an error for what is wrong with it.

    Args:
        path: a `plugin.json`, or the folder it is in.
        strict: warnings count as errors.

    Returns:
        The manifest, if it is right, and every finding, an absent or unreadable file among them.

    Example:
        >>> read_file("no-such-folder").diagnostics[0].code
        'file_not_found'
    """
    content = read_bytes(path)
    if isinstance(content, Diagnostic):
        return Reading(None, (content,))
    file, text = content
    return read(text, file=file, strict=strict)


def read_bytes(path: str | os.PathLike[str]) -> tuple[str, bytes] | Diagnostic:
    """Return the name and content of a manifest's file, or why it cannot be read.

    Opens nothing that could block or has no end: a pipe or device is an error.
    """
    file = os.fspath(path)
    advice = f"a plugin is a folder with a {MANIFEST_FILE} in it"
    try:
        try:
            return file, _regular_bytes(file)
        except IsADirectoryError:
            file = os.path.join(file, MANIFEST_FILE)  # noqa: PTH118 - keeps `./` as the user wrote it
            return file, _regular_bytes(file)
    except FileNotFoundError:
        code, message = "file_not_found", "there is no such file"
    except PermissionError as error:
        code, message = "io_error", f"the file cannot be read: {error.strerror}"
        advice = "let it be read: see the permissions of the file and of its folder"
    except (OSError, ValueError) as error:
        code, message = "io_error", f"the file cannot be read: {getattr(error, 'strerror', None) or error}"
    return Diagnostic(code, "error", message, file, "", 1, 1, advice)


def _regular_bytes(file: str) -> bytes:
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        descriptor = os.open(file, flags)
    except PermissionError:
        # Windows says this of a folder.
        if os.path.isdir(file):  # noqa: PTH112 - never breaks off itself
            raise IsADirectoryError(file) from None
        raise
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(file)
        if not stat.S_ISREG(mode):
            raise OSError(0, "it is not a regular file")
        # One byte more than allowed tells that the file is too large.
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(MAXIMUM_SIZE + 1)
    finally:
        os.close(descriptor)


def read_document(
    text: str | bytes, file: str | None, dependency_types: Mapping[str, TypeDefinition] | None = None
) -> Document:
    """Read a manifest's text, keeping the places for more checks; the types of dependencies are None if not known."""
    content = read_text(text, file)
    if not content.is_readable:
        return Document(content, None)
    place = Place.whole(content)
    manifest = MANIFEST.read(place)
    if isinstance(content.value, dict):
        facts = gather(place, dependency_types)
        for rule in RULES:
            rule(facts)
    if manifest is not None:
        manifest = _with_defaults(manifest, place)
    return Document(content, None if content.source.has_errors else manifest)


def _with_defaults(manifest: Manifest, place: Place) -> Manifest:
    """Fill in the defaults that depend on other fields."""
    implementation, security = manifest.implementation, manifest.security
    if implementation.entrypoint is None:
        entrypoint = default_entrypoint(manifest.type, manifest.module)
        implementation = dataclasses.replace(implementation, entrypoint=entrypoint)
    if place.at("security", "sandbox") is None:
        security = dataclasses.replace(security, sandbox=default_sandbox(manifest.type))
    capabilities = manifest.capabilities
    if place.member("capabilities") is None:
        capabilities = default_capabilities(manifest.functions)
    return dataclasses.replace(
        manifest, implementation=implementation, security=security, capabilities=capabilities
    )
