"""A command that fails for good with nobody to tell is kept, without its secrets."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from support.amqp_client import AmqpClient
from support.http_client import Visitor, new_email, new_post
from support.stack import Stack
from support.waiting import wait_for

SECRET = "a secret that nobody may read"
Find = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def new_letters(stack: Stack) -> Find:
    """The dead letters that came since the test began."""
    columns = "id, message_id, message, code, detail, body, headers, failed_at, user_id"
    newest = stack.database.rows("SELECT coalesce(max(id), 0) AS id FROM dead_letters")[0]["id"]
    query = f"SELECT {columns} FROM dead_letters WHERE id > {newest} ORDER BY id"
    return lambda: stack.database.rows(query)


def _only(new_letters: Find) -> dict[str, Any]:
    (letter,) = wait_for(new_letters, "a dead letter")
    json.loads(letter["body"])
    assert isinstance(json.loads(letter["headers"]), dict)
    assert letter["detail"]
    assert SECRET not in json.dumps(letter)
    return letter


def test_a_command_that_fails_is_kept_with_its_reason(
    amqp: AmqpClient, author: Visitor, new_letters: Find
) -> None:
    message_id = str(uuid.uuid4())
    fields = {"post_id": 2**53 - 1}

    amqp.send(
        "posts.delete",
        fields,
        message_id=message_id,
        reply_to=None,
        headers={"user_id": author.id, "language": "de"},
    )

    letter = _only(new_letters)
    assert letter["message_id"] == message_id
    assert letter["message"] == "posts.delete"
    assert letter["code"] == "not_found"
    assert json.loads(letter["body"]) == fields
    assert json.loads(letter["headers"]) == {"user_id": author.id, "language": "de"}
    assert letter["user_id"] == author.id


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("users.login", {"username": "a@example.com", "password": SECRET},
         "authentication_failed"),
        ("users.register", {"email": "nobody", "password1": SECRET, "password2": SECRET},
         "invalid_input"),
        ("users.register", {"email": new_email(), "password1": SECRET, "password2": SECRET + "!"},
         "invalid_input"),
        ("users.register", {"password1": {"hidden": SECRET}, "password2": [SECRET]},
         "invalid_input"),
    ],
)  # fmt: skip
def test_its_secrets_are_removed(
    amqp: AmqpClient, new_letters: Find, name: str, fields: dict[str, Any], code: str
) -> None:
    amqp.send(name, fields, reply_to=None)

    letter = _only(new_letters)
    assert letter["code"] == code
    kept = json.loads(letter["body"])
    assert all(kept[name] == fields[name] for name in ("username", "email") if name in fields)


@pytest.mark.parametrize(
    "body",
    [
        b'{"username": "a@example.com", "password": "' + SECRET.encode() + b'"',
        b'{"password": "' + SECRET.encode() + b'", "password": "' + SECRET.encode() + b'"}',
        b'{"pass\\u0077ord": "' + SECRET.encode() + b'", "x": 1e400}',
        b'["' + SECRET.encode() + b'"]',
        SECRET.encode(),
        SECRET.encode() + b"\xff\0",
        SECRET.encode().ljust(1024 * 1024 + 1),
        b"",
    ],
    ids=["cut off", "twice", "escaped", "array", "text", "bytes", "too large", "empty"],
)
def test_what_cannot_be_read_is_kept_without_giving_secrets_away(
    amqp: AmqpClient, new_letters: Find, body: bytes
) -> None:
    message_id = str(uuid.uuid4())

    amqp.send("users.login", body=body, message_id=message_id, reply_to=None)

    letter = _only(new_letters)
    assert letter["message_id"] == message_id
    assert letter["code"] == "invalid_input"


@pytest.mark.parametrize("message_id", [None, "nonsense", "a\0b"])
def test_a_command_without_a_good_identity_is_kept(
    amqp: AmqpClient, new_letters: Find, message_id: str | None
) -> None:
    amqp.send("posts.create", new_post(), message_id=message_id, reply_to=None)

    letter = _only(new_letters)
    assert letter["message_id"] is None
    assert letter["code"] == "invalid_input"


@pytest.mark.parametrize(
    "properties", [{"type": "posts.burn"}, {"content_type": "text/plain"}], ids=str
)
def test_a_command_of_an_unknown_kind_is_kept(
    amqp: AmqpClient, new_letters: Find, properties: dict[str, str]
) -> None:
    amqp.send("posts.create", new_post(), reply_to=None, **properties)

    assert _only(new_letters)["message"] == "posts.create"


def test_keys_to_sessions_are_secrets_too(amqp: AmqpClient, new_letters: Find) -> None:
    digest = "0123456789abcdef" * 4

    amqp.send("posts.create", new_post(), headers={"session": digest}, reply_to=None)

    letter = _only(new_letters)
    assert letter["code"] == "access_denied"
    assert letter["user_id"] is None
    assert digest not in json.dumps(letter)


def test_a_letter_is_the_users_whose_session_it_came_with(
    amqp: AmqpClient, author: Visitor, new_letters: Find
) -> None:
    session = hashlib.sha256(author.token.encode()).hexdigest()

    amqp.send("posts.create", body=b"{", headers={"session": session}, reply_to=None)

    letter = _only(new_letters)
    assert letter["user_id"] == author.id
    assert session not in json.dumps(letter)


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("posts.delete", {"fields": {"post_id": 2**53 - 1}}, "not_found"),
        ("posts.create", {"body": b"{"}, "invalid_input"),
        ("posts.create", {"fields": new_post(), "deadline": 1}, "expired"),
    ],
    ids=["not found", "invalid", "expired"],
)
def test_its_state_is_failed(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    amqp: AmqpClient,
    author: Visitor,
    new_letters: Find,
    name: str,
    options: dict[str, Any],
    code: str,
) -> None:
    message_id = str(uuid.uuid4())
    headers = {"user_id": author.id}
    more = {"deadline": options["deadline"]} if "deadline" in options else {}
    sent = {key: value for key, value in options.items() if key != "deadline"}

    amqp.send(name, message_id=message_id, reply_to=None, headers=headers | more, **sent)

    assert _only(new_letters)["code"] == code
    state = amqp.call("commands.status", {"id": message_id}, headers=headers).fields
    assert state["state"] == "failed"
    assert state["problem"]["code"] == code


def test_the_same_failure_twice_is_one_letter(
    amqp: AmqpClient, author: Visitor, new_letters: Find
) -> None:
    options = {"message_id": str(uuid.uuid4()), "headers": {"user_id": author.id}}
    for _ in range(2):
        amqp.send("posts.delete", {"post_id": 2**53 - 1}, reply_to=None, **options)
    amqp.call("posts.delete", {"post_id": 2**53 - 1}, **options)

    _only(new_letters)


def test_what_somebody_was_told_is_not_kept(
    amqp: AmqpClient, author: Visitor, new_letters: Find
) -> None:
    headers = {"user_id": author.id}
    amqp.call("posts.delete", {"post_id": 2**53 - 1}, headers=headers)
    amqp.call("posts.create", body=b"hello", headers=headers)
    amqp.send("posts.create", new_post(), headers=headers, reply_to=None)

    wait_for(lambda: author.get("/api/posts/my").json(), "the post to be stored")
    assert new_letters() == []
