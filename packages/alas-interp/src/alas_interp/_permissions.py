"""What code may reach outside."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from alas_core import Rights

if TYPE_CHECKING:
    from alas_manifest import Permissions as Requested

Reach: TypeAlias = tuple[str, ...] | None
"""What a permission reaches; None is everything there is."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What code may reach outside, as far as one source grants it. What is not named is out of reach.

    Attributes:
        read: paths of files, and of folders with all that is in them, that may be read; None is every path.
        write: the same, to be made, changed and removed.
        commands: names of commands, which are looked for on the search path when they are granted, or their paths; None is every
            command. A command may do all that the process itself may do.
        variables: names of environment variables that `env.get` sees in a plugin beside its manifest's own; None is all.
            What programs see says the `environment` of their interpreter.
        network: hosts that may be connected to, each alone or with a port: `example.com`, `*.example.com:443`, `[::1]:8080`; None is
            every host. A name grants the public addresses that it leads to; others are granted by themselves, as `127.0.0.1`,
            or by `localhost`.

    Raises:
        TypeError: a permission is one text or no list, or holds something else than paths.
        ValueError: a path is empty, or has a NUL; a command has arguments; or a variable or a host is none.

    Example:
        >>> Permissions(read=["data", "/usr/share/dict/words"]).read
        ('data', '/usr/share/dict/words')
    """

    read: Iterable[str | Path] | None = ()
    write: Iterable[str | Path] | None = ()
    commands: Iterable[str | Path] | None = ()
    variables: Iterable[str] | None = ()
    network: Iterable[str] | None = ()

    def __post_init__(self) -> None:
        for name in ("read", "write", "commands", "variables", "network"):
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        _check_names(self.commands, self.variables)
        # The engine knows what is a host.
        Rights(network=self._hosts)

    @classmethod
    def everything(cls) -> Self:
        """Return the permissions of code that is trusted with all that the process may do."""
        return cls(read=None, write=None, commands=None, variables=None, network=None)

    @classmethod
    def requested(cls, requested: "Requested") -> Self:
        """Return what a manifest asks for.

        Args:
            requested: the manifest's `security.permissions`.
        """
        files = requested.filesystem
        return cls(
            read=files.read,
            write=files.write,
            commands=requested.process,
            variables=requested.env,
            network=requested.network,
        )

    def __or__(self, other: "Permissions") -> "Permissions":
        """Return what either grants.

        Example:
            >>> (Permissions(read=["a"]) | Permissions(read=["b"], write=None)).read
            ('a', 'b')
        """

        def either(one: Iterable[str | Path] | None, two: Iterable[str | Path] | None) -> Reach:
            return None if one is None or two is None else (*map(str, one), *map(str, two))

        return Permissions(
            read=either(self.read, other.read),
            write=either(self.write, other.write),
            commands=either(self.commands, other.commands),
            variables=either(self.variables, other.variables),
            network=either(self.network, other.network),
        )

    def for_engine(self) -> Rights:
        """Return them as the engine takes them: links in paths are followed, and commands looked for, now."""
        return Rights(
            read=_expanded(self.read),
            write=_expanded(self.write),
            run=_expanded(self.commands),
            network=self._hosts,
        )

    @property
    def _hosts(self) -> list[str] | None:
        return None if self.network is None else list(self.network)


def _texts(name: str, paths: Iterable[str | Path] | None) -> Reach:
    if paths is None:
        return None
    if isinstance(paths, str | bytes | os.PathLike) or not isinstance(paths, Iterable):
        raise TypeError(
            f"expected a list for the permission `{name}`, or None for everything, found {paths!r}"
        )
    texts = tuple(os.fspath(path) if isinstance(path, os.PathLike) else path for path in paths)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"expected texts for the permission `{name}`, found {text!r}")
        if not text or "\0" in text:
            raise ValueError(f"expected no empty text and no NUL in the permission `{name}`, found {text!r}")
    return texts


def _check_names(commands: Iterable[str | Path] | None, variables: Iterable[str] | None) -> None:
    """Refuse what can be the name of no command or variable: nobody would get anything by it."""
    if not commands and not variables:
        return
    # Imported here, because most code is granted neither.
    from alas_manifest import is_command, is_variable, quote_text

    for command in commands or ():
        if not is_command(str(command)):
            raise ValueError(
                f"expected a command without arguments for the permission `commands`, found {quote_text(str(command))}"
            )
    for variable in variables or ():
        if not is_variable(variable):
            raise ValueError(
                f"expected the name of a variable for the permission `variables`, found {quote_text(variable)}"
            )


def _expanded(paths: Iterable[str | Path] | None) -> list[str] | None:
    return None if paths is None else [os.path.expanduser(path) for path in paths]  # noqa: PTH111 - keeps `a/../b`


def variables(asked: Permissions, granted: Permissions) -> dict[str, str]:
    """Return the environment variables that a plugin may see: those that it asks for and the host grants.

    Args:
        asked: what its manifest asks for.
        granted: what the host grants.
    """
    return {
        name: os.environ[name]
        for name in asked.variables or ()
        if name in os.environ and (granted.variables is None or name in granted.variables)
    }


NOTHING: Final = Permissions()
