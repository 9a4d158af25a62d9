"""Options that take a duration."""

from __future__ import annotations

import click
import pytest

from alas_cli._durations import take_duration, take_wait

OPTION = click.Option(["--timeout"])
CONTEXT = click.Context(click.Command("test"))


@pytest.mark.parametrize(
    ("text", "seconds"), [("5", 5), ("0.25", 0.25), ("5s", 5), ("500ms", 0.5), ("1m30s", 90)]
)
def test_both_forms(text, seconds):
    assert take_duration(CONTEXT, OPTION, text).seconds == seconds
    assert take_wait(CONTEXT, OPTION, text) == seconds


@pytest.mark.parametrize("text", ["", "x", "-1", "5 s", "1e3", "٣", "25h", "90000"])
def test_what_is_no_time_to_wait(text):
    with pytest.raises(click.BadParameter, match="expected a duration"):
        take_wait(CONTEXT, OPTION, text)


def test_no_waiting_and_no_time_at_all():
    assert take_wait(CONTEXT, OPTION, "0") == take_wait(CONTEXT, OPTION, "0s") == 0
    with pytest.raises(click.BadParameter, match="at least 1us"):
        take_duration(CONTEXT, OPTION, "0")
