"""A plugin folder: the manifest, the files that it names, and whether the two agree.

No file may lie outside the folder, whichever way its path or a link leads there.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from alas_manifest._agreement import check_agreement, read_module
from alas_manifest._diagnostics import Diagnostic
from alas_manifest._enforcement import check_enforcement
from alas_manifest._forms import inside_path
from alas_manifest._model import MODULE_ENDING, TypeDefinition
from alas_manifest._nearest import nearest_name
from alas_manifest._places import Place
from alas_manifest._reading import Document, Reading, read_bytes, read_document
from alas_manifest._source import Problem
from alas_manifest._text import quote_text

_MOST_NEIGHBOURS = 1000


def validate_folder(
    folder: str | os.PathLike[str],
    *,
    strict: bool = False,
    dependency_types: Mapping[str, TypeDefinition] | None = None,
) -> list[Diagnostic]:
    """Return all that is wrong with a plugin folder.

    Besides the manifest itself, checks that the files it names exist and lie in the folder, that it describes the
    functions of its ALaS module as they are, and that this version does what it asks for. Runs no code of the plugin.

    Args:
        folder: the folder of the plugin, or the `plugin.json` in it.
        strict: warnings become errors.
        dependency_types: the types of the plugins that this one names as its dependencies, as `types_of_dependencies` returns
            them; a type that is in none of them is an error then. None when they are not known.

    Returns:
        The findings of the manifest in the order of the file, then those of the module.

    Example:
        >>> [finding.code for finding in validate_folder("no-such-folder")]
        ['file_not_found']
    """
    return list(read_folder(folder, strict=strict, dependency_types=dependency_types).diagnostics)


def read_folder(
    folder: str | os.PathLike[str],
    *,
    strict: bool = False,
    dependency_types: Mapping[str, TypeDefinition] | None = None,
) -> Reading:
    """Read the manifest of a plugin folder, checking the folder as `validate_folder` does.

    Args:
        folder: the folder of the plugin, or the `plugin.json` in it.
        strict: warnings count as errors.
        dependency_types: as for `validate_folder`.

    Returns:
        The manifest, if all is right, and every finding.

    Example:
        >>> read_folder("no-such-folder").manifest is None
        True
    """
    content = read_bytes(folder)
    if isinstance(content, Diagnostic):
        return Reading(None, (content,))
    file, text = content
    document = read_document(text, file, dependency_types)
    module_findings = _check_files(document, Path(file).parent, dependency_types, strict=strict)
    return document.reading((*document.content.source.diagnostics(strict=strict), *module_findings))


@dataclass(frozen=True, slots=True)
class _NamedFile:
    """A file that a manifest names.

    Attributes:
        place: where it is named.
        path: its path inside the folder.
        can_be_built: whether it may be absent, because building makes it.
    """

    place: Place
    path: str
    can_be_built: bool = False


def _check_files(
    document: Document, folder: Path, dependency_types: Mapping[str, TypeDefinition] | None, *, strict: bool
) -> list[Diagnostic]:
    """Check the files of a manifest; return the findings about the module's own text."""
    root = Place.whole(document.content)
    check_enforcement(root)
    for named in _named_files(root):
        _check_file(named, folder)
    module = _module_file(root)
    if module is None or not _check_file(module, folder):
        return []
    source, content = read_module(folder / module.path)
    if content is not None:
        check_agreement(root, content, module.path, dependency_types)
    return source.diagnostics(strict=strict)


def _named_files(root: Place) -> Iterator[_NamedFile]:
    """Yield the files that a manifest names and that are not its ALaS module."""
    implementation = root.member("implementation")
    if implementation is None:
        return
    module = _module_file(root)
    command = implementation.member("build_cmd")
    can_be_built = command is not None and command.text is not None
    places = [(place, False) for place in implementation.elements("sources")]
    if (entrypoint := implementation.member("entrypoint")) is not None:
        places.append((entrypoint, False))
    for binary in implementation.elements("binaries"):
        places.append((binary, can_be_built))
        places.extend((place, can_be_built) for _, place in binary.members())
    for place, is_built in places:
        if _is_inside_path(place.text) and (module is None or place.text != module.path):
            yield _NamedFile(place, place.text or "", is_built)


def _is_inside_path(text: str | None) -> bool:
    try:
        return text is not None and bool(inside_path(text))
    except ValueError:
        return False


def _module_file(root: Place) -> _NamedFile | None:
    """Return the file of the ALaS module, by the rules of `Manifest.module_file`, if the plugin needs one."""
    implementation, module, stated_type = (root.member(key) for key in ("implementation", "module", "type"))
    plugin_type = stated_type.text if stated_type is not None else "module"
    if implementation is None or module is None or plugin_type not in ("module", "hybrid"):
        return None
    entrypoint = implementation.member("entrypoint")
    named = [entrypoint] if entrypoint is not None else []
    if plugin_type == "hybrid":
        sources = [*named, *implementation.elements("sources")]
        named = [place for place in sources if (place.text or "").endswith(MODULE_ENDING)]
        if not named and not _has_alas_function(root):
            return None
    place, path = (named[0], named[0].text) if named else (implementation, f"{module.text}{MODULE_ENDING}")
    return _NamedFile(place, path) if path is not None and _is_inside_path(path) else None


def _has_alas_function(root: Place) -> bool:
    for function in root.elements("functions"):
        native = function.member("native")
        if native is None or native.value is not True:
            return True
    return False


def _check_file(named: _NamedFile, folder: Path) -> bool:
    """Report a file that is absent, is no file, or lies outside the folder; return whether it is all right."""
    top = folder.resolve()
    path = folder / named.path
    try:
        target = path.resolve()
        is_file, exists = target.is_file(), target.exists()
    except (OSError, RuntimeError, ValueError):
        # A link leads in a circle, the way is barred, or the system knows no such characters.
        target, is_file, exists = path.absolute(), False, False
    shown = quote_text(named.path)
    if not target.is_relative_to(top) and path.absolute() != target:
        message = f"{shown} is a link out of the plugin folder, to {quote_text(str(target))}"
        named.place.report(Problem("path_escapes", message, "put the file itself into the plugin folder"))
        return False
    if is_file:
        return True
    if exists:
        message, advice = f"expected a file, but {shown} is something else", "name a file in it"
        named.place.report(Problem("file_not_found", message, advice))
    elif named.can_be_built:
        message = f"{shown} is not built yet"
        named.place.report(Problem("file_not_found", message, "run the build command", "warning"))
    else:
        message = f"there is no file {shown} in the plugin folder"
        named.place.report(Problem("file_not_found", message, _near_file(named, folder)))
    return False


def _near_file(named: _NamedFile, folder: Path) -> str:
    """Ask whether a file with a near name was meant."""
    neighbours: list[str] = []
    try:
        with os.scandir((folder / named.path).parent) as entries:
            for entry in entries:
                neighbours.append(entry.name)
                if len(neighbours) == _MOST_NEIGHBOURS:
                    break
    except (OSError, ValueError):
        neighbours = []
    wanted = Path(named.path)
    found = nearest_name(wanted.name, (name for name in neighbours if name != "plugin.json"))
    if found is None:
        return f"add the file, or correct the path at {named.place.pointer}"
    return f"did you mean {quote_text((wanted.parent / found).as_posix())}?"
