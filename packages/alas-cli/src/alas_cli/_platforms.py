"""Libraries for other platforms than this one, which cannot be built here, so that nobody has to hear that they are not."""

import re
from collections.abc import Iterable

from alas_manifest import Diagnostic

_OF_A_PLATFORM = re.compile(r"/implementation/binaries/\d+/(?P<platform>[^/]+)")


def of_this_platform(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return findings without those about libraries of other platforms that are not built yet.

    Args:
        findings: about the folder of a plugin.
    """
    return [finding for finding in findings if not _is_elsewhere(finding)]


def _is_elsewhere(finding: Diagnostic) -> bool:
    # A library that nothing can build has to be there, and is an error.
    if finding.code != "file_not_found" or finding.is_error:
        return False
    match = _OF_A_PLATFORM.fullmatch(finding.pointer)
    if match is None:
        return False
    from alas_loader_native import current_platform

    return match["platform"] != current_platform()
