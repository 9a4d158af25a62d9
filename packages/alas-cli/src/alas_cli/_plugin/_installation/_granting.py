"""What plugins are granted changes in one step with what is installed: what was agreed to, and what belongs to plugins that are gone."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from alas_cli._plugin._policy.model import grants_text
from alas_registry import (
    GrantsError,
    GrantSettings,
    PluginGrants,
    RegistryError,
    SettingsDraft,
    SettingsStore,
)

if TYPE_CHECKING:
    from alas_installer import Change


class Agreed(NamedTuple):
    """What the user has agreed to for one plugin.

    Attributes:
        plugin: its name.
        asked: what it asks for of that.
        grants: what it is granted for it.
    """

    plugin: str
    asked: GrantSettings
    grants: GrantSettings


class Granting:
    """Writes new settings for an installation. See `alas_installer.Grant`."""

    def __init__(self, home: Path, agreed: Callable[[], Sequence[Agreed]]) -> None:
        """Change nothing yet.

        Args:
            home: the user's ALaS folder.
            agreed: returns what the user has agreed to, once the installation has asked.
        """
        self._home = home
        self._agreed = agreed
        self._granted: dict[str, GrantSettings] = {}
        self._warnings: list[str] = []

    @property
    def granted(self) -> Mapping[str, GrantSettings]:
        """What was granted to each plugin that was granted something."""
        return self._granted

    @property
    def warnings(self) -> Sequence[str]:
        """What the user should know of plugins that are gone."""
        return self._warnings

    @contextlib.contextmanager
    def __call__(self, changes: "Sequence[Change]", /) -> Iterator[SettingsDraft | None]:
        """Yield the settings to be in force with some changes; None where they stay as they are.

        Raises:
            RegistryError: what was agreed to cannot be granted.
        """
        there = {change.name for change in changes if change.after is not None}
        agreed = [one for one in self._agreed() if one.plugin in there]
        gone = [change.name for change in changes if change.action == "uninstalled"]
        left = [name for name in gone if not self._is_granted_nothing(name)]
        if not agreed and not left:
            yield None
            return
        with contextlib.ExitStack() as stack:
            try:
                draft = stack.enter_context(SettingsDraft.begun(self._home))
            except OSError as error:
                file = SettingsStore(self._home).file
                reason = f"the file of settings, {file}, cannot be written: {error.strerror or error}"
                if agreed:
                    raise GrantsError(reason, file=file) from error
                # Plugins can be uninstalled all the same.
                self._warnings += [_still_granted(name, reason) for name in left]
                yield None
                return
            self._grant(agreed, draft)
            self._revoke(left, draft)
            yield draft

    def _is_granted_nothing(self, name: str) -> bool:
        try:
            return PluginGrants(self._home, name).current().is_empty
        except RegistryError:
            # Whoever is to revoke it tells of it.
            return False

    def _grant(self, agreed: Sequence[Agreed], draft: SettingsDraft) -> None:
        for one in agreed:
            more = PluginGrants(self._home, one.plugin, draft=draft).grant(one.asked, one.grants)
            # It may be granted everything of the kind already.
            self._granted |= {} if more.is_empty else {one.plugin: more}

    def _revoke(self, names: Sequence[str], draft: SettingsDraft) -> None:
        for name in names:
            try:
                gone = PluginGrants(self._home, name, draft=draft).revoke()
            except RegistryError as error:
                self._warnings.append(_still_granted(name, error.message))
            else:
                self._warnings.append(f"{name} is no longer granted what it was: {grants_text(gone)}")


def _still_granted(name: str, reason: str) -> str:
    return f"{name} is still granted what it was: {reason}"
