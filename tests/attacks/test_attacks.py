from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from .attack import PHRASES, Attack, run_plugins
from .host import SLACK, WORKING, Held, peak, require_proc, reset_peak, settled
from .programs import PROGRAMS
from .surroundings import SURROUNDINGS

PLUGINS = Path(__file__).parent / "plugins"


def dropped_in() -> list[Attack]:
    """The attacks in `plugins/`."""
    attacks = []
    for file in sorted(PLUGINS.glob("*/attack.json")):
        document = json.loads(file.read_text(encoding="utf-8"))
        launch = partial(_launch, file.parent, document)
        attacks.append(Attack(file.parent.name, document["phrase"], document["code"], launch))
    return attacks


def _launch(folder: Path, document: dict[str, object], _place: Path) -> str:
    return run_plugins(folder, document)


ATTEMPTS = 5

ATTACKS = [*PROGRAMS, *SURROUNDINGS, *dropped_in()]


@pytest.fixture(scope="module", autouse=True)
def small_heap() -> Iterator[None]:
    """Leave out what other tests hold when looking for garbage, which is done around each attack."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name.replace(" ", "_"))
def test_an_attack_ends_and_leaves_nothing(attack: Attack, tmp_path: Path, monkeypatch) -> None:
    require_proc()
    before = Held.now()
    for attempt in range(ATTEMPTS):
        place = tmp_path / str(attempt)
        place.mkdir()
        monkeypatch.chdir(place)
        reset_peak()
        assert attack.launch(place) == attack.code
        assert peak() <= before.memory + attack.memory + WORKING
        afterwards = settled(before)
        if afterwards.memory <= before.memory + SLACK:
            return
        # Allocators keep gaps, which the next attack fills; what leaks grows each time.
        before = afterwards
    pytest.fail(f"each attempt leaves more: {before.memory} bytes")


def test_every_phrase_has_an_attack() -> None:
    assert {attack.phrase for attack in ATTACKS} == set(PHRASES)
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 50
