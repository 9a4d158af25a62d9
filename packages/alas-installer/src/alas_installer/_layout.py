"""Where installed plugins are; `alas_registry._installed` shows the picture."""

from dataclasses import dataclass
from pathlib import Path

from alas_registry.installed import CURRENT, INSTALLED_FOLDER, LISTING_ENDING, LOCK_FILE, STORE


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of a user's installed plugins.

    Attributes:
        home: the user's ALaS folder.
    """

    home: Path

    @property
    def plugins(self) -> Path:
        """The folder that is searched for plugins."""
        return self.home / "plugins"

    @property
    def root(self) -> Path:
        """Where everything of the installer is, hidden from the search."""
        return self.plugins / INSTALLED_FOLDER

    @property
    def current(self) -> Path:
        """The link to the generation in force: the one thing that is swapped."""
        return self.root / CURRENT

    @property
    def generations(self) -> Path:
        """A folder for each generation."""
        return self.root / "generations"

    @property
    def store(self) -> Path:
        """A folder for each content."""
        return self.root / STORE

    @property
    def staging(self) -> Path:
        """What is not ready yet; whatever is here at the start of an installation is left over."""
        return self.root / "staging"

    @property
    def lock(self) -> Path:
        """The file that keeps installations apart."""
        return self.root / "lock"

    def generation(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self.generations / str(number)

    def lock_file(self, number: int) -> Path:
        """Return the lock file of a generation."""
        return self.generation(number) / LOCK_FILE

    def listing(self, content_hash: str) -> Path:
        """Return the file with the listing that a hash is of."""
        return self.store / f"{content_hash}{LISTING_ENDING}"

    def link(self, name: str) -> Path:
        """Return where a plugin is found."""
        return self.plugins / name

    @staticmethod
    def link_text(name: str) -> str:
        """Return where the link of a plugin leads, whatever is installed."""
        return f"{INSTALLED_FOLDER}/{CURRENT}/{name}"
