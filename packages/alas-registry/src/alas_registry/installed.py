"""Installed plugins, for those who install and inspect them: their folders, the lock file, and the hash of a folder's content.

Apart from the rest of the package, because hashing takes a moment to import and most programs need none of it.
"""

from alas_registry._content import Content, FileRecord, read_content
from alas_registry._installed import (
    GENERATIONS,
    LISTING_ENDING,
    LOCK_FILE,
    STORE,
    InstalledPlugin,
    Lock,
    Reason,
    check_installed,
    generation_in_force,
    installed_details,
    read_lock,
)
from alas_registry._installed_place import CURRENT
from alas_registry._search_paths import INSTALLED_FOLDER

__all__ = [
    "CURRENT",
    "GENERATIONS",
    "INSTALLED_FOLDER",
    "LISTING_ENDING",
    "LOCK_FILE",
    "STORE",
    "Content",
    "FileRecord",
    "InstalledPlugin",
    "Lock",
    "Reason",
    "check_installed",
    "generation_in_force",
    "installed_details",
    "read_content",
    "read_lock",
]
