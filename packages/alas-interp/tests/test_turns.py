"""Calls of a plugin take turns, and never wait for each other for ever."""

import itertools
import random
import threading
import time

import pytest

from alas_interp._turns import Turn, _awaited

SECONDS = 30


@pytest.fixture
def run():
    """Runs functions in a thread each, and fails when they do not end."""

    def run_all(*works):
        failures = []

        def body(work):
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - a thread's failure has to reach the test
                failures.append(error)

        threads = [threading.Thread(target=body, args=(work,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        assert not any(thread.is_alive() for thread in threads), "threads wait for each other"
        assert failures == []
        assert _awaited == {}

    return run_all


def until(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_calls_take_turns(run):
    inside = itertools.count()
    most = []

    def work():
        most.append(next(inside))
        time.sleep(0.001)
        most.append(-1)

    call = Turn().queue(work)
    run(*[lambda: [call() for _ in range(5)]] * 8)
    assert most == [part for number in range(40) for part in (number, -1)]


def test_a_call_may_come_back():
    turn = Turn()
    inner = turn.queue(lambda value: value + 1)
    assert turn.queue(lambda value: inner(value) * 2)(1) == 4


def test_a_failure_gives_the_turn_back(run):
    turn = Turn()

    def fail():
        with pytest.raises(KeyboardInterrupt):
            turn.queue(interrupt)()

    run(fail)
    run(turn.queue(lambda: None))


def interrupt():
    raise KeyboardInterrupt


def test_an_interrupted_wait_leaves_nothing_behind(run, monkeypatch):
    turn = Turn()
    entered, may_end = threading.Event(), threading.Event()

    def hold():
        entered.set()
        assert may_end.wait(SECONDS)

    def wait_and_stop():
        assert entered.wait(SECONDS)
        with monkeypatch.context() as patch:
            patch.setattr("alas_interp._turns._changed.wait", interrupt)
            with pytest.raises(KeyboardInterrupt):
                turn.queue(lambda: None)()
        may_end.set()

    run(turn.queue(hold), wait_and_stop)
    assert turn._inside == {}


@pytest.mark.parametrize("count", [2, 3, 5])
def test_plugins_that_call_each_other_in_a_circle(run, count):
    turns = [Turn() for _ in range(count)]
    running = [0] * count
    meeting = threading.Barrier(count)

    def code(number):
        running[number] += 1
        assert running[number] == 1, "two threads run the code of one plugin"
        running[number] -= 1

    def work(number):
        after = turns[(number + 1) % count].queue(lambda: code((number + 1) % count))

        def outer():
            code(number)
            # Each thread has its own plugin's turn, and now wants that of the next.
            meeting.wait(SECONDS)
            after()
            code(number)

        return turns[number].queue(outer)

    run(*map(work, range(count)))


def test_others_wait_while_one_was_let_in(run):
    """`a` waits for `b` and `b` comes back to `a`: it may enter, but a third thread may not."""
    a, b = Turn(), Turn()
    log = []
    both, let_in = threading.Barrier(2), threading.Event()

    def in_a_again():
        let_in.set()
        until(lambda: len(_awaited) == 2)
        log.append("back in a")

    def from_a():
        both.wait(SECONDS)
        b.queue(lambda: log.append("b after all"))()
        log.append("end of a")

    def from_b():
        both.wait(SECONDS)
        until(lambda: b in _awaited.values())
        a.queue(in_a_again)()

    def third():
        assert let_in.wait(SECONDS)
        a.queue(lambda: log.append("third"))()

    run(a.queue(from_a), b.queue(from_b), third)
    assert log == ["back in a", "b after all", "end of a", "third"]


def test_random_calls_never_overlap_and_always_end(run):
    """Threads call plugins that call plugins; code of one plugin runs in one thread at a time."""
    turns = [Turn() for _ in range(4)]
    running = [None] * 4

    def visit(chance, number, depth):
        me = threading.get_ident()
        for _ in range(2):
            before, running[number] = running[number], me
            assert before in (None, me)
            time.sleep(0)
            assert running[number] == me
            running[number] = None
            if depth:
                other = chance.randrange(4)
                turns[other].queue(visit)(chance, other, depth - 1)

    def work(seed):
        chance = random.Random(seed)
        for _ in range(20):
            number = chance.randrange(4)
            turns[number].queue(visit)(chance, number, 3)

    run(*(lambda seed=seed: work(seed) for seed in range(8)))
