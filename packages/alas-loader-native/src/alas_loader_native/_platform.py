"""The platform that this process runs on, as manifests name platforms."""

import platform

_SYSTEMS = {"darwin": "macos"}
_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64", "x64": "x86_64"}


def current_platform() -> str:
    """Return operating system and architecture, as `implementation.binaries` has them.

    Example:
        >>> "-" in current_platform()
        True
    """
    system, machine = platform.system().lower(), platform.machine().lower()
    return f"{_SYSTEMS.get(system, system)}-{_ARCHITECTURES.get(machine, machine)}"
