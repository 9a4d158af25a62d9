"""Install, upgrade, uninstall and roll back ALaS plugins."""

from alas_installer._errors import CODES, InstallError, NotAgreedError, NotBuiltError
from alas_installer._installer import Installed, Installer
from alas_installer._limits import Limits
from alas_installer._reports import Action, Change, InstallReport
from alas_installer._requirements import Provided
from alas_installer._settings import Agree, Check, Grant, Others, Request, Settings
from alas_installer._staging import Build

__all__ = [
    "CODES",
    "Action",
    "Agree",
    "Build",
    "Change",
    "Check",
    "Grant",
    "InstallError",
    "InstallReport",
    "Installed",
    "Installer",
    "Limits",
    "NotAgreedError",
    "NotBuiltError",
    "Others",
    "Provided",
    "Request",
    "Settings",
]
