"""What to do about a permission that code lacked, as far as the command knows who it was and what could be granted."""

import os
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alas_core.errors import RunError
    from alas_interp import Denial
    from alas_registry import Plugin, Registry


class Denials:
    """Remembers whose code was denied what, which the error alone does not say."""

    def __init__(self, tell: "Callable[[Denial], object] | None" = None) -> None:
        """Remember nothing yet.

        Args:
            tell: is told of each as well.
        """
        self._tell = tell
        self._plugins: dict[tuple[str, str | None, str | None], str | None] = {}

    def __call__(self, denial: "Denial", /) -> None:
        """Take note of one. See `alas_interp.Interpreter`."""
        self._plugins[denial.module, denial.access, denial.target] = denial.plugin
        if self._tell is not None:
            self._tell(denial)

    def plugin_of(self, error: "RunError") -> str | None:
        """Return the name of the plugin whose code was denied something; None for a program.

        Args:
            error: what that ended in.
        """
        access, target = getattr(error, "access", None), getattr(error, "target", None)
        return self._plugins.get((error.module, access, target))


def log_denial(denial: "Denial") -> None:
    """Write down an attempt at what was not granted; the user hears of it by the failure of the program."""
    import logging

    from alas_cli._registry import settings_in_force

    settings_in_force()
    logging.getLogger("alas.registry").warning("%s", denial, extra={"is_reported": True})


def advice_in_run(denials: Denials, error: "RunError") -> str | None:
    """Return how `alas-run` allows what code was denied; None where nothing that it names would be enough.

    Args:
        denials: what was denied.
        error: what that ended in.
    """
    access, target = _denied(error)
    if access is None or target is None:
        return None
    option = f"-allow-{access}={shlex.quote(target)}"
    plugin = denials.plugin_of(error)
    if plugin is None:
        return f"alas-run allows it with {option}"
    return (
        f"alas-run allows it with {option}, if the manifest of `{plugin}` asks for it as well; alas-plugin permissions {plugin} "
        "shows what it asks for and is granted"
    )


def advice_on_plugins(denials: Denials, registry: "Registry", error: "RunError") -> str | None:
    """Return how a plugin is granted what it was denied, or that nothing can grant it; None where nobody can tell.

    Args:
        denials: what was denied.
        registry: knows the plugin.
        error: what that ended in.
    """
    access, target = _denied(error)
    name = denials.plugin_of(error)
    plugin = registry.find(name) if name is not None else None
    if access is None or target is None or plugin is None or plugin.manifest is None:
        return None
    scope = _asked_scope(plugin, access, target)
    if scope is None:
        return f"the manifest of `{plugin.name}` does not ask for it, so that nothing can grant it"
    from alas_cli._ownership import is_another, own_folders
    from alas_cli._plugin._sources import name_for_info
    from alas_cli._registry import settings_in_force

    settings = settings_in_force()
    if is_another(plugin, settings):
        own = own_folders(plugin.name, settings)[0]
        return (
            f"what is granted to the name `{plugin.name}` is granted to your own plugin, in {own}, and not to this one; programs "
            f"that use it are allowed it by alas-run -allow-{access}={shlex.quote(scope)}"
        )
    value = shlex.quote(scope)
    option = f"-{access}={value}" if scope.startswith("-") else f"-{access} {value}"
    return f"to grant it: alas-plugin grant {name_for_info(plugin)} {option}"


def _denied(error: "RunError") -> tuple[str | None, str | None]:
    return getattr(error, "access", None), getattr(error, "target", None)


def _asked_scope(plugin: "Plugin", access: str, target: str) -> str | None:
    """Return what to name where a plugin is to be granted something; None where its manifest does not ask for it."""
    from alas_cli._registry import working_folder
    from alas_registry import requested_grants, scope_covers

    assert plugin.manifest is not None, "only then anybody knows what it asks for"
    scopes = getattr(requested_grants(plugin.manifest), access)
    if any(scope_covers(access, scope, target, working_folder()) for scope in scopes):
        return target
    if access not in ("read", "write"):
        return None
    # The engine tells where a link has led; what can be granted is what the manifest names.
    found = (one for one in scopes if scope_covers(access, os.path.realpath(os.path.expanduser(one)), target))  # noqa: PTH111 - a name that is no user's stays as it is
    return next(found, None)
