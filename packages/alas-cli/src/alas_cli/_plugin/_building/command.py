"""One run of `alas-plugin build`: from the command line to the exit code."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import UsageMistake, write_error
from alas_cli._interrupts import handled_interrupts
from alas_cli._plugin._building.checking import check_files, check_loads
from alas_cli._plugin._building.failure import BuildError
from alas_cli._plugin._building.running import run_build
from alas_cli._plugin._targets import plugin_folder
from alas_cli._program_output import reserve_output
from alas_cli._registry import check_folders, enable_debug, settings_in_force
from alas_cli._sizes import size_text
from alas_cli._subcommand import CommonOptions
from alas_loader_native import missing_library, native_functions
from alas_manifest import Manifest, escape_text, has_native_code, quote_text, read_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What became of one plugin.

    Attributes:
        manifest: its manifest.
        folder: its folder, as the user has written it.
        libraries: what was built.
        reason: why there was nothing to build; None when there was.
    """

    manifest: Manifest
    folder: Path
    libraries: tuple[Path, ...] = ()
    reason: str | None = None


class BuildPlugins:
    """Builds plugins as a command line asks."""

    def __init__(self, options: CommonOptions, *, seconds: float | None) -> None:
        """Take the command line.

        Args:
            options: what all commands have.
            seconds: how long building a plugin may take; None is as long as it likes.
        """
        self._options = options
        self._seconds = seconds

    def run(self, words: Sequence[str]) -> int:
        """Build plugins, and print what was built.

        Args:
            words: their folders.

        Returns:
            The exit code.

        Raises:
            UsageMistake: one of them is no folder of a plugin; nothing was built.
            KeyboardInterrupt: the user has stopped it.
        """
        check_folders("-plugin-path", self._options.plugin_paths)
        enable_debug(asked=self._options.plugin_debug)
        folders = list(dict.fromkeys(map(_source_folder, words)))
        if self._options.is_for_machines:
            reserve_output()
        done: list[Built] = []
        with handled_interrupts(lambda: None):
            for index, folder in enumerate(folders):
                try:
                    done.append(self._build(folder))
                except BuildError as error:
                    self._report_failure(folder, error, done, folders[index + 1 :])
                    return error.exit_code
        if self._options.is_for_machines:
            self._write_document(done)
        return exit_codes.DONE

    def _build(self, folder: Path) -> Built:
        reading = read_file(folder)
        manifest = reading.manifest
        if manifest is None:
            raise BuildError("plugin_invalid", "the manifest has errors", reading.diagnostics)
        if (reason := _nothing_to_build(folder, manifest)) is not None:
            _say(f"{manifest.name}: nothing to build: {reason}")
            return Built(manifest=manifest, folder=folder, reason=reason)
        policy = settings_in_force().native
        if policy.refuses_any and has_native_code(manifest):
            # What was built is opened, which runs it.
            raise BuildError("native_refused", f"it has native code, which {policy.reason}")
        _say(f"building {manifest.name}: {manifest.implementation.build_cmd}")
        began = time.time_ns()
        end = time.monotonic() + self._seconds if self._seconds is not None else None
        run_build(manifest, folder, self._seconds)
        files = check_files(folder, manifest)
        _mark_as_built(files[:1], began)
        check_loads(folder, manifest, max(0.0, end - time.monotonic()) if end is not None else None)
        made = ", ".join(f"{file} ({size_text(file.stat().st_size)})" for file in files)
        _say(f"built {manifest.name}: {made or 'its manifest names no library'}")
        return Built(manifest=manifest, folder=folder, libraries=tuple(files))

    # --- What is printed ---

    def _report_failure(
        self, folder: Path, error: BuildError, done: Sequence[Built], left: Sequence[Path]
    ) -> None:
        """Say why a plugin was not built, and which others were not tried for that."""
        manifest = read_file(folder).manifest
        message = f"{manifest.name if manifest is not None else folder}: {error.message}"
        if self._options.is_for_machines:
            from alas_cli._documents import failure_document, write_document

            document = json.loads(failure_document(error.code, message, error.diagnostics or None))
            document |= {"plugins": _records(done), "not_built": [str(one.absolute()) for one in left]}
            write_document(json.dumps(document))
            return
        from alas_cli._excerpts import Texts
        from alas_cli._rendering import print_rows, render_diagnostics, render_failure

        sys.stdout.flush()
        print_rows([*render_diagnostics(error.diagnostics, Texts()), *render_failure(error.code, message)])
        if left:
            write_error(f"not built for that: {escape_text(', '.join(map(str, left)))}\n")

    def _write_document(self, done: Sequence[Built]) -> None:
        from alas_cli._documents import write_document

        write_document(json.dumps({"ok": True, "plugins": _records(done)}))


def _records(done: Sequence[Built]) -> list[dict[str, object]]:
    """Return what a document says of plugins that were built, or did not have to be."""
    return [
        {
            "name": one.manifest.name,
            "folder": str(one.folder.absolute()),
            "command": one.manifest.implementation.build_cmd,
            "status": "built" if one.reason is None else "nothing_to_build",
            "reason": one.reason,
            "libraries": [
                {"path": str(file.absolute()), "bytes": file.stat().st_size} for file in one.libraries
            ],
        }
        for one in done
    ]


def _source_folder(word: str) -> Path:
    """Return the folder of a plugin that may be built there.

    Raises:
        UsageMistake: there is none, or what is installed there must stay as it is.
    """
    from alas_registry.installed import installed_details

    if not word:
        raise UsageMistake("expected the folder of a plugin, found an empty text")
    folder = plugin_folder(word)
    if installed_details(folder) is not None:
        raise UsageMistake(
            f"{quote_text(word)} is an installed plugin, which stays as it is; build the folder it was installed from, and "
            "install that again"
        )
    return folder


def _nothing_to_build(folder: Path, manifest: Manifest) -> str | None:
    """Say why there is nothing to build; None when there is something.

    Raises:
        BuildError: there would have to be.
    """
    if manifest.type in ("module", "builtin"):
        written_in = "ALaS" if manifest.type == "module" else "Python"
        return f"a {manifest.type} plugin is written in {written_in}, and runs as it is"
    if manifest.implementation.build_cmd is not None:
        return None
    missing = missing_library(folder, manifest) if native_functions(manifest) else None
    if missing is not None:
        raise BuildError("build_mismatch", missing)
    return "its manifest has no `implementation.build_cmd`"


def _mark_as_built(files: Sequence[Path], began: int) -> None:
    """Date libraries that the command has left as they were at its beginning: they are up to date since then.

    Otherwise a source that the command does not heed, or whose change changes nothing, would look newer for ever.
    """
    for file in files:
        # Whoever may not date it goes on without.
        with contextlib.suppress(OSError):
            if file.stat().st_mtime_ns < began:
                os.utime(file, ns=(began, began))


def _say(text: str) -> None:
    # Before whatever the build command prints next.
    sys.stdout.write(f"{escape_text(text)}\n")
    sys.stdout.flush()
