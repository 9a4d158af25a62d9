"""What an installation makes of each plugin: the words for it, and the records in the lock file."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime

from alas_installer._reports import Action, Change
from alas_installer._staging import Candidate
from alas_manifest import Manifest, Version
from alas_registry import requested_grants
from alas_registry.installed import InstalledPlugin, Lock


def change_by(
    candidate: Candidate, old: InstalledPlugin | None, manifest: Manifest | None, *, is_whole: bool
) -> Change:
    """Return what installing a plugin changes.

    Args:
        candidate: what is to be installed.
        old: the record of what is installed under its name.
        manifest: what that says about itself; None when nobody can tell.
        is_whole: whether that is there as it was installed, so that programs find it.
    """
    version = str(candidate.manifest.version)
    if old is None:
        action: Action = "installed"
    elif old.version != version:
        action = _direction(old.version, version)
    else:
        action = "unchanged" if old.hash == candidate.content.hash and is_whole else "reinstalled"
    return Change(
        name=candidate.name,
        action=action,
        before=old.version if old is not None else None,
        after=version,
        hash=candidate.content.hash,
        source=str(candidate.source),
        warnings=candidate.warnings,
        left_out=candidate.left_out,
        asked_before=requested_grants(manifest) if manifest is not None else None,
        asked=requested_grants(candidate.manifest),
    )


def record_of(
    candidate: Candidate, change: Change, old: InstalledPlugin | None, *, was_asked: bool
) -> InstalledPlugin:
    """Return the record of a plugin in the lock file: whoever names a plugin asks for it.

    Args:
        candidate: what is to be installed.
        change: what that changes.
        old: the record of what is installed under its name.
        was_asked: whether whoever installs it is asked to agree to what it asks for.
    """
    manifest = candidate.manifest
    asked = requested_grants(manifest)
    agreed = asked if was_asked and not asked.is_empty else None
    if old is not None and change.action == "unchanged":
        return dataclasses.replace(old, reason="requested", agreed=agreed or old.agreed)
    return InstalledPlugin(
        version=str(manifest.version),
        hash=candidate.content.hash,
        type=manifest.type,
        source=str(candidate.source),
        installed_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        reason="requested",
        agreed=agreed,
    )


def differences(
    before: Lock,
    after: Lock,
    manifests_before: Mapping[str, Manifest],
    manifests: Mapping[str, Manifest],
) -> list[Change]:
    """Return what became of each plugin between two states.

    Args:
        before: the first state.
        after: the second one.
        manifests_before: the manifests of the first, as far as they can be read.
        manifests: those of the second.
    """
    names = sorted({*before.plugins, *after.plugins})
    found = (_difference(name, before.plugins.get(name), after.plugins.get(name)) for name in names)
    asked_before, asked = (
        {name: requested_grants(manifest) for name, manifest in some.items()}
        for some in (manifests_before, manifests)
    )
    return [
        dataclasses.replace(change, asked_before=asked_before.get(change.name), asked=asked.get(change.name))
        for change in found
        if change is not None
    ]


def removal(name: str, old: InstalledPlugin) -> Change:
    """Return what uninstalling a plugin changes."""
    return Change(
        name=name, action="uninstalled", before=old.version, after=None, hash=old.hash, source=old.source
    )


def _difference(name: str, old: InstalledPlugin | None, new: InstalledPlugin | None) -> Change | None:
    if new is None:
        return removal(name, old) if old is not None else None
    if old is None:
        action: Action = "installed"
    elif old.version != new.version:
        action = _direction(old.version, new.version)
    elif old.hash != new.hash:
        action = "reinstalled"
    else:
        return None
    return Change(
        name=name,
        action=action,
        before=old.version if old is not None else None,
        after=new.version,
        hash=new.hash,
        source=new.source,
    )


def _direction(before: str, after: str) -> Action:
    return "upgraded" if Version.parse(before) < Version.parse(after) else "downgraded"
