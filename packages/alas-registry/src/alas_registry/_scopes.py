"""How far rights reach, as far as their texts tell: what two sources let code do together, and what one of them lacks.

The engine decides by descriptors and addresses when something is reached; this is for people, who are shown and asked about the
texts. It never says that something is covered which the engine would take for something else.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from alas_registry._settings import GrantSettings

if TYPE_CHECKING:
    from alas_manifest import Manifest

_HOST_PORT = re.compile(r"(?:\[(?P<address>[^\]]+)\]|(?P<name>[^:]*))(?::(?P<port>\d+))?")
_LOCALHOST = "localhost"


def requested_grants(manifest: "Manifest") -> GrantSettings:
    """Return what a manifest asks for, in the form of what is granted.

    Args:
        manifest: the manifest.
    """
    asked = manifest.security.permissions
    return GrantSettings(
        read=asked.filesystem.read,
        write=asked.filesystem.write,
        run=asked.process,
        net=asked.network,
        env=asked.env,
    )


def effective_grants(
    asked: GrantSettings, granted: GrantSettings, folder: Path | None = None
) -> GrantSettings:
    """Return what two sources grant together.

    Args:
        asked: what a manifest asks for.
        granted: what the host grants.
        folder: where relative paths start from; None takes them for nothing but themselves.

    Example:
        >>> asked = GrantSettings(read=("/data", "/logs"), net=("api.example.com",))
        >>> effective_grants(asked, GrantSettings(read=("/data/in",), net=("*.example.com:443",)))
        GrantSettings(read=('/data/in',), write=(), net=('api.example.com:443',), run=(), env=())
    """
    return GrantSettings(
        **{
            right: _together(right, getattr(asked, right), getattr(granted, right), folder)
            for right in GrantSettings._fields
        }
    )


def joined_grants(one: GrantSettings, other: GrantSettings) -> GrantSettings:
    """Return what either of two sources grants.

    Args:
        one: a source.
        other: another one.

    Example:
        >>> joined_grants(
        ...     GrantSettings(read=("/data",), env=("HOME",)),
        ...     GrantSettings(read=("/logs",), env=None),
        ... )
        GrantSettings(read=('/data', '/logs'), write=(), net=(), run=(), env=None)
    """

    def both(right: str) -> tuple[str, ...] | None:
        first, second = getattr(one, right), getattr(other, right)
        return None if first is None or second is None else tuple(dict.fromkeys((*first, *second)))

    return GrantSettings(**{right: both(right) for right in GrantSettings._fields})


def missing_grants(asked: GrantSettings, granted: GrantSettings, folder: Path | None = None) -> GrantSettings:
    """Return what one source asks for and another does not grant, as it is written.

    Args:
        asked: what is asked for.
        granted: what is granted.
        folder: where relative paths start from; None takes them for nothing but themselves.

    Example:
        >>> asked = GrantSettings(read=("/data/in", "notes"), env=("HOME",))
        >>> missing_grants(asked, GrantSettings(read=("/data",)))
        GrantSettings(read=('notes',), write=(), net=(), run=(), env=('HOME',))
    """

    def missing(right: str) -> tuple[str, ...] | None:
        wanted, held = getattr(asked, right), getattr(granted, right)
        if wanted is None or held is None:
            return () if held is None else None
        return tuple(
            one for one in wanted if not any(scope_covers(right, scope, one, folder) for scope in held)
        )

    return GrantSettings(**{right: missing(right) for right in GrantSettings._fields})


def scope_covers(right: str, scope: str, wanted: str, folder: Path | None = None) -> bool:
    """Say whether one scope of a right reaches all that another does.

    Args:
        right: `read`, `write`, `run`, `net` or `env`.
        scope: what may cover the other.
        wanted: the other.
        folder: where relative paths start from; None takes them for nothing but themselves.

    Example:
        >>> scope_covers("read", "/data", "/data/in"), scope_covers("read", "/data", "/data/../etc")
        (True, False)
        >>> scope_covers("net", "*.example.com", "api.example.com:443")
        True
    """
    if right in ("read", "write"):
        return _path_covers(_Steps.of(scope, folder), _Steps.of(wanted, folder))
    if right == "net":
        return _Host.of(scope).covers(_Host.of(wanted))
    if right == "run":
        import shutil

        return scope == wanted or (
            (found := shutil.which(wanted)) is not None and found == shutil.which(scope)
        )
    return scope == wanted


def is_relative(path: str) -> bool:
    """Say whether a path in a permission starts from the folder that the process works in.

    Example:
        >>> [is_relative(path) for path in ("data", "~/data", "/data")]
        [True, False, False]
    """
    return not Path(os.path.expanduser(path)).is_absolute()  # noqa: PTH111 - a name that is no user's stays as it is


def _together(
    right: str, asked: tuple[str, ...] | None, granted: tuple[str, ...] | None, folder: Path | None
) -> tuple[str, ...] | None:
    if asked is None or granted is None:
        return granted if asked is None else asked
    meet = _meeting(right, folder)
    found = (meet(one, two) for one in asked for two in granted)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _meeting(right: str, folder: Path | None) -> Callable[[str, str], str | None]:
    """Return what finds the scope that is in both of two."""

    def meet(one: str, two: str) -> str | None:
        if right == "net":
            both = _Host.of(one).meet(_Host.of(two))
            return both.text if both is not None else None
        if scope_covers(right, two, one, folder):
            return one
        return two if scope_covers(right, one, two, folder) else None

    return meet


class _Steps(tuple[str, ...]):
    """A path without `.`, and without `..` but at its start."""

    __slots__ = ()

    @classmethod
    def of(cls, text: str, folder: Path | None) -> "_Steps":
        """Read a path; one that stays relative has an empty step in front of it."""
        path = os.path.expanduser(text)  # noqa: PTH111 - a name that is no user's stays as it is
        if folder is not None:
            path = os.path.join(folder, path)  # noqa: PTH118 - `..` stays
        steps = [step for step in Path(os.path.normpath(path)).parts if not step.startswith(os.sep)]
        return cls(steps if os.path.isabs(path) else ["", *steps])  # noqa: PTH117 - as above


def _path_covers(scope: _Steps, wanted: _Steps) -> bool:
    rest = wanted[len(scope) :]
    # The root covers whatever a relative path comes to.
    return not scope or (wanted[: len(scope)] == scope and os.pardir not in rest)


class _Host(NamedTuple):
    """A host of a permission.

    Attributes:
        text: as it is written.
        name: a name, a pattern or an address in brackets, as it is compared.
        port: None is every port.
    """

    text: str
    name: str
    port: int | None

    @classmethod
    def of(cls, text: str) -> "_Host":
        match = _HOST_PORT.fullmatch(text)
        if match is None:
            return cls(text, text, None)
        port = int(match["port"]) if match["port"] is not None else None
        if match["address"] is not None:
            import ipaddress

            return cls(text, f"[{ipaddress.ip_address(match['address'])}]", port)
        return cls(text, match["name"].lower().removesuffix("."), port)

    def covers(self, other: "_Host") -> bool:
        """Say whether this reaches all that another does."""
        return self.port in (None, other.port) and _name_covers(self.name, other.name)

    def meet(self, other: "_Host") -> "_Host | None":
        """Return what both reach."""
        if None not in (self.port, other.port) and self.port != other.port:
            return None
        if _name_covers(other.name, self.name):
            narrower = self
        elif _name_covers(self.name, other.name):
            narrower = other
        else:
            return None
        port = self.port if self.port is not None else other.port
        return narrower if narrower.port == port else _Host(f"{narrower.text}:{port}", narrower.name, port)


def _name_covers(scope: str, wanted: str) -> bool:
    if scope == wanted:
        return True
    if scope.startswith("*."):
        return wanted.removeprefix("*").endswith(scope[1:])
    return scope == _LOCALHOST and _is_loopback(wanted)


def _is_loopback(name: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
