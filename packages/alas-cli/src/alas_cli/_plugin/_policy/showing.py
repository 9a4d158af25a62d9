"""Shows what plugins ask for, what the host grants, and what is effective."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from alas_cli import _exit_codes as exit_codes
from alas_cli._plugin._policy.model import RIGHTS, PluginPolicy, whole_command
from alas_cli._plugin._sources import find_plugins, is_standard, name_for_info, short_path
from alas_cli._plugin._targets import find_target
from alas_cli._registry import settings_in_force
from alas_cli._rendering import ADVICE, PLAIN, QUIET, STRONG, STYLES, Row, print_rows
from alas_cli._subcommand import CommonOptions
from alas_manifest import escape_text
from alas_registry import EVERY_PLUGIN, GrantSettings, InvalidPluginError, effective_grants

if TYPE_CHECKING:
    from alas_cli._tables import Cell
    from alas_manifest import Manifest
    from alas_registry import Plugin

_HEAD = ("PLUGIN", "RIGHT", "ASKS FOR", "GRANTED", "EFFECTIVE")
_EVERYTHING, _TO_ALL = "everything", "(to all plugins)"
_NOT_HELD = "has native code or Python code, which nothing holds to this"


class ShowPermissions:
    """Shows the policies of plugins as a command line asks."""

    def __init__(self, options: CommonOptions) -> None:
        """Take the command line."""
        self._options = options

    def run(self, word: str | None) -> int:
        """Show one plugin, or all that ask for something or are granted something.

        Args:
            word: a name of a plugin or module, or a folder; None is all plugins.

        Returns:
            The exit code.

        Raises:
            PluginNotFoundError: nothing has the name.
            InvalidPluginError: nobody knows what the plugin asks for.
        """
        found = self._all() if word is None else [self._one(word)]
        if self._options.is_for_machines:
            from alas_cli._documents import write_document

            write_document(json.dumps({"ok": True, "plugins": [one.to_dict() for one in found]}))
            return exit_codes.DONE
        if word is not None:
            print_rows(_heading(found[0]), sys.stdout)
        _print(found)
        return exit_codes.DONE

    def _one(self, word: str) -> PluginPolicy:
        _, plugin = find_target(self._options, word)
        return PluginPolicy.of(plugin, manifest_of(plugin), settings_in_force())

    def _all(self) -> list[PluginPolicy]:
        registry = find_plugins(self._options)
        settings = settings_in_force()
        found = [
            PluginPolicy.of(plugin, plugin.manifest, settings)
            for plugin in registry.plugins
            if plugin.shadowed_by is None and not is_standard(plugin) and plugin.manifest is not None
        ]
        known = {one.name.casefold() for one in registry.plugins}
        gone = [
            PluginPolicy(name, None, GrantSettings(), granted, GrantSettings(), None)
            for name, granted in settings.grants.items()
            if name not in known
        ]
        return [one for one in (*found, *gone) if not (one.asked.is_empty and one.by_name.is_empty)]


def manifest_of(plugin: "Plugin") -> "Manifest":
    """Return what a plugin says about itself.

    Raises:
        InvalidPluginError: it has errors.
    """
    manifest = plugin.manifest
    if manifest is None:
        raise InvalidPluginError(
            f"plugin `{plugin.name}` in {plugin.folder} has errors, so that nobody knows what it asks for",
            plugin=plugin.name,
            diagnostics=plugin.diagnostics,
        )
    return manifest


def _heading(policy: PluginPolicy) -> list[Row]:
    plugin, manifest = policy.plugin, policy.manifest
    assert plugin is not None, "who is named is there"
    assert manifest is not None, "as above"
    capabilities = ", ".join(manifest.capabilities) or "none"
    rows: list[Row] = [
        [
            (escape_text(f"{plugin.name} {manifest.version}"), STRONG),
            (f" in {short_path(plugin.folder)}", QUIET),
        ],
        [("  capabilities  ", QUIET), (escape_text(capabilities), PLAIN)],
    ]
    apis = manifest.security.allowed_apis
    if apis is not None:
        rows.append([("  only uses     ", QUIET), (escape_text(", ".join(apis) or "nothing"), PLAIN)])
    if policy.asked.is_empty and policy.by_name.is_empty:
        rows.append([("  asks to reach nothing outside, and is granted nothing", PLAIN)])
    return rows


def _print(policies: Sequence[PluginPolicy]) -> None:
    from alas_cli._tables import print_table

    cells = [row for policy in policies for row in _cells(policy)]
    if cells:
        print_table(_HEAD, cells)
    elif len(policies) == 0:
        sys.stdout.write("no plugin asks to reach anything outside, and none is granted anything\n")
    print_rows([row for policy in policies for row in _remarks(policy)], sys.stdout)
    if any(not effective_grants(one.asked, one.to_all, one.folder).is_empty for one in policies):
        told = f'what is granted to all plugins stands in [grants."{EVERY_PLUGIN}"] of config.toml'
        print_rows([[("note: ", QUIET), (told, PLAIN)]], sys.stdout)


def _cells(policy: PluginPolicy) -> "list[list[Cell]]":
    """Return a row for each thing that is asked for, and one for what is granted in vain."""
    rows: list[list[Cell]] = []
    for right in RIGHTS:
        by_name, to_all = getattr(policy.by_name, right), getattr(policy.to_all, right)
        used: set[str] = set()
        for one in getattr(policy.asked, right):
            own, shared = _meeting(policy, right, one, by_name), _meeting(policy, right, one, to_all)
            used.update(own)
            both = _common(policy, right, one, getattr(policy.granted, right))
            shown = _names([*own, *(f"{other} {_TO_ALL}" for other in shared)])
            rows.append(_row(policy, right, _names([one]), shown, _names(both)))
        idle = [other for other in by_name or () if other not in used]
        if idle:
            rows.append(_row(policy, right, "nothing", _names(idle), "nothing"))
    return rows


def _row(policy: PluginPolicy, right: str, asked: str, granted: str, effective: str) -> "list[Cell]":
    style = STYLES["warning"] if effective == "nothing" else PLAIN
    return [
        (escape_text(policy.name), STRONG),
        (right, PLAIN),
        (asked, PLAIN),
        (granted, PLAIN),
        (effective, style),
    ]


def _meeting(
    policy: PluginPolicy, right: str, asked: str, granted: tuple[str, ...] | None
) -> tuple[str, ...]:
    """Return which grants make something of one thing that is asked for effective."""
    if granted is None:
        return (_EVERYTHING,)
    return tuple(one for one in granted if _common(policy, right, asked, (one,)))


def _common(policy: PluginPolicy, right: str, asked: str, granted: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return what of one thing that is asked for is effective with some grants."""
    one, other = GrantSettings(**{right: (asked,)}), GrantSettings(**{right: granted})
    return getattr(effective_grants(one, other, policy.folder), right) or ()


def _names(values: Iterable[str]) -> str:
    return ", ".join(map(escape_text, values)) or "nothing"


def _remarks(policy: PluginPolicy) -> Iterator[Row]:
    name = escape_text(policy.name)
    if policy.plugin is None:
        yield [
            (f"no plugin is called {name}; to revoke what it is granted: ", PLAIN),
            (whole_command("revoke", policy.name), ADVICE),
        ]
        return
    if policy.own is not None:
        told = (
            f"{name} in {short_path(policy.plugin.folder)} is not your own plugin of the name, which is in "
            f"{short_path(policy.own)}, and is not granted what that one is"
        )
        yield [("note: ", STYLES["warning"]), (told, PLAIN)]
    elif not policy.missing.is_empty:
        yield [
            (f"to grant all that {name} asks for: ", PLAIN),
            (f"alas-plugin grant {name_for_info(policy.plugin)} -all", ADVICE),
        ]
    if policy.is_by_name:
        told = f"what {name} is granted holds for the name: a plugin called so gets it wherever it is found"
        yield [("note: ", STYLES["warning"]), (told, PLAIN)]
    if not policy.is_held and not policy.asked.is_empty:
        yield [("note: ", STYLES["warning"]), (f"{name} {_NOT_HELD}", PLAIN)]
