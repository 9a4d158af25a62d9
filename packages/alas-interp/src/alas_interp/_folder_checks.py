"""What every loader of plugins with a folder does before it runs any of their code."""

import logging
from typing import TYPE_CHECKING

from alas_interp._program_error import ProgramError
from alas_manifest import unenforced_requests, validate_folder

if TYPE_CHECKING:
    from alas_manifest import Manifest
    from alas_registry import Plugin

# The registry's logger: whoever asks about plugins looks there.
LOGGER = logging.getLogger("alas.registry")


class FolderChecks:
    """Checks the folders of plugins for one loader."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def check(self, plugin: "Plugin") -> None:
        """Check that a plugin is as its manifest says, unless the registry has just done that; tell what is not enforced.

        What this version does not do as a manifest asks is a warning of the log, once however often the plugin is loaded.

        Args:
            plugin: the plugin.

        Raises:
            ProgramError: it is not as its manifest says.
        """
        found = () if plugin.is_checked else validate_folder(plugin.folder)
        findings = [finding for finding in found if finding.is_error]
        if findings:
            raise ProgramError(findings)
        if plugin.manifest is not None:
            self.tell(plugin.manifest)

    def tell(self, manifest: "Manifest") -> None:
        """Tell what this version does not do as a manifest asks.

        Args:
            manifest: the manifest of a plugin that is loaded.
        """
        for request in unenforced_requests(manifest).values():
            told = f"the plugin {manifest.name} {request}"
            if told not in self._told:
                self._told.add(told)
                LOGGER.warning("%s", told)
