"""What is to become of a field in a type of plugin: the words of the table's cells, and what they promise."""

from __future__ import annotations

from dataclasses import dataclass

from .specimens import Half

EVERY_HALF = tuple(Half)


@dataclass(frozen=True)
class Outcome:
    """What a cell says.

    Attributes:
        words: what the documentation says.
        held: the halves of the plugin in which the field shows its effect.
        free: those in which it shows none, which the words say as well.
        severity: that of the finding when the plugin is validated; None is no finding. An error keeps it from being loaded.
        code: the code of that finding.
        pointer: the place of that finding, where it is not the field itself.
    """

    words: str
    held: tuple[Half, ...] = ()
    free: tuple[Half, ...] = ()
    severity: str | None = None
    code: str = "unenforceable"
    pointer: str | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the plugin cannot be loaded."""
        return self.severity == "error"


ENFORCED = Outcome("enforced", EVERY_HALF)
ENFORCED_IN_ALAS = Outcome("enforced in its ALaS half", (Half.ALAS,))
ENFORCED_IN_ALAS_ALONE = Outcome("its ALaS half is held, native code is not", (Half.ALAS,), (Half.NATIVE,))
ENFORCED_IN_EACH = Outcome("enforced, in each half by itself", EVERY_HALF)
ENFORCED_ON_VALUES = Outcome("values that the engine makes are held", EVERY_HALF)
WARNED = Outcome("enforced in its ALaS half, with a warning", (Half.ALAS,), severity="warning")
REFUSED = Outcome("refused", severity="error")
TRUSTED = Outcome("accepted: it is a part of the host", (Half.NATIVE, Half.PYTHON))
NATIVE_HALF = Outcome("enforced", (Half.NATIVE,))
NEEDS_LIBRARY = Outcome(
    "refused without a library", severity="error", code="missing_field", pointer="/implementation"
)
NOT_HELD = Outcome("not held", free=EVERY_HALF)
