"""What is advised about run-time errors, by the command that reports them."""

import pytest

from alas_cli._excerpts import Texts
from alas_cli._rendering import render_run_error
from alas_core.errors import CLASSES, CallDepthExceededError

LIMITS = ("call_depth_exceeded", "memory_limit_exceeded", "step_limit_exceeded", "timeout")


def advice(error, **options):
    rows = ["".join(piece for piece, _ in row) for row in render_run_error(error, Texts(), **options)]
    return next((row for row in rows if row.startswith("  help: ")), "")


@pytest.mark.parametrize("code", LIMITS)
def test_options_are_advised_where_the_command_has_them(code):
    error = CLASSES[code]("too much")
    assert " -" in advice(error, has_limits=True)
    assert " -" not in advice(error)


@pytest.mark.parametrize("has_limits", [True, False])
def test_a_limit_that_is_fixed_is_not_to_be_raised(has_limits):
    error = CallDepthExceededError(
        "programs and host functions call each other 90 deep, which is as far as it goes"
    )
    assert advice(error, has_limits=has_limits) == "  help: end the recursion earlier, or use a loop"
