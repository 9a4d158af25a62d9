"""The generations of what is installed: reading them, making the next, switching to it, forgetting old ones."""

import contextlib
import errno
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alas_installer import _durable as durable
from alas_installer._errors import InstallError
from alas_installer._layout import Layout
from alas_manifest import read_file
from alas_registry import SettingsDraft
from alas_registry.installed import (
    LISTING_ENDING,
    STORE,
    Content,
    InstalledPlugin,
    Lock,
    generation_in_force,
    read_content,
    read_lock,
)

if TYPE_CHECKING:
    from alas_manifest import Manifest

_KEPT = 5
_MOST_TRIES = 5
_NUMBER = re.compile(r"[1-9][0-9]{0,15}")
_NOTHING = Lock(0)
# Lower than all others, so that whatever replaces what nobody can read is newer.
_UNKNOWN_VERSION = "0.0.0-unknown"


@dataclass(frozen=True, slots=True)
class State:
    """What is installed, on the disk.

    Attributes:
        layout: where.
    """

    layout: Layout

    # --- Reading ---

    def current(self) -> Lock:
        """Return the lock in force; one without plugins and of the generation 0 when nothing was installed yet.

        Raises:
            InstallError: it cannot be read.
        """
        number = self.current_number()
        return self.read(number) if number is not None else _NOTHING

    def current_number(self) -> int | None:
        """Return the number of the generation in force; None when nothing was installed yet."""
        try:
            return generation_in_force(self.layout.root)
        except FileNotFoundError:
            return None
        except NotADirectoryError:
            place = next(one for one in (self.layout.root, self.layout.plugins) if os.path.lexists(one))
            raise NotADirectoryError(
                errno.ENOTDIR, "it is no folder, and has to be one", str(place)
            ) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            message = f"{self.layout.current} is not the link that it has to be: {reason}"
            raise InstallError(
                "lock_broken", message, "move it away, and install the plugins again"
            ) from None

    def read(self, number: int) -> Lock:
        """Return the lock of a generation.

        Raises:
            InstallError: it cannot be read.
        """
        file = self.layout.lock_file(number)
        try:
            lock = read_lock(file)
        except OSError as error:
            reason = error.strerror or str(error)
        except ValueError as error:
            reason = str(error)
        else:
            return Lock(number, lock.previous, lock.plugins)
        raise InstallError(
            "lock_broken",
            f"the lock file {file} cannot be read: {reason}",
            "go back to the state before it: alas-plugin install --rollback",
        )

    def as_linked(self, number: int) -> Lock:
        """Return what a generation holds whose lock file cannot be read, as far as its links and the plugins say."""
        plugins = {}
        for link in self._children(self.layout.generation(number)):
            if link.is_symlink():
                manifest = read_file(link).manifest
                plugins[link.name] = InstalledPlugin(
                    version=str(manifest.version) if manifest is not None else _UNKNOWN_VERSION,
                    hash=Path(os.readlink(link)).name.partition("-")[0],  # noqa: PTH115 - the text as it is
                    type=manifest.type if manifest is not None else "",
                    source="",
                    installed_at="",
                )
        return Lock(number, None, plugins)

    def numbers(self) -> list[int]:
        """Return the numbers of all generations, in order."""
        if not self.layout.generations.is_dir():
            return []
        names = [path.name for path in self.layout.generations.iterdir()]
        return sorted(int(name) for name in names if _NUMBER.fullmatch(name))

    def current_unlocked(self) -> Lock:
        """Return the lock in force while others may be installing.

        Raises:
            InstallError: it cannot be read.
        """
        for _ in range(_MOST_TRIES):
            number = self.current_number()
            try:
                return self.current()
            except InstallError:
                # It may have been replaced and removed between finding and reading it.
                if self.current_number() == number:
                    raise
        return self.current()

    def contents(self, lock: Lock) -> dict[str, str]:
        """Return the names of the folders in the store that the plugins of a generation are in.

        A link that somebody has removed or turned elsewhere does not count: the lock file says what was installed.
        """
        found = {}
        for name, record in lock.plugins.items():
            try:
                store_name = os.readlink(self.layout.generation(lock.generation) / name).rpartition("/")[2]  # noqa: PTH115 - the text as it is
            except OSError:
                store_name = record.hash
            found[name] = store_name if store_name.partition("-")[0] == record.hash else record.hash
        return found

    def manifests(self, lock: Lock) -> "dict[str, Manifest]":
        """Return the manifests of the plugins of a generation; one that somebody has broken is not among them."""
        read = (
            (name, read_file(self.layout.store / one).manifest) for name, one in self.contents(lock).items()
        )
        return {name: manifest for name, manifest in read if manifest is not None}

    def is_whole(self, lock: Lock, name: str) -> bool:
        """Say whether a plugin of the generation in force is as it was installed, and programs find it."""
        inner = self.layout.current / name
        leads_to = os.path.realpath(inner)
        return (
            Path(leads_to).name.partition("-")[0] == lock.plugins[name].hash
            and os.path.realpath(self.layout.link(name)) == leads_to
            and self.is_intact(Path(leads_to).name)
        )

    def previous(self, number: int) -> Lock:
        """Return the lock of the generation before another one.

        A lock that cannot be read does not say which that is; then it is the nearest lower number that can.

        Raises:
            InstallError: there is none.
        """
        try:
            stated = self.read(number).previous
            candidates = [stated] if stated is not None else []
        except InstallError:
            candidates = [one for one in reversed(self.numbers()) if one < number]
        for candidate in candidates:
            try:
                return self.read(candidate)
            except InstallError:
                continue
        raise InstallError("nothing_to_roll_back", "there is no earlier state to go back to")

    # --- Changing, up to the switch ---

    def store(self, staged: Path, content: Content) -> str:
        """Move a staged plugin into the store; return the name of its folder there.

        Content that is there already stays; content that somebody has changed stays too, and gets a neighbour.
        """
        listing = self.layout.listing(content.hash)
        if not listing.exists() or listing.read_bytes() != content.listing:
            scratch = staged.parent / "listing"
            durable.remove(scratch)
            durable.write_file(scratch, [content.listing])
            durable.sync(scratch)
            durable.rename(scratch, listing)
        for name in self._store_names(content.hash):
            folder = self.layout.store / name
            if not folder.exists():
                durable.sync_tree(staged)
                durable.rename(staged, folder)
                return name
            if self.is_intact(name):
                return name
        raise AssertionError("there is always another number")

    @staticmethod
    def _store_names(content_hash: str) -> Iterator[str]:
        yield content_hash
        number = 2
        while True:
            yield f"{content_hash}-{number}"
            number += 1

    def is_intact(self, store_name: str) -> bool:
        """Say whether a folder in the store holds what its name says."""
        try:
            return read_content(self.layout.store / store_name).hash == store_name.partition("-")[0]
        except OSError:
            return False

    def make_generation(
        self, lock: Lock, contents: Mapping[str, str], settings: SettingsDraft | None = None
    ) -> None:
        """Make a generation, which is not in force yet.

        Args:
            lock: what it says.
            contents: the names of the plugins' folders in the store, by the names of the plugins.
            settings: the settings that are to be in force with it, if they change.
        """
        folder = self.layout.staging / "generation"
        durable.make_inner_folder(folder)
        for name, store_name in contents.items():
            durable.make_link(folder / name, _inner_link_text(store_name))
        durable.write_file(folder / "lock.json", [lock.to_json().encode()])
        if settings is not None:
            settings.stage(folder)
        durable.sync_tree(folder)
        durable.rename(folder, self.layout.generation(lock.generation))

    def mend_generation(
        self, lock: Lock, contents: Mapping[str, str], settings: SettingsDraft | None = None
    ) -> None:
        """Turn the links of a generation that is not in force back to where its lock file has them.

        Args:
            lock: what the generation says.
            contents: as for `make_generation`.
            settings: as for `make_generation`.
        """
        folder = self.layout.generation(lock.generation)
        SettingsDraft.clear(folder)
        if settings is not None:
            settings.stage(folder)
        for name, store_name in contents.items():
            link, text = folder / name, _inner_link_text(store_name)
            if link.is_symlink() and os.readlink(link) == text:  # noqa: PTH115 - the text as it is
                continue
            scratch = self.layout.staging / "link"
            durable.make_link(scratch, text)
            if not link.is_symlink():
                durable.remove(link)
            durable.rename(scratch, link)

    def link_plugins(self, lock: Lock) -> None:
        """Make the links under which the plugins of a generation are found. Those of others lead nowhere yet.

        Raises:
            InstallError: something else has the name of one.
        """
        missing = []
        for name in lock.plugins:
            self.check_name_is_free(name)
            if not self.layout.link(name).is_symlink():
                missing.append(name)
        for name in missing:
            durable.make_link(self.layout.link(name), self.layout.link_text(name))
        if missing:
            durable.sync(self.layout.plugins)

    def check_name_is_free(self, name: str) -> None:
        """Check that nothing else is where a plugin would be found.

        Raises:
            InstallError: something is.
        """
        link = self.layout.link(name)
        if not os.path.lexists(link) or self._is_ours(link):
            return
        message = f"{link} is there already, and was not made by alas-plugin install"
        advice = f"move it away if `{name}` is to be installed; as long as it is there, programs use it"
        raise InstallError("name_taken", message, advice)

    def check_links_can_go(self, names: Iterable[str]) -> None:
        """Check that the links of plugins that are to go can be removed, so that none is left that leads nowhere.

        Args:
            names: the plugins.

        Raises:
            InstallError: nothing can be removed from the folder.
        """
        there = [name for name in names if self._is_ours(self.layout.link(name))]
        if there and not os.access(self.layout.plugins, os.W_OK | os.X_OK):
            message = f"{self.layout.plugins}: nothing may be removed from this folder, where the link of `{there[0]}` is"
            raise InstallError("io_error", message, "see the permissions of the folder")

    def _is_ours(self, link: Path) -> bool:
        try:
            return os.readlink(link) == self.layout.link_text(link.name)  # noqa: PTH115 - the text as it is
        except OSError:
            return False

    def switch(self, number: int) -> None:
        """Put a generation in force: the one step before which all is old, and after which all is new."""
        link = self.layout.staging / "current"
        durable.make_link(link, f"generations/{number}")
        link.replace(self.layout.current)

    # --- Tidying up ---

    def clear_staging(self) -> None:
        """Remove what an installation that was stopped, or failed, has left behind unfinished."""
        for path in self._children(self.layout.staging):
            durable.remove(path)
        # A link that cannot be removed leads nowhere, and is in the way of nothing.
        with contextlib.suppress(OSError):
            self.remove_links()

    def collect(self, former: int | None) -> None:
        """Remove generations that are not kept, and contents that no kept generation needs.

        Args:
            former: the generation that was in force before, which running programs may still be reading.
        """
        kept = self._kept(former)
        for path in self._children(self.layout.generations):
            if path.name not in kept:
                durable.remove(path)
        contents = {
            Path(os.readlink(link)).name  # noqa: PTH115 - the text as it is
            for number in kept
            for link in self._children(self.layout.generations / number)
            if link.is_symlink()
        }
        hashes = {name.partition("-")[0] for name in contents}
        for path in self._children(self.layout.store):
            is_listing = path.name.endswith(LISTING_ENDING)
            if path.name not in contents and not (is_listing and path.stem in hashes):
                durable.remove(path)

    @staticmethod
    def _children(folder: Path) -> list[Path]:
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _kept(self, former: int | None) -> set[str]:
        """Return the generations to keep: the one in force, those before it, and the former."""
        number = self.current_number()
        kept: set[str] = set() if former is None else {str(former)}
        for _ in range(_KEPT):
            if number is None:
                break
            kept.add(str(number))
            try:
                number = self.read(number).previous
            except InstallError:
                # Nobody knows what came before, so everything may be needed.
                kept.update(str(one) for one in self.numbers())
                break
        return kept

    def remove_links(self) -> None:
        """Remove the links of plugins that are not installed."""
        try:
            number = self.current_number()
        except InstallError:
            return
        if number is not None and not self.layout.generation(number).is_dir():
            # Nobody knows what is installed.
            return
        for link in self._children(self.layout.plugins):
            if (
                link.is_symlink()
                and self._is_ours(link)
                and not os.path.lexists(self.layout.current / link.name)
            ):
                durable.remove(link)


def _inner_link_text(store_name: str) -> str:
    """Return where the link of a generation to a plugin leads."""
    return f"../../{STORE}/{store_name}"
