"""What an installation has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from alas_manifest import Diagnostic
    from alas_registry import GrantSettings

Action = Literal["installed", "upgraded", "downgraded", "reinstalled", "unchanged", "uninstalled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one plugin.

    Attributes:
        name: the plugin.
        action: what was done. A plugin is `reinstalled` when its version stays and its content changes, and `unchanged`
            when neither does.
        before: the version that was there; None when there was none.
        after: the version that is there; None when there is none.
        hash: the hash of the content that is there, or, of what was uninstalled, was there.
        source: what it was installed from.
        warnings: what is not quite right with it.
        left_out: names in its source that are no part of a plugin, such as `.git`.
        asked_before: what the version that was there asks to reach; None when there was none, or when nobody can tell.
        asked: the same of the version that is there.
    """

    name: str
    action: Action
    before: str | None
    after: str | None
    hash: str
    source: str
    warnings: "tuple[Diagnostic, ...]" = ()
    left_out: tuple[str, ...] = ()
    asked_before: "GrantSettings | None" = None
    asked: "GrantSettings | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallReport:
    """What an installation, an uninstallation or a rollback has changed.

    Attributes:
        changes: what became of each plugin that was named, or that differs from before.
        generation: the number of the state in force.
        warnings: what else the user should know, each a sentence.
        no_longer_needed: plugins that were installed for others only, of which there are none any more.
        installed: after a rollback, all that is installed now: versions by name. None after other changes.
    """

    changes: tuple[Change, ...]
    generation: int
    warnings: tuple[str, ...] = ()
    no_longer_needed: tuple[str, ...] = ()
    installed: Mapping[str, str] | None = None

    def change(self, name: str) -> Change:
        """Return what became of a plugin.

        Args:
            name: the plugin.

        Returns:
            The change.

        Raises:
            KeyError: the report says nothing about it.
        """
        for change in self.changes:
            if change.name == name:
                return change
        raise KeyError(name)
