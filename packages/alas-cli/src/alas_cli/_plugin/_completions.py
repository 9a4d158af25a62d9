"""What a shell offers for the words of a command: names of plugins and functions, and files.

A completion must never get in the way: whatever fails, nothing is offered and nothing is printed.
"""

import contextlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from alas_registry import Plugin, Registry

# What a shell can insert as it is. A broken plugin has the name of its folder, which may be anything.
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")

Names = Callable[["Registry"], Iterable[tuple[str, str]]]


def complete_plugins(
    context: "click.Context", _parameter: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Offer the names of plugins, or folders once the word looks like a path."""
    if _is_path(incomplete):
        return _files(incomplete, "dir")
    return _offer(context, incomplete, lambda registry: map(_named, registry.plugins))


def complete_folders(
    _context: "click.Context", _parameter: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Offer folders."""
    return _files(incomplete, "dir")


def complete_tested(
    context: "click.Context", _parameter: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Offer the names of plugins that have tests of their own, or files once the word looks like a path."""
    if _is_path(incomplete):
        return _files(incomplete, "file")

    def names(registry: "Registry") -> Iterator[tuple[str, str]]:
        from alas_cli._plugin._sources import is_standard

        return (_named(one) for one in registry.plugins if not is_standard(one))

    return _offer(context, incomplete, names)


def complete_remembered(
    context: "click.Context", _parameter: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Offer the names of the plugins that every run loads."""

    def names(registry: "Registry") -> Iterator[tuple[str, str]]:
        from alas_registry import RememberedPlugins, alas_home

        for name in RememberedPlugins(alas_home()).names():
            plugin = registry.find(name)
            yield _named(plugin) if plugin is not None else (name, "is not there any more")

    return _offer(context, incomplete, names)


def complete_installed(
    context: "click.Context", _parameter: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Offer the names of the plugins that were installed."""

    def names(registry: "Registry") -> Iterator[tuple[str, str]]:
        from alas_registry.installed import installed_details

        return (_named(one) for one in registry.plugins if installed_details(one.folder) is not None)

    return _offer(context, incomplete, names)


def complete_functions(
    context: "click.Context", _parameter: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Offer functions of plugins, each with its plugin's name."""

    def names(registry: "Registry") -> Iterator[tuple[str, str]]:
        wanted = incomplete.partition(".")[0]
        for plugin in registry.plugins:
            if plugin.is_available and plugin.name.startswith(wanted) and plugin.manifest is not None:
                for function in plugin.manifest.functions:
                    yield f"{plugin.name}.{function.name}", function.description or str(function)

    return _files(incomplete, "dir") if _is_path(incomplete) else _offer(context, incomplete, names)


def _named(plugin: "Plugin") -> tuple[str, str]:
    return plugin.name, plugin.facts.description if plugin.facts is not None else "has errors"


def _is_path(incomplete: str) -> bool:
    return os.sep in incomplete or incomplete.startswith((".", "~"))


def _files(incomplete: str, kind: str) -> "list[CompletionItem[str]]":
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type=kind)]


def _offer(context: "click.Context", incomplete: str, names: Names) -> "list[CompletionItem[str]]":
    from click.shell_completion import CompletionItem

    from alas_manifest import escape_text

    with contextlib.redirect_stderr(io.StringIO()):
        try:
            found = dict(names(_registry(context)))
        except Exception:  # whatever is wrong, a half-typed command line is not the place to say so  # noqa: BLE001
            return []
    return [
        CompletionItem(name, help=escape_text(text) or None)
        for name, text in found.items()
        if _PLAIN.fullmatch(name) and name.startswith(incomplete.casefold())
    ]


def _registry(context: "click.Context") -> "Registry":
    from alas_cli._plugin._sources import find_plugins
    from alas_cli._subcommand import CommonOptions

    plugin_paths = context.params.get("plugin_paths") or ()
    return find_plugins(CommonOptions(tuple(plugin_paths), plugin_debug=False, output_format="text"))
