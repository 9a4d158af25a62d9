"""Calls of a plugin take turns, and never wait for each other for ever."""

import itertools
import random
import threading
import time
from functools import partial

import pytest

from alas_core import Engine, HostModule, Turn
from alas_core.errors import CancelledError, NativeError

SECONDS = 30


class Turns:
    """Host modules with a turn each, whose one function runs Python functions that are kept here."""

    def __init__(self, count, turns=None):
        self.engine = Engine()
        self.works = []
        self.turns = turns if turns is not None else [Turn() for _ in range(count)]
        for number, turn in enumerate(self.turns):
            run = [("run", [("work", "int")], "any", lambda index: self.works[index]())]
            self.engine.define(HostModule(f"turn{number}", run, turn=turn))

    def queue(self, number, work):
        """Return what does some work in turn."""
        self.works.append(work)
        index = len(self.works) - 1
        return lambda: self.engine.call(f"turn{number}.run", index)


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

    return run_all


def test_calls_take_turns(run):
    inside = itertools.count()
    most = []

    def work():
        most.append(next(inside))
        time.sleep(0.001)
        most.append(-1)

    call = Turns(1).queue(0, work)
    run(*[lambda: [call() for _ in range(5)]] * 8)
    assert most == [part for number in range(40) for part in (number, -1)]


def test_a_call_may_come_back():
    turns = Turns(1)
    inner = turns.queue(0, lambda: 2)
    assert turns.queue(0, lambda: inner() * 2)() == 4


def fail_on_purpose():
    raise RuntimeError


def test_a_failure_gives_the_turn_back(run):
    turns = Turns(1)

    def fail():
        with pytest.raises(NativeError):
            turns.queue(0, fail_on_purpose)()

    run(fail)
    run(turns.queue(0, lambda: None))


def test_a_wait_that_is_stopped_leaves_nothing_behind(run):
    turns = Turns(1)
    entered, may_end = threading.Event(), threading.Event()

    def hold():
        entered.set()
        assert may_end.wait(SECONDS)

    def held():
        # It is stopped as well, when it has ended.
        with pytest.raises(CancelledError):
            turns.queue(0, hold)()

    def wait_and_stop():
        assert entered.wait(SECONDS)
        with pytest.raises(CancelledError):
            turns.queue(0, lambda: None)()
        may_end.set()

    def stop():
        # Again and again, because a request stops only what runs when it is made.
        assert entered.wait(SECONDS)
        while not may_end.is_set():
            turns.engine.interrupt()
            time.sleep(0.001)

    run(held, wait_and_stop, stop)
    run(turns.queue(0, lambda: None))


@pytest.mark.parametrize("count", [2, 3, 5])
def test_plugins_that_call_each_other_in_a_circle(run, count):
    turns = Turns(count)
    running = [0] * count
    meeting = threading.Barrier(count)

    def code(number):
        running[number] += 1
        assert running[number] == 1, "two threads run the code of one plugin"
        running[number] -= 1

    def work(number):
        after = turns.queue((number + 1) % count, lambda: code((number + 1) % count))

        def outer():
            code(number)
            # Each thread has its own plugin's turn, and now wants that of the next.
            meeting.wait(SECONDS)
            after()
            code(number)

        return turns.queue(number, outer)

    run(*map(work, range(count)))


def test_others_wait_while_one_was_let_in(run):
    """The first waits for the second and the second comes back to it: it may enter, but a third thread may not."""
    turns = Turns(2)
    log = []
    both, let_in = threading.Barrier(2), threading.Event()

    def back():
        let_in.set()
        time.sleep(0.05)
        log.append("back in the first")

    def from_first():
        both.wait(SECONDS)
        turns.queue(1, lambda: log.append("the second after all"))()
        log.append("end of the first")

    def from_second():
        both.wait(SECONDS)
        turns.queue(0, back)()

    def third():
        assert let_in.wait(SECONDS)
        turns.queue(0, lambda: log.append("the third"))()

    run(turns.queue(0, from_first), turns.queue(1, from_second), third)
    # Which of the two is let in depends on who asks last.
    assert log in (
        ["back in the first", "the second after all", "end of the first", "the third"],
        ["the second after all", "end of the first", "back in the first", "the third"],
        ["the second after all", "end of the first", "the third", "back in the first"],
    )


def test_random_calls_never_overlap_and_always_end(run):
    """Threads call plugins that call plugins; code of one plugin runs in one thread at a time."""
    turns = Turns(4)
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
                turns.queue(other, partial(visit, chance, other, depth - 1))()

    def work(seed):
        chance = random.Random(seed)
        for _ in range(10):
            number = chance.randrange(4)
            turns.queue(number, partial(visit, chance, number, 3))()

    run(*(lambda seed=seed: work(seed) for seed in range(8)))


def test_who_has_lent_a_turn_goes_on_only_when_it_is_given_back(run):
    """The first waits for the second, the second for the third, and the third is let into the code of the first.

    When the second gives up, what the first waits for is free; but its own code is still being run by the third.
    """
    first = Turns(3)
    second, third = Turns(3, first.turns), Turns(3, first.turns)
    all_inside, lent, may_end = threading.Barrier(3), threading.Event(), threading.Event()
    log = []

    def of_first():
        all_inside.wait(SECONDS)
        first.queue(1, lambda: log.append("the first goes on"))()

    def of_second():
        all_inside.wait(SECONDS)
        with pytest.raises(CancelledError):
            second.queue(2, lambda: None)()

    def guest():
        lent.set()
        assert may_end.wait(SECONDS)
        log.append("the guest leaves")

    def of_third():
        all_inside.wait(SECONDS)
        # The other two have to wait before.
        time.sleep(0.2)
        third.queue(0, guest)()

    def stop():
        assert lent.wait(SECONDS)
        second.engine.interrupt()
        time.sleep(0.2)
        may_end.set()

    def outer_of_second():
        with pytest.raises(CancelledError):
            second.queue(1, of_second)()

    run(first.queue(0, of_first), outer_of_second, third.queue(2, of_third), stop)
    assert log == ["the guest leaves", "the first goes on"]
