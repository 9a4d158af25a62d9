"""What a run found out about a row: times, ratios, and whether the targets are met."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .rows import SUBJECT, Row, Target


@dataclass(frozen=True)
class Measured:
    """The times of a row.

    Attributes:
        row: what was measured.
        times: the seconds that one call took, for each contender and round.
        missing: the peers that could not take part, and why.
    """

    row: Row
    times: Mapping[str, Sequence[float]]
    missing: Mapping[str, str] = field(default_factory=dict)

    def seconds(self, contender: str) -> float:
        """The best of all rounds: what other work on the machine adds is no part of the answer."""
        return min(self.times[contender])

    def ratio(self, peer: str) -> float | None:
        """How often the peer's time fits into that of ALaS; None for a peer that did not take part."""
        return self.seconds(SUBJECT) / self.seconds(peer) if peer in self.times else None

    def value(self, target: Target) -> float | None:
        """What is compared with `target.at_most`: a ratio, seconds, or seconds beyond those of peers."""
        if target.beyond:
            others = [self.seconds(peer) for peer in target.beyond if peer in self.times]
            is_whole = len(others) == len(target.beyond)
            return max(0.0, self.seconds(SUBJECT) - sum(others)) if is_whole else None
        if target.against is None:
            return self.seconds(SUBJECT)
        return self.ratio(target.against)

    def share(self, target: Target) -> float | None:
        """The measured value as a multiple of the target: at most 1 when it is met."""
        value = self.value(target)
        if value is None:
            return None
        if target.or_seconds:
            return min(value / target.at_most, self.seconds(SUBJECT) / target.or_seconds)
        return value / target.at_most

    def document(self) -> dict[str, Any]:
        """The row as JSON."""
        return {
            "name": self.row.name,
            "title": self.row.title,
            "group": self.row.group,
            "seconds": {
                name: {"best": min(times), "median": statistics.median(times), "rounds": len(times)}
                for name, times in self.times.items()
            },
            "ratios": {peer: self.ratio(peer) for peer in self.times if peer != SUBJECT},
            "targets": [
                {
                    "against": target.against,
                    "beyond": list(target.beyond),
                    "at_most": target.at_most,
                    "when": target.when,
                    "measured": self.value(target),
                    "met": None if (share := self.share(target)) is None else share <= 1,
                }
                for target in self.row.targets
            ],
            "missing": dict(self.missing),
        }
