"""Changes what the user's settings grant to a plugin."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import UsageMistake, write_error
from alas_cli._ownership import is_another, own_folders
from alas_cli._plugin._failures import reporting
from alas_cli._plugin._policy.model import RIGHTS, grants_lines, grants_record, grants_text
from alas_cli._plugin._policy.showing import manifest_of
from alas_cli._plugin._sources import find_plugins
from alas_cli._plugin._targets import find_target, is_path
from alas_cli._registry import settings_in_force, working_folder
from alas_cli._subcommand import CommonOptions
from alas_manifest import escape_text
from alas_registry import (
    EVERY_PLUGIN,
    GrantSettings,
    NotAskedError,
    PluginGrants,
    effective_grants,
    is_relative,
    joined_grants,
    requested_grants,
)

if TYPE_CHECKING:
    from alas_registry import Plugin, Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command line names.

    Attributes:
        grants: paths, hosts, commands and variables.
        is_all: whether everything is meant.
    """

    grants: GrantSettings
    is_all: bool

    @classmethod
    def take(cls, values: dict[str, Any]) -> "Wanted":
        """Take the options of rights out of what click read."""
        named = GrantSettings(**{right: tuple(values.pop(f"{right}_scopes")) for right in RIGHTS})
        return cls(named, values.pop("is_all"))

    @property
    def is_nothing(self) -> bool:
        """Whether the command line names nothing."""
        return not self.is_all and self.grants.is_empty


def change_grants(
    values: dict[str, Any], change: "Callable[[ChangeGrants, str, Wanted], int]", nothing: str
) -> int:
    """Grant or revoke as a command line asks, and report what stands against it.

    Args:
        values: what click read.
        change: grants or revokes.
        nothing: what to say of a command line that names nothing.

    Returns:
        The exit code.

    Raises:
        UsageMistake: the command line names nothing, or another plugin than it may.
    """
    options, wanted = CommonOptions.take(values), Wanted.take(values)
    if wanted.is_nothing:
        raise UsageMistake(nothing)
    return reporting(options, lambda: change(ChangeGrants(options), values["name"], wanted))


class ChangeGrants:
    """Grants and revokes as a command line asks."""

    def __init__(self, options: CommonOptions) -> None:
        """Take the command line."""
        self._options = options

    def grant(self, word: str, wanted: Wanted) -> int:
        """Grant a plugin something that it asks for.

        Args:
            word: a name of a plugin or module, or a folder.
            wanted: what to grant.

        Returns:
            The exit code.

        Raises:
            UsageMistake: the user has another plugin of the name, to which the grants would belong; or all plugins are meant.
            RegistryError: there is no such plugin, it does not ask for that, or the settings cannot be changed.
        """
        settings = settings_in_force()
        if word == EVERY_PLUGIN:
            raise UsageMistake(
                f'what every plugin is granted is written by hand, as [grants."{EVERY_PLUGIN}"], in '
                f"{settings.home / 'config.toml'}"
            )
        _, plugin = find_target(self._options, word)
        if is_another(plugin, settings):
            raise UsageMistake(
                f"your own {plugin.name!r} is in {str(own_folders(plugin.name, settings)[0])!r}, and what is granted to the name is "
                f"granted to that one, and not to the plugin in {str(plugin.folder)!r}; to mean your own, name it where no other is "
                "found before it"
            )
        asked = requested_grants(manifest_of(plugin))
        if wanted.is_all and asked.is_empty:
            raise NotAskedError(
                f"the manifest of `{plugin.name}` asks to reach nothing outside, so there is nothing to grant",
                plugin=plugin.name,
            )
        whole = everything_asked(asked) if wanted.is_all else GrantSettings()
        grants = PluginGrants(settings.home, plugin.name)
        more = grants.grant(asked, joined_grants(whole, wanted.grants))
        self._report(plugin.name, more, grants.current(), "granted to")
        return exit_codes.DONE

    def revoke(self, word: str, unwanted: Wanted) -> int:
        """Grant a plugin something no longer.

        Args:
            word: a name of a plugin or module, or of a plugin that is gone, or `*` for what every plugin is granted.
            unwanted: what to revoke.

        Returns:
            The exit code.

        Raises:
            RegistryError: there is no such plugin, it is not granted that, or the settings cannot be changed.
        """
        settings = settings_in_force()
        # What is granted to a plugin that is gone can be revoked as well.
        is_known = word == EVERY_PLUGIN or word.casefold() in settings.grants
        name = word if is_known else self._found(word).name
        grants = PluginGrants(settings.home, name)
        gone = grants.revoke(None if unwanted.is_all else unwanted.grants)
        self._report(name, gone, grants.current(), "revoked from")
        if name != EVERY_PLUGIN and not self._options.is_for_machines:
            self._tell_of_shared(name, settings)
        return exit_codes.DONE

    def _tell_of_shared(self, name: str, settings: "Settings") -> None:
        """Say what a plugin may still reach because every plugin may."""
        plugin = find_plugins(self._options).find(name)
        asked = requested_grants(plugin.manifest) if plugin is not None and plugin.manifest else None
        if asked is None:
            return
        shared = effective_grants(asked, settings.granted_to_all, working_folder())
        if not shared.is_empty:
            write_error(
                f"note: {escape_text(name)} is still granted what every plugin is, of what it asks for: {grants_text(shared)}; "
                f'that stands in [grants."{EVERY_PLUGIN}"] of {escape_text(str(settings.home / "config.toml"))}\n'
            )

    def _found(self, word: str) -> "Plugin":
        if is_path(word):
            return find_target(self._options, word)[1]
        registry = find_plugins(self._options)
        return registry.find(word) or registry.find_module(word) or registry.get(word)

    def _report(self, name: str, changed: GrantSettings, granted: GrantSettings, done: str) -> None:
        if self._options.is_for_machines:
            from alas_cli._documents import write_document

            key = done.partition(" ")[0]
            document = {
                "ok": True,
                "plugin": name,
                key: grants_record(changed),
                "now": grants_record(granted),
            }
            write_document(json.dumps(document))
            return
        shown = escape_text(name)
        if changed.is_empty:
            already = "is granted that already" if done.startswith("granted") else "is granted nothing"
            sys.stdout.write(f"{shown} {already}; nothing has changed\n")
            return
        sys.stdout.write(f"{done} {shown}:\n")
        sys.stdout.writelines(f"  {line}\n" for line in grants_lines(changed))


def everything_asked(asked: GrantSettings) -> GrantSettings:
    """Return what grants all that a manifest asks for.

    Paths that start from wherever a program works cannot be named in settings, which hold for all folders; where a manifest
    has one, everything of the kind is granted.

    Args:
        asked: what the manifest asks for.

    Example:
        >>> everything_asked(GrantSettings(read=("/data", "notes"), write=("/out",))).read is None
        True
    """

    def whole(paths: Sequence[str] | None) -> tuple[str, ...] | None:
        return None if paths is None or any(map(is_relative, paths)) else tuple(paths)

    return asked._replace(read=whole(asked.read), write=whole(asked.write))
