"""What plugins that are to be installed ask to reach: the user is shown it, with the calls that need it, and has to agree.

What was agreed to for the version that is replaced, and what the settings grant by name or to all plugins, is not asked
again.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alas_cli._plugin._installation._asking import Question
from alas_cli._plugin._installation._granting import Agreed
from alas_cli._plugin._policy.audit import needed_by
from alas_cli._plugin._policy.auditing import unseen_functions
from alas_cli._plugin._policy.changing import everything_asked
from alas_cli._plugin._policy.model import RIGHTS, grants_record, grants_text, whole_command
from alas_cli._plugin._policy.uses import Use, find_uses
from alas_cli._registry import working_folder
from alas_cli._rendering import PLAIN, QUIET, STRONG, STYLES, Row, print_rows
from alas_installer import NotAgreedError, Request
from alas_manifest import escape_text, read_file
from alas_registry import (
    GrantSettings,
    PluginGrants,
    RegistryError,
    is_relative,
    joined_grants,
    missing_grants,
    requested_grants,
)

if TYPE_CHECKING:
    from alas_installer import Installed, InstallReport
    from alas_interp import CodeNeeds
    from alas_registry import Settings

Needs = Callable[[Path, Sequence[Path]], "CodeNeeds | None"]
"""Returns what the code of a plugin needs, by its folder and those that are installed with it; None where that is not known."""

_NAMELESS = "(what it computes)"


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a plugin asks for that nobody has agreed to yet.

    Attributes:
        request: all that it asks for.
        new: what is new of it.
        is_more: whether something was agreed to before.
        ways: why, for each right and scope.
    """

    request: Request
    new: GrantSettings
    is_more: bool
    ways: Mapping[tuple[str, str], str]

    @property
    def title(self) -> str:
        """The plugin with its version, safe to print."""
        return escape_text(f"{self.request.manifest.name} {self.request.manifest.version}")

    @property
    def grants(self) -> GrantSettings:
        """What whoever agrees grants: all of a kind where a path has no fixed place."""
        return everything_asked(self.new)

    def to_dict(self) -> dict[str, Any]:
        """Return the record of it in documents."""
        return {
            "name": self.request.manifest.name,
            "version": str(self.request.manifest.version),
            "asked": grants_record(self.new),
            "grants": grants_record(self.grants),
            "needed": [
                {"right": right, "scope": scope, "why": why} for (right, scope), why in self.ways.items()
            ],
        }


class Consent:
    """Asks whether plugins may reach what they ask for."""

    def __init__(self, settings: "Settings", needs: Needs, question: Question) -> None:
        """Ask nobody yet.

        Args:
            settings: the settings in force.
            needs: says why plugins ask.
            question: how to ask.
        """
        self._settings = settings
        self._needs = needs
        self._question = question
        self._asking: list[_Asking] = []

    @property
    def agreed(self) -> list[Agreed]:
        """What was agreed to, once somebody was asked and has."""
        return [Agreed(one.request.manifest.name, one.new, one.grants) for one in self._asking]

    @property
    def record(self) -> list[dict[str, Any]]:
        """What was asked for, as documents have it."""
        return [one.to_dict() for one in self._asking]

    def __call__(self, requests: Sequence[Request], /) -> None:
        """Ask the user. See `alas_installer.Agree`."""
        folders = [request.folder for request in requests]
        found = (self._look_at(request, folders) for request in requests)
        self._asking = [one for one in found if one is not None]
        if not self._asking or self._question.is_agreed:
            return
        self._question.before()
        if not self._question.is_for_machines:
            print_rows([row for one in self._asking for row in _rows(one)])
        what = "it" if len(self._asking) == 1 else "them"
        if not self._question.is_answered_yes(f"install {what}, and grant that?"):
            told = "; ".join(
                f"`{one.request.manifest.name}` {one.request.manifest.version} asks for {grants_text(one.new)}"
                for one in self._asking
            )
            sources = shlex.join(str(one.request.source) for one in self._asking)
            raise NotAgreedError(
                f"nobody has agreed to what plugins ask to reach: {told}",
                f"to agree to all of it: alas-plugin install -grant {sources}",
            )

    def _look_at(self, request: Request, folders: Sequence[Path]) -> _Asking | None:
        """Return what a plugin asks for that is new; None when nothing is."""
        granted = self._settings.grant_of(request.manifest.name)
        # What is granted to it without names was not agreed to by them; to all plugins it was, in so many words.
        named = GrantSettings(**{right: getattr(granted, right) or () for right in RIGHTS})
        known = joined_grants(named, self._settings.granted_to_all)
        if not self._question.is_agreed:
            # What was revoked since is not asked again; whoever agrees to everything gets everything.
            known = joined_grants(known, request.agreed or GrantSettings())
        new = missing_grants(request.asked, known)
        if new.is_empty:
            return None
        code = self._needs(request.folder, folders)
        uses = find_uses(code) if code is not None else []
        natives = unseen_functions(request.manifest)
        ways = {
            (right, scope): _why(needed_by(right, scope, uses), is_known=code is not None, natives=natives)
            for right in RIGHTS
            for scope in getattr(new, right)
        }
        return _Asking(request, new, request.agreed is not None, ways)


def missing_warnings(
    settings: "Settings",
    installed: "Sequence[Installed]",
    report: "InstallReport",
    winner: Callable[[str], Path | None],
) -> list[str]:
    """Return a sentence for each plugin that was installed and is granted less than it asks for.

    Args:
        settings: the settings that were in force before.
        installed: what is installed now.
        report: what has changed.
        winner: returns the folder of the plugin that its name means here instead of the installed one; None where there is none.
    """
    new = {change.name for change in report.changes if change.after and change.action != "unchanged"}
    found = []
    for plugin in installed:
        manifest = read_file(plugin.folder).manifest if plugin.name in new else None
        if manifest is None:
            continue
        try:
            by_name = PluginGrants(settings.home, plugin.name).current()
        except RegistryError:
            # Whoever was to change the settings has told of it.
            continue
        granted = joined_grants(by_name, settings.granted_to_all)
        missing = missing_grants(requested_grants(manifest), granted, working_folder())
        if not missing.is_empty:
            # Where the name means another plugin, granting it something is refused.
            word = plugin.name if winner(plugin.name) is None else str(plugin.folder)
            found.append(
                f"{plugin.name} is not granted all that it asks for: {grants_text(missing)}; to grant it: "
                f"{whole_command('grant', word)}"
            )
    return found


def _why(use: Use | None, *, is_known: bool, natives: Sequence[str]) -> str:
    if use is not None:
        way = " → ".join(use.need.way)
        return way if use.scope is not None else f"{way} {_NAMELESS}"
    if natives:
        return "native code, which cannot be looked into and is not held to it"
    return "nothing in its code needs it" if is_known else "its code cannot be looked at"


def _rows(asking: _Asking) -> list[Row]:
    more = "for more than was agreed to before" if asking.is_more else "to reach"
    rows: list[Row] = [[(asking.title, STRONG), (f" asks {more}:", PLAIN)]]
    width = max(len(escape_text(scope)) for _, scope in asking.ways)
    for (right, scope), why in asking.ways.items():
        rows.append(
            [
                (f"  {right:<5}  ", QUIET),
                (f"{escape_text(scope):<{width}}  ", PLAIN),
                (escape_text(why), QUIET),
            ]
        )
    for right in RIGHTS:
        if getattr(asking.grants, right) is None:
            relative = ", ".join(escape_text(one) for one in getattr(asking.new, right) if is_relative(one))
            told = f"everything that it asks for will be granted, since it works wherever {relative} may be"
            rows.append([(f"  {right:<5}  ", QUIET), (told, STYLES["warning"])])
    return rows
