"""Of several faults in one world each is told what is its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from faults.checker import Verdict, check
from faults.journal import Answer, Journal
from faults.observation import Observation
from faults.registry import Fault, Scene
from faults.shares import shares

FIRST, SECOND = "a fault", "another fault"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


@pytest.fixture
def seen() -> Observation:
    """Nothing happened."""
    return Observation(wait_seconds=4)


@pytest.fixture
def scenes() -> list[Scene]:
    """The first is there from 10 to 20 and over at 30, the second from 40 to 50 and 60."""
    nothing: Any = None
    return [
        Scene(Fault(name, "", lambda _: None), nothing, nothing, nothing, {},
              began=began, ended=began + 10, over=began + 20)
        for name, began in ((FIRST, 10.0), (SECOND, 40.0))
    ]  # fmt: skip


def created(journal: Journal, marker: str, moment: float, seen: Observation | None = None) -> None:
    """Acknowledged; `seen` if it happened, too."""
    command = journal.intend("create", "http", marker)
    journal.answer(command, Answer(moment, moment + 0.1, 201))
    if seen is not None:
        seen.effects["create", marker] = seen.effects_after["create", marker] = 1
        seen.events["create", marker] = ["event"]


def test_what_is_lost_is_held_against_the_fault_that_was_there(
    journal: Journal, seen: Observation, scenes: list[Scene]
) -> None:
    created(journal, "kept", 15.0, seen)
    created(journal, "lost", 45.0)

    found = shares(scenes, journal, seen, check(journal, seen))

    assert found[FIRST].problems == []
    assert ["“lost”" in problem for problem in found[SECOND].problems] == [True]


def test_what_was_lost_before_any_fault_is_held_against_all(
    journal: Journal, seen: Observation, scenes: list[Scene]
) -> None:
    created(journal, "lost", 5.0)

    found = shares(scenes, journal, seen, check(journal, seen))

    assert found[FIRST].problems and found[FIRST].problems == found[SECOND].problems


def test_what_concerns_no_command_is_held_against_all(
    journal: Journal, seen: Observation, scenes: list[Scene]
) -> None:
    found = shares(scenes, journal, seen, Verdict(lost=["3 messages are left in the outbox"]))

    assert len(found[FIRST].problems) == len(found[SECOND].problems) == 1


def test_load_before_a_fault_and_after_it_is_none_that_met_it(
    journal: Journal, seen: Observation, scenes: list[Scene]
) -> None:
    for moment in (5.0, 25.0, 35.0, 42.0, 55.0):
        created(journal, f"at {moment}", moment, seen)

    found = shares(scenes, journal, seen, check(journal, seen))

    assert (found[FIRST].requests, found[FIRST].effects) == (0, 1)
    assert (found[SECOND].requests, found[SECOND].effects) == (1, 2)
