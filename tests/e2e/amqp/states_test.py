"""What became of a command can be asked for by its message_id, by those who sent it."""

from __future__ import annotations

import hashlib
import secrets
import signal
import time
import uuid
from typing import Any

import pytest

from support.amqp_client import AmqpClient, Reply
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack
from support.waiting import wait_for


def new_session() -> str:
    """The digest of a new token."""
    return hashlib.sha256(secrets.token_bytes()).hexdigest()


@pytest.fixture
def message_id() -> str:
    return str(uuid.uuid4())


def ask(amqp: AmqpClient, message_id: str, **headers: Any) -> Reply:
    return amqp.call("commands.status", {"id": message_id}, headers=headers)


def state(amqp: AmqpClient, message_id: str, **headers: Any) -> Any:
    reply = ask(amqp, message_id, **headers)
    assert reply.code is None, reply.body
    assert reply.fields["id"] == message_id
    return reply.fields


def test_a_command_that_nobody_knows_of_is_pending_to_anybody(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    for headers in ({}, {"user_id": author.id}, {"session": new_session()}):
        found = state(amqp, message_id, **headers)

        assert (found["state"], found["result"], found["problem"]) == ("pending", None, None)


def test_a_command_under_way_is_pending(
    stack: Stack, amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    headers = {"user_id": author.id}
    (command_service,) = stack.of("command-service")
    command_service.freeze()
    try:
        key = amqp.send("posts.create", new_post(), headers=headers, message_id=message_id)
        assert state(amqp, message_id, **headers)["state"] == "pending"
    finally:
        command_service.signal(signal.SIGCONT)

    amqp.replies("posts.create", key)
    assert state(amqp, message_id, **headers)["state"] == "done"


def test_what_is_done_shows_its_result(amqp: AmqpClient, author: Visitor, message_id: str) -> None:
    headers = {"user_id": author.id}
    reply = amqp.call("posts.create", new_post(), headers=headers, message_id=message_id)

    found = state(amqp, message_id, **headers)

    assert (found["state"], found["result"], found["problem"]) == ("done", reply.fields, None)


def test_what_has_failed_shows_its_problem(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    headers = {"user_id": author.id}
    reply = amqp.call(
        "posts.delete", {"post_id": 2**53 - 1}, headers=headers, message_id=message_id
    )

    found = state(amqp, message_id, **headers)

    assert reply.code == "not_found"
    assert (found["state"], found["result"], found["problem"]) == ("failed", None, reply.fields)


def test_what_came_too_late_has_failed(amqp: AmqpClient, author: Visitor, message_id: str) -> None:
    past = int((time.time() - 60) * 1000)
    headers = {"user_id": author.id, "deadline": past}
    amqp.call("posts.create", new_post(), headers=headers, message_id=message_id)

    found = state(amqp, message_id, user_id=author.id)

    assert (found["state"], found["problem"]["code"]) == ("failed", "expired")


def test_a_failure_gives_way_to_the_same_command_sent_again(
    amqp: AmqpClient, message_id: str
) -> None:
    wrong = {"email": new_email(), "password1": PASSWORD, "password2": "another one"}
    amqp.call("users.register", wrong, message_id=message_id)
    assert state(amqp, message_id)["problem"]["code"] == "invalid_input"

    amqp.call("users.register", wrong | {"password2": PASSWORD}, message_id=message_id)

    assert state(amqp, message_id)["state"] == "done"


def test_an_identity_in_capitals_is_the_same(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    headers = {"user_id": author.id}
    amqp.call("posts.create", new_post(), headers=headers, message_id=message_id)

    assert state(amqp, message_id.upper(), **headers)["state"] == "done"


def test_the_same_user_is_the_same_by_id_and_by_session(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    session = hashlib.sha256(author.token.encode()).hexdigest()
    amqp.call("posts.create", new_post(), headers={"user_id": author.id}, message_id=message_id)

    assert state(amqp, message_id, session=session)["state"] == "done"


@pytest.mark.parametrize("who", ["another user", "nobody", "an unknown session"])
def test_a_users_command_is_not_there_for_others(
    amqp: AmqpClient, author: Visitor, reader: Visitor, message_id: str, who: str
) -> None:
    amqp.call("posts.create", new_post(), headers={"user_id": author.id}, message_id=message_id)
    headers: dict[str, Any] = {
        "another user": {"user_id": reader.id},
        "nobody": {},
        "an unknown session": {"session": new_session()},
    }[who]

    assert ask(amqp, message_id, **headers).code == "not_found"


def test_an_anonymous_command_is_there_for_the_same_session_only(
    amqp: AmqpClient, reader: Visitor, message_id: str
) -> None:
    session = new_session()
    amqp.call("posts.create", new_post(), headers={"session": session}, message_id=message_id)

    assert state(amqp, message_id, session=session)["problem"]["code"] == "access_denied"
    for headers in ({}, {"session": new_session()}, {"user_id": reader.id}):
        assert ask(amqp, message_id, **headers).code == "not_found"


def test_an_anonymous_command_without_a_session_is_there_for_who_has_none(
    amqp: AmqpClient, reader: Visitor, message_id: str
) -> None:
    amqp.call("posts.create", new_post(), message_id=message_id)

    assert state(amqp, message_id)["problem"]["code"] == "access_denied"
    for headers in ({"session": new_session()}, {"user_id": reader.id}):
        assert ask(amqp, message_id, **headers).code == "not_found"


def test_a_login_is_there_for_the_user_whose_session_it_started(
    amqp: AmqpClient, author: Visitor, reader: Visitor, message_id: str
) -> None:
    session = new_session()
    fields = {"username": author.email, "password": PASSWORD}
    amqp.call("users.login", fields, headers={"new_session": session}, message_id=message_id)

    assert state(amqp, message_id, session=session)["result"]["user"]["id"] == author.id
    assert ask(amqp, message_id, user_id=reader.id).code == "not_found"


@pytest.mark.parametrize(
    ("body", "code"), [(b'{"post_id": 9007199254740991}', "not_found"), (b"{", "invalid_input")]
)
def test_a_dead_letter_has_failed(
    amqp: AmqpClient, author: Visitor, message_id: str, body: bytes, code: str
) -> None:
    headers = {"user_id": author.id}
    amqp.send("posts.delete", body=body, headers=headers, message_id=message_id, reply_to=None)

    def outcome() -> Any:
        found = state(amqp, message_id, **headers)
        return found if found["state"] != "pending" else None

    found = wait_for(outcome, "the outcome")
    assert (found["state"], found["problem"]["code"]) == ("failed", code)


@pytest.mark.parametrize("fields", [{}, {"id": ""}, {"id": "7"}, {"id": 7}, {"id": None}])
def test_what_is_no_uuid_is_refused(amqp: AmqpClient, fields: dict[str, Any]) -> None:
    assert amqp.call("commands.status", fields).code == "invalid_input"
