"""All that is known about one plugin, as text for people. Whatever comes from a manifest is escaped."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from alas_cli._excerpts import Texts
from alas_cli._plugin._details import Details
from alas_cli._plugin._policy.model import grants_text
from alas_cli._plugin._records import shadowing
from alas_cli._plugin._sources import is_standard, short_path
from alas_cli._rendering import PLAIN, QUIET, STRONG, STYLES, Row, render_diagnostics, render_failure
from alas_manifest import escape_text

if TYPE_CHECKING:
    from alas_manifest import FunctionSignature, Manifest, TypeDefinition

_WIDEST_NAME = 14
_WHOLE_CORE = 100


def render_details(details: Details) -> list[Row]:
    """Return the rows of all that is known about a plugin."""
    manifest = details.manifest
    rows = [*_heading(details), *_facts(details)]
    if manifest is not None:
        rows += _section("functions", _functions(manifest))
        rows += _section("types", _types(manifest))
        rows += _section("asks for", _requests(manifest))
    rows += _section("needs", _needs(details))
    rows += _section("needed by", (_item(one.name, one.version or "") for one in details.needed_by))
    rows += _section("hides", ([(f"  {short_path(one.folder)}", PLAIN)] for one in details.shadows))
    rows += _section("problems", _problems(details), STYLES["error"])
    return rows


def _heading(details: Details) -> Iterator[Row]:
    plugin, manifest = details.plugin, details.manifest
    kind = f", {plugin.type} plugin" if plugin.type is not None else ""
    yield [
        (escape_text(plugin.name), STRONG),
        (f" {plugin.version or '(no version)'}{kind}", PLAIN),
    ]
    if manifest is not None and manifest.description:
        yield [(f"  {escape_text(manifest.description)}", PLAIN)]
    yield []


def _facts(details: Details) -> Iterator[Row]:
    plugin, listed, manifest = details.plugin, details.listed, details.manifest
    state = listed.state
    if plugin.shadowed_by is not None:
        state = shadowing(plugin)
    elif listed.is_remembered:
        state += ", in every run" if details.is_sound else ", though every run wants to load it"
    elif listed.is_needed and details.is_sound:
        state += ", in every run, because plugins that are loaded need it"
    elif not details.is_sound and plugin.is_valid:
        state += ", but cannot be loaded: see the problems"
    yield _fact("state", state)
    origin = plugin.search_path
    if is_standard(plugin):
        yield _fact("part of", "the standard library")
    else:
        yield _fact("folder", short_path(plugin.folder))
        is_package = plugin.entry_point is not None
        place = origin.origin if is_package else f"{short_path(origin.path)} ({origin.origin})"
        yield _fact("found by", place)
    installed = details.installed
    if installed is not None:
        yield _fact("installed", f"{installed.version}, {installed.installed_at}, {installed.reason}")
        yield _fact("installed from", installed.source)
        yield _fact("content hash", installed.hash)
        if installed.agreed is not None:
            yield _fact("agreed to", grants_text(installed.agreed))
    if manifest is None:
        return
    yield _fact("module", manifest.module)
    if manifest.author:
        yield _fact("author", manifest.author)
    if manifest.license is not None:
        yield _fact("license", str(manifest.license))
    yield _fact("works with", f"ALaS {manifest.alas_version}")
    implementation = manifest.implementation
    entrypoint = f", {implementation.entrypoint}" if implementation.entrypoint is not None else ""
    yield _fact("written in", f"{implementation.language}{entrypoint}")
    yield _fact("in use", _runtime(manifest))


def _runtime(manifest: "Manifest") -> str:
    runtime = manifest.runtime
    return ", ".join(
        [
            "loaded at first use" if runtime.lazy else "loaded with the others",
            "kept between calls" if runtime.persistent else "released after each call",
            "calls may overlap" if runtime.parallel else "calls queue",
        ]
    )


def _functions(manifest: "Manifest") -> Iterator[Row]:
    for function in manifest.functions:
        yield [("  ", PLAIN), (escape_text(str(function)), STRONG), (_marks(manifest, function), QUIET)]
        if function.description:
            yield [(f"      {escape_text(function.description)}", PLAIN)]


def _marks(manifest: "Manifest", function: "FunctionSignature") -> str:
    marks = [
        *(["native"] if function.native and manifest.type != "native" else []),
        *(["async"] if function.is_async else []),
    ]
    return f"  ({', '.join(marks)})" if marks else ""


def _types(manifest: "Manifest") -> Iterator[Row]:
    for definition in manifest.types:
        yield _item(definition.name, _definition(definition))


def _definition(definition: "TypeDefinition") -> str:
    if definition.kind == "struct":
        return f"struct {{{', '.join(f'{one.name}: {one.type}' for one in definition.fields)}}}"
    if definition.kind == "enum":
        return f"enum {' | '.join(definition.values)}"
    return f"alias of {definition.base_type}"


def _requests(manifest: "Manifest") -> Iterator[Row]:
    """Yield what the plugin may do and what it is held to, as far as its manifest says."""
    security, permissions = manifest.security, manifest.security.permissions
    yield _item("capabilities", ", ".join(manifest.capabilities) or "none")
    asked: Mapping[str, Iterable[str]] = {
        "reads": permissions.filesystem.read,
        "writes": permissions.filesystem.write,
        "network": permissions.network,
        "processes": permissions.process,
        "variables": permissions.env,
    }
    for name, values in asked.items():
        if values:
            yield _item(name, ", ".join(values))
    if security.allowed_apis is not None:
        yield _item("only uses", ", ".join(security.allowed_apis) or "nothing of the standard library")
    limits = {
        "memory": security.max_memory,
        # A whole core is what a manifest says that does not name any, and such a plugin is not paced.
        "processor": security.max_cpu if security.max_cpu.percent != _WHOLE_CORE else None,
        "time of a call": security.timeout,
    }
    for name, limit in limits.items():
        if limit is not None:
            yield _item(name, f"at most {limit}")
    yield _item("sandbox", _sandbox(manifest))


def _sandbox(manifest: "Manifest") -> str:
    from alas_loader_native import native_functions

    if manifest.type in ("native", "hybrid") and native_functions(manifest):
        return "none in this version: native code runs as a part of the host"
    return "yes" if manifest.security.sandbox else "no: it runs as a part of the host"


def _needs(details: Details) -> Iterator[Row]:
    for need in details.needs:
        problem = need.problem
        found = f"found {need.version}" if need.version is not None else ""
        if need.plugin is not None:
            found = f"{found} in {short_path(need.plugin.folder)}".strip()
        style = PLAIN if problem is None else STYLES["error"]
        text = found if problem is None else f"{problem}{f' ({found})' if found else ''}"
        yield [(f"  {escape_text(str(need.dependency))}  ", PLAIN), (text, style)]


def _problems(details: Details) -> Iterator[Row]:
    if details.listed.error is not None and details.plugin.is_valid:
        yield from render_failure(details.listed.error.code, details.listed.error.message)
    yield from render_diagnostics(details.diagnostics, Texts())


def _section(name: str, rows: Iterable[Row], style: str = STRONG) -> Iterator[Row]:
    found = list(rows)
    if found:
        yield []
        yield [(name, style)]
        yield from found


def _fact(name: str, text: str) -> Row:
    return [(f"  {name:<{_WIDEST_NAME}}  ", QUIET), (escape_text(text), PLAIN)]


def _item(name: str, text: str) -> Row:
    return [(f"  {escape_text(name):<{_WIDEST_NAME}}  ", PLAIN), (escape_text(text), PLAIN)]
