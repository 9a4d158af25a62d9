"""What whoever installs wants besides, and what an installation asks of the engine."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from alas_installer._limits import Limits
from alas_installer._reports import Change
from alas_installer._requirements import Provided
from alas_installer._staging import Build, CopyListener
from alas_manifest import Diagnostic, Manifest
from alas_registry import GrantSettings, NativePolicy, SettingsDraft

Check: TypeAlias = Callable[[Path, Sequence[Path]], Iterable[Diagnostic]]
"""Finds what is wrong with a plugin besides its manifest.

It is given the folder of the plugin, and the folders of all plugins that are about to be installed with it, which win over
those that are installed. An error keeps the plugin from being installed; a warning is told.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a plugin that is to be installed asks to reach outside.

    Attributes:
        manifest: what it says about itself.
        folder: a copy of it, which has to stay as it is.
        source: what the user has named.
        asked: what it asks for.
        agreed: what was agreed to when the version was installed that it replaces; None when nobody was asked.
    """

    manifest: Manifest
    folder: Path
    source: Path
    asked: GrantSettings
    agreed: GrantSettings | None


Agree: TypeAlias = Callable[[Sequence[Request]], None]
"""Asks whoever installs whether plugins may reach what they ask for, all that are installed in one step at once.

It is called when everything else has been checked, and raises a `NotAgreedError` when the answer is no.
"""

Grant: TypeAlias = Callable[[Sequence[Change]], AbstractContextManager[SettingsDraft | None]]
"""Returns new settings, in which plugins are granted what was agreed to, and nothing any more where they are gone or ask for less.

It is called when all else has succeeded, with what is about to change, and left when it has, or has failed. The settings are in
force from the moment in which the plugins are. None is that nothing changes in them. It raises a `RegistryError` or an `OSError`
when they cannot be changed; then the plugins are as they were, too.
"""

Others: TypeAlias = Callable[[], Collection[Provided]]
"""Returns the plugins that are there without having been installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How an installation goes about it.

    Attributes:
        limits: how large a plugin may be.
        lock_timeout: how many seconds to wait for another installation to end.
        on_wait: called once when there is another one to wait for.
        on_copy: told how far copying has come.
        build: builds the native code of plugins that come without it; None installs them as they are.
        agree: asks whether plugins may reach what they ask for; None asks nobody. Agreeing grants nothing by itself.
        grant: grants it in the same step; None grants nothing.
        native: whether plugins with native code may be installed; those that may not are not built either.
    """

    limits: Limits = field(default_factory=Limits)
    lock_timeout: float = 60.0
    on_wait: Callable[[], None] | None = None
    on_copy: CopyListener | None = None
    build: Build | None = None
    agree: Agree | None = None
    grant: Grant | None = None
    native: NativePolicy = field(default_factory=NativePolicy)
