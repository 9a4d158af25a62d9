"""A short run with few threads; `./noxw -s soak` makes a long one."""

from .__main__ import BAD, GOOD, Soak


def test_calls_from_several_threads():
    report = Soak(seed=1).run(threads=8, seconds=2)
    assert report.is_good(), report
    assert {name for name, _ in GOOD + BAD} == set(report.outcomes)
