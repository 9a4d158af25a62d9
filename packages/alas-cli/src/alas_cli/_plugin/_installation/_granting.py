"""What plugins are granted changes in one step with what is installed.

They are granted what was agreed to. What belongs to plugins that are gone is taken back, and what only the version that was replaced
asks for, so that a later one has to ask for it again.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from alas_cli._plugin._policy.model import RIGHTS, grants_text
from alas_registry import (
    GrantsError,
    GrantSettings,
    PluginGrants,
    RegistryError,
    SettingsDraft,
    SettingsStore,
    effective_grants,
    is_relative,
    scope_covers,
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


class _Excess(NamedTuple):
    """What a plugin is granted and the version that is there from now on does not ask for.

    Attributes:
        plugin: its name.
        version: that version.
        asked: what it asks for.
        gone: what is to be taken back, as it was granted.
        kept: what of that it does ask for.
    """

    plugin: str
    version: str
    asked: GrantSettings
    gone: GrantSettings
    kept: GrantSettings


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
        """What the user should know of what was taken back."""
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
        excess = [one for one in map(self._excess, changes) if one is not None]
        if not agreed and not left and not excess:
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
                self._warnings += [_excess_stays(one, reason) for one in excess]
                yield None
                return
            self._take_back(excess, draft)
            self._grant(agreed, draft)
            self._revoke(left, draft)
            yield draft

    def _is_granted_nothing(self, name: str) -> bool:
        try:
            return PluginGrants(self._home, name).current().is_empty
        except RegistryError:
            # Whoever is to revoke it tells of it.
            return False

    def _excess(self, change: "Change") -> _Excess | None:
        """Return what the version that is there from now on does not ask for; None when that is nothing.

        What neither version asks for was written by hand, and stays.
        """
        before, asked = change.asked_before, change.asked
        if before is None or asked is None or change.after is None or before == asked:
            return None
        try:
            current = PluginGrants(self._home, change.name).current()
        except RegistryError:
            # Nobody can say what it is granted, and it is granted nothing as long as nobody can.
            return None
        found: dict[str, tuple[str, ...] | None] = {}
        for right in RIGHTS:
            held, was, now = (getattr(one, right) for one in (current, before, asked))
            if held is None:
                found[right] = None if was and not now else ()
            else:
                found[right] = tuple(
                    one for one in held if _is_asked(right, was, one) and not _is_asked(right, now, one)
                )
        gone = GrantSettings(**found)
        named = GrantSettings(**{right: found[right] or () for right in RIGHTS})
        kept = effective_grants(asked, named)
        return None if gone.is_empty else _Excess(change.name, change.after, asked, gone, kept)

    def _take_back(self, excess: Sequence[_Excess], draft: SettingsDraft) -> None:
        for one in excess:
            try:
                grants = PluginGrants(self._home, one.plugin, draft=draft)
                grants.revoke(one.gone)
                if not one.kept.is_empty:
                    grants.grant(one.asked, one.kept)
            except RegistryError as error:
                self._warnings.append(_excess_stays(one, error.message))
            else:
                self._warnings.append(_excess_gone(one))

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


def _is_asked(right: str, scopes: Sequence[str], granted: str) -> bool:
    """Say whether some version asks for all of what is granted; where a relative path leads depends on where a program works."""
    return any(
        scope_covers(right, scope, granted) or (right in ("read", "write") and is_relative(scope))
        for scope in scopes
    )


def _excess_gone(one: _Excess) -> str:
    kept = "" if one.kept.is_empty else f"; it keeps of that: {grants_text(one.kept)}"
    return f"{one.plugin} is no longer granted what {one.version} does not ask for: {grants_text(one.gone)}{kept}"


def _excess_stays(one: _Excess, reason: str) -> str:
    return f"{one.plugin} is still granted what {one.version} does not ask for, {grants_text(one.gone)}: {reason}"


def _still_granted(name: str, reason: str) -> str:
    return f"{name} is still granted what it was: {reason}"
