"""Make the random program of a seed small while engine and evaluator still disagree.

Run from the root of the repository: `python -m tests.conformance.minimise SEED`. It prints the program and both
outcomes.
"""

from __future__ import annotations

import sys
from typing import Any

from .differential import STEPS, difference, rejection
from .generator import generate
from .on_engine import on_engine
from .on_reference import Call, as_text, on_reference
from .shrink import shrink


def disagrees(program: dict[str, Any]) -> bool:
    """Whether both sides run the program and come to different ends."""
    call = Call(limits={"steps": STEPS // 10})
    try:
        if rejection(program):
            return False
        reference, engine = on_reference(program, call), on_engine(program, Call(limits={"steps": STEPS}))
    except Exception:  # noqa: BLE001 - what cannot be run on both sides shows nothing
        return False
    return reference != engine and (reference.error is None or reference.error.code != "step_limit_exceeded")


def rejected_as_before(codes: set[str], program: dict[str, Any]) -> bool:
    """Whether the engine finds the same kinds of mistakes in the program, and no others."""
    return {finding.split(" at ")[0] for finding in rejection(program)} == codes


def main() -> None:
    """Minimise the program of the seed that the command line names."""
    program = generate(int(sys.argv[1]))
    rejected = {finding.split(" at ")[0] for finding in rejection(program)}
    if rejected:
        small = shrink(program, lambda smaller: rejected_as_before(rejected, smaller))
    elif disagrees(program):
        small = shrink(program, disagrees)
    else:
        sys.exit("engine and evaluator agree on this program")
    print(as_text(small))
    print(difference(small))


if __name__ == "__main__":
    main()
