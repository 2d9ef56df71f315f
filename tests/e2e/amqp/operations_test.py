"""What the staff does with dead letters and periodic messages: by messages, as any other client."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from support.amqp_client import AmqpClient, Reply
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack
from support.waiting import wait_for

NOWHERE = 2**53 - 1
FIELDS: dict[str, dict[str, Any]] = {
    "list_dead_letters": {},
    "show_dead_letter": {"letter_id": 1},
    "list_jobs": {},
    "retry_dead_letters": {"letters": [{"id": 1}]},
    "drop_dead_letters": {"letters": [{"id": 1}]},
    "run_job": {"name": "report-dead-letters"},
}


class Staff:
    """A member of the staff, with a client of the broker."""

    def __init__(self, stack: Stack, amqp: AmqpClient) -> None:
        self.stack = stack
        self.amqp = amqp
        self.visitor = stack.visitor().register()
        stack.database.run(f"UPDATE users SET is_staff = true WHERE id = {self.visitor.id}")

    def call(self, verb: str, fields: dict[str, Any] | None = None, **options: Any) -> Reply:
        headers = {"user_id": self.visitor.id}
        return self.amqp.call(f"operations.{verb}", fields, headers=headers, **options)

    def act(self, verb: str, *letters: int, **options: Any) -> Reply:
        return self.call(
            f"{verb}_dead_letters", {"letters": [{"id": each} for each in letters]}, **options
        )

    def letters_of(self, message_id: str) -> list[dict[str, Any]]:
        found = self.call("list_dead_letters", {"limit": 100}).fields["letters"]
        return [each for each in found if each["message_id"] == message_id]

    def bury(self, name: str, fields: Any, **headers: Any) -> dict[str, Any]:
        """Post a command that fails with nobody to tell; its letter."""
        message_id = str(uuid.uuid4())
        self.amqp.send(name, fields, message_id=message_id, headers=headers, reply_to=None)
        (letter,) = wait_for(lambda: self.letters_of(message_id), "the dead letter")
        return letter

    def bury_late(self, author: Visitor) -> dict[str, Any]:
        """The letter of a post that nobody wrote in time."""
        return self.bury("posts.create", new_post(), user_id=author.id, deadline=1)

    def state(self, letter: dict[str, Any], author: Visitor) -> dict[str, Any]:
        headers = {"user_id": author.id}
        return self.amqp.call(
            "commands.status", {"id": letter["message_id"]}, headers=headers
        ).fields

    def await_end(self, letter: dict[str, Any], author: Visitor) -> dict[str, Any]:
        wait_for(lambda: self.state(letter, author)["state"] != "pending", "the outcome")
        return self.state(letter, author)

    def actions_on(self, letter: dict[str, Any]) -> list[tuple[str, str]]:
        """Who did what with it, the latest first."""
        actions = self.call("list_dead_letters").fields["actions"]
        return [
            (each["actor"], each["action"])
            for each in actions
            if each["letter_id"] == letter["id"]
        ]


@pytest.fixture
def staff(stack: Stack, amqp: AmqpClient) -> Staff:
    return Staff(stack, amqp)


@pytest.mark.parametrize("verb", FIELDS)
def test_it_is_for_the_staff(amqp: AmqpClient, author: Visitor, verb: str) -> None:
    for headers in ({}, {"user_id": author.id}):
        reply = amqp.call(f"operations.{verb}", FIELDS[verb], headers=headers)

        assert reply.code == "access_denied"


def test_letters_are_shown_by_kind_and_one_by_one(staff: Staff, author: Visitor) -> None:
    letter = staff.bury("posts.delete", {"post_id": NOWHERE}, user_id=author.id, language="de")

    listed = staff.call("list_dead_letters", {"message": "posts.delete"}).fields
    shown = staff.call("show_dead_letter", {"letter_id": letter["id"]}).fields["letter"]

    assert listed["letters"][0]["id"] == letter["id"]
    assert {each["message"] for each in listed["letters"]} == {"posts.delete"}
    (group,) = [each for each in listed["groups"] if each["code"] == "not_found"]
    assert group["count"] >= 1 and group["newest_at"] >= letter["failed_at"]
    assert (shown["message"], shown["code"], shown["user_id"]) == (
        "posts.delete", "not_found", author.id,
    )  # fmt: skip
    assert json.loads(shown["body"]) == {"post_id": NOWHERE}
    assert json.loads(shown["headers"])["language"] == "de"


def test_no_secret_is_shown(staff: Staff) -> None:
    letter = staff.bury("users.login", {"username": new_email(), "password": PASSWORD})

    reply = staff.call("show_dead_letter", {"letter_id": letter["id"]})

    assert json.loads(reply.fields["letter"]["body"])["password"] == "[removed]"
    assert PASSWORD not in reply.body.decode()


def test_a_letter_that_is_not_there_is_not_found(staff: Staff) -> None:
    assert staff.call("show_dead_letter", {"letter_id": NOWHERE}).code == "not_found"
    assert staff.act("retry", NOWHERE).code == "not_found"
    assert staff.act("drop", NOWHERE).code == "not_found"


def test_a_retry_has_exactly_one_effect(staff: Staff, author: Visitor) -> None:
    letter = staff.bury_late(author)
    assert staff.state(letter, author)["problem"]["code"] == "expired"

    reply = staff.act("retry", letter["id"])

    assert reply.fields == {"retried": 1, "left": []}
    assert staff.await_end(letter, author)["state"] == "done"
    assert len(author.get("/api/posts/my").json()) == 1
    assert staff.letters_of(letter["message_id"]) == []
    assert staff.actions_on(letter) == [(staff.visitor.email, "retry")]


def test_a_letter_retried_twice_has_one_effect(staff: Staff, author: Visitor) -> None:
    letter = staff.bury_late(author)
    message_id = str(uuid.uuid4())

    keys = [
        staff.amqp.send(
            "operations.retry_dead_letters",
            {"letters": [{"id": letter["id"]}]},
            message_id=each,
            headers={"user_id": staff.visitor.id},
        )
        for each in (message_id, str(uuid.uuid4()), message_id)
    ]

    replies = [staff.amqp.replies("operations.retry_dead_letters", key)[0] for key in keys]
    assert sorted(str(reply.code) for reply in replies) in (
        ["None", "None", "not_found"],  # the same command again is told what it did
        ["None", "not_found", "not_found"],  # the other one was first
    )
    assert staff.await_end(letter, author)["state"] == "done"
    assert len(author.get("/api/posts/my").json()) == 1
    assert staff.actions_on(letter) == [(staff.visitor.email, "retry")]


def test_a_retry_that_fails_again_is_a_letter_again(staff: Staff, author: Visitor) -> None:
    letter = staff.bury("posts.delete", {"post_id": NOWHERE}, user_id=author.id)

    assert staff.act("retry", letter["id"]).fields["retried"] == 1

    (again,) = wait_for(lambda: staff.letters_of(letter["message_id"]), "the letter to come back")
    assert again["id"] > letter["id"]
    assert again["code"] == "not_found"
    assert staff.await_end(letter, author)["problem"]["code"] == "not_found"


def test_what_cannot_be_sent_again_is_left_and_the_rest_is_sent(
    staff: Staff, author: Visitor
) -> None:
    secret = staff.bury("users.login", {"username": new_email(), "password": PASSWORD})
    unreadable = staff.bury("posts.delete", {"post_id": "x"}, user_id=author.id)
    late = staff.bury_late(author)

    reply = staff.act("retry", secret["id"], NOWHERE, unreadable["id"], late["id"])

    assert reply.fields == {
        "retried": 1,
        "left": [
            {"id": secret["id"], "reason": "has_secrets"},
            {"id": NOWHERE, "reason": "gone"},
            {"id": unreadable["id"], "reason": "unreadable"},
        ],
    }
    assert staff.await_end(late, author)["state"] == "done"
    assert staff.letters_of(secret["message_id"]) == [secret]


def test_a_dropped_letter_is_gone_and_its_command_has_failed(
    staff: Staff, author: Visitor
) -> None:
    letters = [
        staff.bury("posts.delete", {"post_id": NOWHERE}, user_id=author.id) for _ in range(2)
    ]

    reply = staff.act("drop", *(each["id"] for each in letters))

    assert reply.fields == {"dropped": 2, "left": []}
    for letter in letters:
        assert staff.letters_of(letter["message_id"]) == []
        assert staff.state(letter, author)["problem"]["code"] == "not_found"
        assert staff.actions_on(letter) == [(staff.visitor.email, "drop")]
        assert staff.act("retry", letter["id"]).code == "not_found"


def test_no_more_than_a_hundred_letters_at_once(staff: Staff) -> None:
    assert staff.act("drop", *range(1, 102)).code == "invalid_input"
    assert staff.act("drop").code == "invalid_input"


def test_a_job_is_run_once(staff: Staff) -> None:
    message_id = str(uuid.uuid4())
    before = staff.call("list_jobs").fields["jobs"]
    assert [each["name"] for each in before] == ["report-dead-letters"]

    first = staff.call("run_job", {"name": "report-dead-letters"}, message_id=message_id)
    again = staff.call("run_job", {"name": "report-dead-letters"}, message_id=message_id)

    assert first.fields["message"] == "dead_letters.report"
    assert again.is_replayed and again.fields == first.fields
    sent = first.fields["message_id"]
    (row,) = wait_for(
        lambda: staff.stack.database.rows(
            f"SELECT name, error FROM inbox WHERE message_id = '{sent}'"
        ),
        "the message to be done",
    )
    assert row == {"name": "dead_letters.report", "error": None}
    (job,) = staff.call("list_jobs").fields["jobs"]
    assert job["last_by"] == staff.visitor.email
    assert job["next_at"] == before[0]["next_at"]


def test_a_job_that_is_not_there_is_not_found(staff: Staff) -> None:
    assert staff.call("run_job", {"name": "tidy-up"}).code == "not_found"
