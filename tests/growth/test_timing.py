from __future__ import annotations

from .timing import MOST, growth


def test_linear_work_is_told_from_quadratic() -> None:
    assert growth(lambda size: sum(range(100 * size)), 100) <= MOST
    assert growth(lambda size: [sum(range(size)) for _ in range(size)], 50) > MOST
