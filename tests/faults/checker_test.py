"""The checker finds what it is there to find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from faults.checker import Verdict, check
from faults.journal import CONFIRMED, LOST, Answer, Command, Journal
from faults.observation import Observation, digest_of

CREATE = ("create", "one")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


@pytest.fixture
def seen() -> Observation:
    """Nothing happened."""
    return Observation(wait_seconds=4)


def answered(status: int | str, seconds: float = 0.1, **details: Any) -> Answer:
    return Answer(100.0, 100.0 + seconds, status, **details)


def told(journal: Journal, *answers: Answer, channel: str = "http", **details: Any) -> Command:
    command = journal.intend("create", channel, "one", **details)
    for answer in answers:
        journal.answer(command, answer)
    return command


def happened(seen: Observation, count: int, *event_ids: str) -> None:
    if count:
        seen.effects[CREATE] = seen.effects_after[CREATE] = count
        seen.events[CREATE] = list(event_ids) or ["event"]


def words(verdict: Verdict) -> set[str]:
    return {problem.partition(":")[0] for problem in verdict.problems}


@pytest.mark.parametrize(
    ("statuses", "effects", "expected"),
    [
        ([201], 1, set()),
        ([201], 0, {"lost"}),
        ([201], 2, {"doubled"}),
        ([503], 0, set()),
        ([503], 1, {"doubled"}),
        ([400], 1, {"doubled"}),
        ([500], 1, {"doubled"}),
        ([LOST], 0, set()),
        ([LOST], 1, set()),
        ([LOST], 2, {"doubled"}),
        ([LOST, 503], 1, set()),
        ([503, 201], 1, set()),
        ([503, 201], 0, {"lost"}),
        ([201, 422], 1, {"wrong"}),
    ],
)
def test_counts_the_effects_of_an_http_command(
    journal: Journal, seen: Observation, statuses: list[int], effects: int, expected: set[str]
) -> None:
    told(journal, *map(answered, statuses))
    happened(seen, effects)

    assert words(check(journal, seen)) == expected


@pytest.mark.parametrize(
    ("statuses", "effects", "is_letter", "expected"),
    [
        ([CONFIRMED], 1, False, set()),
        ([CONFIRMED], 0, True, set()),
        ([CONFIRMED], 0, False, {"lost"}),
        ([CONFIRMED], 1, True, {"doubled"}),
        ([CONFIRMED, "ok"], 1, False, set()),
        ([CONFIRMED, "ok"], 0, False, {"lost"}),
        ([CONFIRMED, "unavailable"], 0, False, set()),
        ([CONFIRMED, "unavailable"], 1, False, {"doubled"}),
        ([CONFIRMED, CONFIRMED, "ok"], 2, False, {"doubled"}),
        (["lost"], 0, False, set()),
        (["nacked"], 1, False, set()),
        (["returned"], 1, False, {"doubled"}),
    ],
)
def test_counts_the_effects_of_an_amqp_command(
    journal: Journal,
    seen: Observation,
    statuses: list[str],
    effects: int,
    is_letter: bool,
    expected: set[str],
) -> None:
    told(journal, *map(answered, statuses), channel="amqp", message_id="m")
    happened(seen, effects)
    seen.letters = {"m": "internal"} if is_letter else {}

    assert words(check(journal, seen)) == expected


@pytest.mark.parametrize(
    ("state", "effects", "expected"),
    [
        ("done", 1, set()),
        ("done", 0, {"lost"}),
        ("failed", 0, set()),
        ("failed", 1, {"wrong"}),
        ("pending", 0, {"lost"}),
        ("pending", 1, {"lost"}),
    ],
)
def test_holds_states_against_effects(
    journal: Journal, seen: Observation, state: str, effects: int, expected: set[str]
) -> None:
    command = told(journal, answered(202, location="/api/commands/x"))
    happened(seen, effects)
    seen.states[command.number] = answered(200, body={"state": state})

    assert words(check(journal, seen)) == expected


def test_a_state_that_is_not_found_is_wrong(journal: Journal, seen: Observation) -> None:
    command = told(journal, answered(202, location="/api/commands/x"))
    seen.states[command.number] = answered(404)

    assert words(check(journal, seen)) == {"wrong"}


@pytest.mark.parametrize(
    ("before", "status", "is_replayed", "after", "expected"),
    [
        (1, 201, True, 1, set()),
        (1, 201, False, 2, {"doubled"}),
        (1, 400, True, 1, {"wrong"}),
        (1, 422, False, 1, {"wrong"}),
        (0, 201, False, 1, set()),
        (0, 201, True, 0, {"lost"}),
        (0, 400, False, 1, {"doubled"}),
        (0, 404, True, 0, set()),
    ],
)
def test_the_same_key_again_gives_what_happened(
    journal: Journal,
    seen: Observation,
    before: int,
    status: int,
    is_replayed: bool,
    after: int,
    expected: set[str],
) -> None:
    command = told(journal, answered(LOST), key="k")
    happened(seen, after)
    seen.effects.clear()
    seen.effects.update({CREATE: before})
    seen.repetitions[command.number] = answered(status, is_replayed=is_replayed)

    assert words(check(journal, seen)) == expected


def test_what_was_acknowledged_is_replayed_and_not_done_again(
    journal: Journal, seen: Observation
) -> None:
    command = told(journal, answered(201), key="k")
    happened(seen, 1)
    seen.repetitions[command.number] = answered(201, is_replayed=False)

    assert words(check(journal, seen)) == {"doubled"}


def test_a_slow_answer_is_told_unless_the_gateway_itself_was_stopped(
    journal: Journal, seen: Observation
) -> None:
    told(journal, answered(503, seconds=8.0))

    assert words(check(journal, seen)) == {"slow"}

    journal.stops += [(101.0, 104.0), (102.0, 105.0)]
    assert words(check(journal, seen)) == set()


def test_events_come_once_for_each_effect_repeats_apart(
    journal: Journal, seen: Observation
) -> None:
    told(journal, answered(201))
    happened(seen, 1, "a", "a")
    assert not check(journal, seen).problems

    happened(seen, 1, "a", "b")
    assert words(check(journal, seen)) == {"doubled"}

    seen.events.clear()
    assert words(check(journal, seen)) == {"lost"}


def test_each_registration_has_its_session_and_its_mail(
    journal: Journal, seen: Observation
) -> None:
    command = journal.intend("register", "http", "a@example.com")
    journal.answer(command, answered(200, token="secret"))
    seen.effects["register", "a@example.com"] = 1
    seen.effects_after["register", "a@example.com"] = 1
    seen.events["register", "a@example.com"] = ["event"]
    assert len(check(journal, seen).lost) == 2

    seen.sessions[digest_of("secret")] = "a@example.com"
    seen.mails["a@example.com"] = ["<1>", "<1>"]
    verdict = check(journal, seen)
    assert not verdict.problems
    assert verdict.repeated_mails == 1

    seen.mails["a@example.com"] = ["<1>", "<2>"]
    assert words(check(journal, seen)) == {"doubled"}


def test_an_answer_to_somebody_else_is_wrong(journal: Journal, seen: Observation) -> None:
    told(journal, answered(201)).wrong = "another's post"
    happened(seen, 1)

    assert words(check(journal, seen)) == {"wrong"}


def test_what_is_left_over_is_told(journal: Journal, seen: Observation) -> None:
    seen.outbox = 1
    seen.queued = {"command.posts.create": 2}
    seen.usage_before = {("gateway", 1): (10_000, 20)}
    seen.usage_after = {("gateway", 1): (90_000, 200)}

    verdict = check(journal, seen)

    assert len(verdict.lost) == 2
    assert len(verdict.wrong) == 2


def test_what_has_failed_for_good_may_say_so_again(journal: Journal, seen: Observation) -> None:
    command = told(journal, answered(202, location="/api/commands/m.mac"), key="k")
    seen.states[command.number] = answered(200, body={"state": "failed"})
    seen.repetitions[command.number] = answered(500)
    seen.letters = {"m": "internal"}

    verdict = check(journal, seen)

    assert not verdict.problems
    assert len(verdict.given_up) == 1
