"""Compares what a plugin's manifest asks for with what its code needs.

    plugin ─ the engine ─▶ CodeNeeds ─ uses ─▶ list[Use] ─ audit ─▶ Audit ─▶ a text, a document

A manifest asks for too much where nothing in the code needs it, or where all that the code reaches is written there and is less. It
asks for too little where the code needs what it does not name. What is computed is taken for covered by whatever the manifest
names of the kind, because nobody can tell.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alas_cli._plugin._policy.model import RIGHTS
from alas_cli._plugin._policy.uses import Steps, Use, capability_ways, find_uses
from alas_manifest import Diagnostic, position_of
from alas_registry import GrantSettings, requested_grants, scope_covers

if TYPE_CHECKING:
    from pathlib import Path

    from alas_interp import CodeNeeds, Need
    from alas_manifest import Manifest
    from alas_registry import Plugin

TOO_MUCH, TOO_LITTLE = "asks_too_much", "asks_too_little"

AUDIT_CODES = {
    TOO_MUCH: "the manifest asks for what the code does not need",
    TOO_LITTLE: "the code needs what the manifest does not ask for",
}
"""Every code of what an audit finds."""

# Where a manifest names what is asked by each right.
_FIELDS: dict[str, tuple[str, ...]] = {
    "read": ("filesystem", "read"),
    "write": ("filesystem", "write"),
    "net": ("network",),
    "run": ("process",),
    "env": ("env",),
}
_RIGHTS_OF_FILES = ("read", "write")
_EFFECTS = ("io", "network", "filesystem", "process")


@dataclass(frozen=True, slots=True)
class Audit:
    """What a plugin's code needs, and how its manifest compares.

    Attributes:
        plugin: the plugin.
        manifest: what it says about itself.
        capabilities: the capabilities that the code takes, each with a way there.
        uses: where it needs rights.
        natives: its functions in native code or Python, which nobody can look into.
        findings: where the manifest asks for too much or too little.
    """

    plugin: "Plugin"
    manifest: "Manifest"
    capabilities: "dict[str, Need]"
    uses: Sequence[Use]
    natives: Sequence[str]
    findings: Sequence[Diagnostic]

    @property
    def least(self) -> GrantSettings:
        """The least that the code needs of each right, as far as it is written there."""
        return GrantSettings(**{right: tuple(self.named(right)) for right in RIGHTS})

    def named(self, right: str) -> dict[str, Use]:
        """Return what the code names of a right, each with the first place."""
        found: dict[str, Use] = {}
        for use in self.uses:
            if use.right == right and use.scope is not None:
                found.setdefault(use.scope, use)
        return found

    def computed(self, right: str) -> Use | None:
        """Return the first place that computes what it reaches by a right, or whether it does."""
        return next((use for use in self.uses if use.right == right and use.scope is None), None)

    @property
    def effects(self) -> set[str]:
        """The capabilities that the code takes, and `filesystem` also where no more than the folder of a command is read."""
        reaches_files = any(use.right in _RIGHTS_OF_FILES for use in self.uses)
        return {*self.capabilities, *(("filesystem",) if reaches_files else ())}

    def to_dict(self) -> dict[str, Any]:
        """Return the record of it in documents."""
        least = self.least
        permissions: dict[str, Any] = {}
        for right in RIGHTS:
            names = getattr(least, right)
            if names:
                *outer, last = _FIELDS[right]
                table = permissions.setdefault(outer[0], {}) if outer else permissions
                table[last] = list(names)
        provides = [one for one in self.manifest.capabilities if one not in _EFFECTS]
        return {
            "ok": not self.findings,
            "plugin": self.plugin.name,
            "version": str(self.manifest.version),
            "folder": str(self.plugin.folder),
            "policy": {
                "capabilities": [*provides, *(one for one in _EFFECTS if one in self.effects)],
                "security": {"permissions": permissions},
                "incomplete": [right for right in RIGHTS if self.computed(right) is not None],
            },
            "capabilities": {name: list(need.way) for name, need in self.capabilities.items()},
            "needs": [
                {
                    "right": use.right,
                    "scope": use.scope,
                    "way": list(use.need.way),
                    "file": str(use.file),
                    "pointer": _pointer(use.steps),
                }
                for use in self.uses
            ],
            "not_audited": list(self.natives),
            "findings": [finding.to_dict() for finding in self.findings],
        }


def audit_plugin(
    plugin: "Plugin", manifest: "Manifest", code: "CodeNeeds | None", natives: Sequence[str]
) -> Audit:
    """Compare a plugin's manifest with its code.

    Args:
        plugin: the plugin.
        manifest: what it says about itself.
        code: what the engine says about its ALaS code; None when it has none.
        natives: its functions in native code or Python, for which a manifest may ask what nobody can see.

    Raises:
        OSError: a file of the plugin cannot be read any more.
        ValueError: a file is no JSON any more.
    """
    environment = manifest.runtime.environment
    uses = find_uses(code) if code is not None else []
    # What the manifest itself sets needs no permission.
    uses = [use for use in uses if not (use.right == "env" and use.scope in environment)]
    capabilities = capability_ways(code) if code is not None else {}
    audit = Audit(plugin, manifest, capabilities, uses, natives, ())
    findings = [*_too_little(audit), *(_too_much(audit) if not natives else ())]
    return Audit(plugin, manifest, capabilities, uses, natives, findings)


def _too_much(audit: Audit) -> Iterator[Diagnostic]:
    """Yield what the manifest asks for without need."""
    file = audit.plugin.folder / "plugin.json"
    for index, name in enumerate(audit.manifest.capabilities):
        if name in _EFFECTS and name not in audit.effects:
            message = f"the manifest asks for the capability `{name}`, which nothing in the code needs"
            yield _finding(TOO_MUCH, message, (file, ("capabilities", index)), "leave it out")
    asked = requested_grants(audit.manifest)
    for right in RIGHTS:
        if audit.computed(right) is not None:
            continue
        named = audit.named(right)
        for index, scope in enumerate(getattr(asked, right)):
            covered = [one for one in named if scope_covers(right, scope, one)]
            if any(scope_covers(right, one, scope) for one in covered):
                continue
            what = f"the manifest asks to {_VERBS[right]} {scope}"
            if covered:
                message = f"{what}, and all that the code needs of it is {', '.join(covered)}"
                advice = "name that instead"
            else:
                message = f"{what}, which nothing in the code needs"
                advice = "leave it out"
            steps: Steps = ("security", "permissions", *_FIELDS[right], index)
            yield _finding(TOO_MUCH, message, (file, steps), advice)


def _too_little(audit: Audit) -> Iterator[Diagnostic]:
    """Yield what the code needs and the manifest does not ask for."""
    file = audit.plugin.folder / "plugin.json"
    for name, need in audit.capabilities.items():
        if name not in audit.manifest.capabilities:
            message = f"the capability `{name}` is needed and not declared: {' → '.join(need.way)}"
            advice = f'add "{name}" to the manifest\'s `capabilities`'
            yield _finding(TOO_LITTLE, message, (file, ()), advice)
    asked = requested_grants(audit.manifest)
    for right in RIGHTS:
        scopes = getattr(asked, right)
        field = f"security.permissions.{'.'.join(_FIELDS[right])}"
        for scope, use in audit.named(right).items():
            if not any(scope_covers(right, one, scope) for one in scopes):
                message = f"the code needs to {_VERBS[right]} {scope}: {' → '.join(use.need.way)}"
                yield _finding(
                    TOO_LITTLE, message, (use.file, use.steps), f'add "{scope}" to the manifest\'s `{field}`'
                )
        computed = next((use for use in audit.uses if use.right == right and _is_needed_unnamed(use)), None)
        # A variable may be one that the manifest sets.
        is_set = right == "env" and bool(audit.manifest.runtime.environment)
        if computed is not None and not scopes and not is_set:
            message = f"the code needs to {_VERBS[right]} what it computes: {' → '.join(computed.need.way)}"
            advice = f"name in the manifest's `{field}` what that may be"
            yield _finding(TOO_LITTLE, message, (computed.file, computed.steps), advice)


def _is_needed_unnamed(use: Use) -> bool:
    """Say whether something has to be granted that the code does not name."""
    return use.scope is None and use.is_certain


_VERBS = {"read": "read", "write": "write", "net": "connect to", "run": "run", "env": "see the variable"}


def _finding(code: str, message: str, place: "tuple[Path, Steps]", advice: str) -> Diagnostic:
    file, steps = place
    try:
        line, column = position_of(file.read_bytes(), steps)
    except (OSError, ValueError, LookupError):
        # It has changed since it was read, or is a default that nobody has written.
        line, column = 1, 1
    return Diagnostic(code, "error", message, os.fspath(file), _pointer(steps), line, column, advice)


def _pointer(steps: Steps) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def needed_by(right: str, scope: str, uses: Sequence[Use]) -> Use | None:
    """Return the place in the code for which a manifest asks for something, as far as that can be told.

    Args:
        right: what is asked for.
        scope: how far it reaches.
        uses: where the code needs rights.
    """
    of_right = [use for use in uses if use.right == right]
    named = [use for use in of_right if use.scope is not None and scope_covers(right, scope, use.scope)]
    return next(iter(named), None) or next((use for use in of_right if use.scope is None), None)
