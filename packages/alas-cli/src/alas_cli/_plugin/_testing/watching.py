"""Running tests again whenever a file changes.

Each run is a process of its own, so that it meets the code as it is now, Python modules among it, and so that nothing a
plugin does can end the watch.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import watch as watch_files

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import write_error
from alas_cli._interrupts import handled_interrupts
from alas_cli._plugin._testing.targets import Target
from alas_manifest import escape_text

_RUN = "from alas_cli.plugin import main; main()"
# How often a watch without changes looks up, in milliseconds; the first look begins the first run.
_PAUSE = 100


def watch(find_targets: Callable[[], list[Target]]) -> int:
    """Run the tests now and after every change, until Ctrl-C.

    Args:
        find_targets: returns the plugins; their folders, and those beside them, are watched.

    Returns:
        The exit code: done, since ending it is no failure.

    Raises:
        UsageMistake: the command line names something that is not there.
    """
    arguments = [word for word in sys.argv[1:] if word not in ("-watch", "--watch")]
    try:
        with handled_interrupts(lambda: None):
            folders = _folders(find_targets())
            shown = ", ".join(escape_text(str(folder)) for folder in folders)
            for changed in _changes(folders):
                if changed:
                    write_error(f"\nchanged: {', '.join(changed)}\n")
                _run(arguments)
                write_error(f"watching {shown}; Ctrl-C ends\n")
    except KeyboardInterrupt:
        write_error("\n")
    return exit_codes.DONE


def _folders(targets: Sequence[Target]) -> list[Path]:
    return list(dict.fromkeys(target.folder for target in targets))


def _changes(folders: Sequence[Path]) -> Iterator[list[str]]:
    """Yield once at the beginning, and then the files that have changed, whenever some have."""
    # Watching begins before the first run, so that no change during a run is missed.
    is_first = True
    for changes in watch_files(*folders, rust_timeout=_PAUSE, yield_on_timeout=True, debounce=300):
        if changes or is_first:
            names = sorted({escape_text(Path(path).name) for _, path in changes})
            yield [] if is_first else names
            is_first = False


def _run(arguments: Sequence[str]) -> None:
    # The process gets the arguments of this one, less what makes it watch.
    subprocess.run([sys.executable, "-c", _RUN, *arguments], stdin=subprocess.DEVNULL, check=False)  # noqa: S603 - it is this command itself
