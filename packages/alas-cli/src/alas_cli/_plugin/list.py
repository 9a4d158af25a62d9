"""`alas-plugin list`: what is there, the broken and shadowed ones included."""

import fnmatch
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._plugin._completions import complete_plugins
from alas_cli._subcommand import CommonOptions, subcommand
from alas_cli._usage import Word

if TYPE_CHECKING:
    from alas_cli._plugin._records import Listed
    from alas_cli._rendering import Row
    from alas_cli._tables import Cell
    from alas_manifest import Diagnostic
    from alas_registry import Registry

_TYPES = ("module", "native", "hybrid", "builtin")
_STATES = ("discovered", "loaded", "failed", "invalid", "shadowed")
_CAPABILITIES = ("function", "type", "module", "io", "network", "filesystem", "process")
_HEAD = ("NAME", "VERSION", "TYPE", "STATE", "FROM", "DESCRIPTION")
_WILDCARDS = frozenset("*?[")


@subcommand(
    "list",
    [
        ("alas-plugin list", "every plugin, and what is wrong with any"),
        ("alas-plugin list 'math*'", "those whose name or module looks like this"),
        ("alas-plugin list -state invalid -state shadowed", "those that cannot be used"),
        ("alas-plugin list -type module -capability network", ""),
        ("alas-plugin list -format json", "for programs"),
    ],
    formats=("table", "text", "json"),
)
@click.option(
    "-type",
    "--type",
    "types",
    type=Word(_TYPES),
    multiple=True,
    help="Only plugins of this type. Repeatable.",
)
@click.option(
    "-state",
    "--state",
    "states",
    type=Word(_STATES),
    multiple=True,
    help="Only plugins in this state. Repeatable.",
)
@click.option(
    "-capability",
    "--capability",
    "capabilities",
    type=Word(_CAPABILITIES),
    multiple=True,
    help="Only plugins with this capability. Repeatable: any of them will do.",
)
@click.argument("words", nargs=-1, metavar="[NAMES]...", shell_complete=complete_plugins)
def command(**values: Any) -> int:
    """List plugins, the broken ones included.

    NAMES are names of plugins or modules, or parts of them; * and ? stand for anything.

    A plugin that is broken shows its first problem; alas-plugin info NAME shows all. Since nobody knows the type and the
    capabilities of a plugin whose manifest cannot be read, filters by them leave it in.
    """
    common = CommonOptions.take(values)
    return ListPlugins(common, Filter(**values)).run()


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which plugins to list: each that fits one of the alternatives of every kind that is there."""

    types: tuple[str, ...]
    states: tuple[str, ...]
    capabilities: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything through."""
        return not (self.types or self.states or self.capabilities or self.words)

    def takes(self, one: "Listed") -> bool:
        """Say whether a plugin is to be listed."""
        facts = one.plugin.facts
        return (
            (not self.states or one.state in self.states)
            and (not self.words or any(_is_like(one, word) for word in self.words))
            and (not self.types or facts is None or facts.type in self.types)
            and (
                not self.capabilities
                or facts is None
                or not set(self.capabilities).isdisjoint(facts.capabilities)
            )
        )


def _is_like(one: "Listed", word: str) -> bool:
    word = word.casefold()
    pattern = word if _WILDCARDS.intersection(word) else f"*{word}*"
    names = [one.plugin.name.casefold(), *([one.plugin.module.casefold()] if one.plugin.module else [])]
    return any(fnmatch.fnmatchcase(name, pattern) for name in names)


class ListPlugins:
    """Lists plugins as a command line asks."""

    def __init__(self, options: CommonOptions, wanted: Filter) -> None:
        """Take the command line."""
        self._options = options
        self._wanted = wanted

    def run(self) -> int:
        """Print the list.

        Returns:
            The exit code.

        Raises:
            UsageMistake: a folder that the command line names is not there.
        """
        from alas_cli._plugin._records import list_all
        from alas_cli._plugin._sources import find_plugins

        registry = find_plugins(self._options)
        everything = list_all(registry)
        listed = [one for one in everything if self._wanted.takes(one)]
        if self._options.is_for_machines:
            self._write_document(registry, listed)
        else:
            self._print(registry, listed, everything)
        return exit_codes.DONE

    def _write_document(self, registry: "Registry", listed: "Sequence[Listed]") -> None:
        import json

        from alas_cli._documents import write_document

        paths = [
            {"path": str(one.path), "origin": one.origin, "exists": one.path.is_dir()}
            for one in registry.search_paths
        ]
        document = {
            "ok": True,
            "plugins": [one.to_dict() for one in listed],
            "problems": [problem.to_dict() for problem in _other_problems(registry)],
            "search_paths": paths,
        }
        write_document(json.dumps(document))

    def _print(
        self, registry: "Registry", listed: "Sequence[Listed]", everything: "Sequence[Listed]"
    ) -> None:
        from alas_cli._rendering import print_rows
        from alas_cli._tables import print_table

        if listed:
            print_table(_HEAD, [_cells(one) for one in listed])
        print_rows(
            [
                *self._emptiness(registry, listed, everything),
                *_problems(listed),
                *_render_others(registry),
            ],
            sys.stdout,
        )

    def _emptiness(
        self, registry: "Registry", listed: "Sequence[Listed]", everything: "Sequence[Listed]"
    ) -> "Iterable[Row]":
        """Say what to do when nothing of the user's own is there."""
        from alas_cli._plugin._sources import is_standard, searched_rows
        from alas_cli._rendering import ADVICE, PLAIN

        if listed and not (self._wanted.is_empty and all(is_standard(one.plugin) for one in listed)):
            return
        if listed:
            yield []
        if not self._wanted.is_empty and everything:
            yield from self._nothing_fits(everything)
            return
        other = "other " if listed else ""
        yield [(f"no {other}plugins were found; these places were looked at, in this order:", PLAIN)]
        yield from searched_rows(registry)
        if Path("plugin.json").is_file():
            yield [
                ("  help: ", ADVICE),
                ("this folder is a plugin itself: alas-plugin list -plugin-path .", PLAIN),
            ]
            return
        yield [
            ("  help: ", ADVICE),
            ("begin one with alas-plugin create NAME, install one with alas-plugin install PATH,", PLAIN),
        ]
        yield [("        or name a folder of plugins with -plugin-path or ALAS_PLUGIN_PATH", PLAIN)]

    def _nothing_fits(self, everything: "Sequence[Listed]") -> "Iterable[Row]":
        from alas_cli._rendering import ADVICE, PLAIN, plural
        from alas_manifest import nearest_name

        count = plural(len(everything), "plugin")
        yield [
            (f"no plugin is like that; without the filter there would be {count}: ", PLAIN),
            ("alas-plugin list", ADVICE),
        ]
        names = [one.plugin.name for one in everything]
        near = dict.fromkeys(nearest_name(word[:64], names) for word in self._wanted.words)
        meant = ", ".join(f"`{name}`" for name in near if name is not None)
        if meant:
            yield [("  help: ", ADVICE), (f"did you mean {meant}?", PLAIN)]


def _cells(one: "Listed") -> "list[Cell]":
    from alas_cli._plugin._sources import short_origin
    from alas_cli._rendering import PLAIN, QUIET, STRONG, STYLES
    from alas_manifest import escape_text

    plugin = one.plugin
    description = plugin.facts.description if plugin.facts is not None else ""
    state_style = "green" if one.state == "loaded" else PLAIN if one.is_sound else STYLES["error"]
    if plugin.shadowed_by is not None:
        state_style = STYLES["warning"]
    return [
        (escape_text(plugin.name), STRONG),
        (plugin.version or "-", PLAIN),
        (plugin.type or "-", PLAIN),
        (one.state, state_style),
        (short_origin(plugin), QUIET),
        (escape_text(description), PLAIN),
    ]


def _problems(listed: "Sequence[Listed]") -> "Iterable[Row]":
    """Say of each plugin that cannot be used what is wrong first, and how to see the rest."""
    from alas_cli._plugin._sources import name_for_info
    from alas_cli._rendering import ADVICE, PLAIN, STRONG, STYLES, plural
    from alas_manifest import escape_text

    unsound = [one for one in listed if not one.is_sound]
    if not unsound:
        return
    yield []
    yield [(f"{plural(len(unsound), 'plugin')} cannot be used:", STRONG)]
    for one in unsound:
        first, *others = one.problems
        more = f" (and {len(others)} more)" if others else ""
        name = escape_text(one.plugin.name)
        yield [(f"  {name}: ", STYLES["error"]), (f"{first}{more}", PLAIN)]
        yield [("    all about it: ", PLAIN), (f"alas-plugin info {name_for_info(one.plugin)}", ADVICE)]


def _other_problems(registry: "Registry") -> "list[Diagnostic]":
    """Return what is wrong besides plugins: search paths, and what is remembered."""
    from alas_cli._plugin._records import read_remembered

    return [*registry.problems, *read_remembered()[1]]


def _render_others(registry: "Registry") -> "Iterable[Row]":
    from alas_cli._rendering import PLAIN, STRONG, STYLES
    from alas_manifest import escape_text

    problems = _other_problems(registry)
    if problems:
        yield []
        yield [("other problems:", STRONG)]
    for problem in problems:
        advice = f"; {problem.help}" if problem.help is not None else ""
        yield [
            (f"  {escape_text(problem.file or '')}: ", STYLES["warning"]),
            (escape_text(problem.message + advice), PLAIN),
        ]
