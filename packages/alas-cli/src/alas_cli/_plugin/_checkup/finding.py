"""What a check has found out."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["ok", "note", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about the installation.

    Attributes:
        status: how bad it is; a `note` is neither good nor bad.
        name: what it is about, a few words.
        text: what was found.
        help: what to do about it, or None.
    """

    status: Status
    name: str
    text: str
    help: str | None = None

    def to_dict(self, section: str) -> dict[str, Any]:
        """Return the record of it in documents.

        Args:
            section: which part of the installation it belongs to.
        """
        return {"section": section, **asdict(self)}
