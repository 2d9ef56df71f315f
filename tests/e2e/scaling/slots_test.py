"""Periodic messages: any number of schedulers, and each slot once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from support.http_client import new_email
from support.stack import Stack
from support.waiting import wait_for

JOB, MESSAGE = "report-dead-letters", "dead_letters.report"


@pytest.fixture
def own_stack(new_stack: Callable[[], Stack]) -> Stack:
    return new_stack().prepare().start_all()


def _done(stack: Stack) -> int:
    [row] = stack.database.rows(
        f"SELECT count(*) AS done FROM inbox WHERE name = '{MESSAGE}' AND error IS NULL"
    )
    return row["done"]


def _jobs(stack: Stack) -> list[dict[str, str]]:
    return json.loads(stack.postroom("schedule", "list", "--json").stdout)


def test_a_slot_is_fired_once_by_three_schedulers(own_stack: Stack) -> None:
    for _ in range(2):
        own_stack.start("scheduler")
    wait_for(lambda: own_stack.database.rows("SELECT * FROM schedule"), "the job to be noted")

    for missed in (1, 3):  # of several missed slots the latest is fired
        before = _done(own_stack)
        own_stack.database.run(f"UPDATE schedule SET last_slot = last_slot - interval '{missed} days'")
        for scheduler in own_stack.of("scheduler"):
            scheduler.stop()
        for _ in range(3):
            own_stack.start("scheduler")
        wait_for(lambda: _done(own_stack) > before, "the slot to be fired")  # noqa: B023
        wait_for(lambda: not own_stack.database.rows("SELECT * FROM outbox"), "an empty outbox")

        fired = [each for each in own_stack.of("scheduler") if "slot_fired" in each.output]
        assert len(fired) == 1
        # The same slot twice would be one command: of the same message_id.
        assert _done(own_stack) == 1
        own_stack.database.run(f"DELETE FROM inbox WHERE name = '{MESSAGE}'")


def test_the_staff_is_told_of_dead_letters(own_stack: Stack) -> None:
    email = new_email()
    made = own_stack.postroom(
        "users", "create", email, "--staff", "--password-stdin", text="correct horse battery\n"
    )
    assert made.returncode == 0, made.stderr
    own_stack.database.run(
        "INSERT INTO dead_letters (message, code, detail, body, headers)"
        " VALUES ('posts.create', 'internal', 'x', '{}', '{}')"
    )

    done = own_stack.postroom("schedule", "run", JOB)

    assert json.loads(done.stdout) == {"letters": 1, "recipients": 1}
    wait_for(
        lambda: any(
            "Dead letters" in text and email in text
            for text in (each.read_text(encoding="utf-8") for each in own_stack.mail.glob("*.eml"))
        ),
        "the e-mail to the staff",
    )


def test_who_ran_a_job_at_the_command_line_is_noted(own_stack: Stack) -> None:
    before = own_stack.database.rows("SELECT job, run_by FROM schedule WHERE run_at IS NOT NULL")
    done = own_stack.postroom("schedule", "run", JOB, SUDO_USER="ann")
    assert done.returncode == 0, done.stderr

    [row] = own_stack.database.rows("SELECT job, run_by FROM schedule WHERE run_at IS NOT NULL")
    assert before == []
    assert row == {"job": JOB, "run_by": "ann"}


def test_the_schedule_is_listed(own_stack: Stack) -> None:
    [job] = _jobs(own_stack)
    table = own_stack.postroom("schedule", "list").stdout

    assert (job["job"], job["message"]) == (JOB, MESSAGE)
    assert job["rule"] == "daily at 07:00 UTC"
    assert job["next_slot"].endswith("T07:00:00Z")
    assert JOB in table and "NEXT" in table


def test_a_job_that_is_not_there_is_refused(own_stack: Stack) -> None:
    done = own_stack.postroom("schedule", "run", "nothing")

    assert done.returncode == 64
    assert "there is no job 'nothing'" in done.stderr
