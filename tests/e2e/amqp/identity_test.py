"""The message_id is a command's identity: its effect happens once."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import Any

import pytest

from support.amqp_client import AmqpClient
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack


@pytest.fixture
def message_id() -> str:
    return str(uuid.uuid4())


def _count(user: Visitor) -> int:
    return len(user.get("/api/posts/my?limit=100").json())


def test_the_same_again_gets_the_stored_reply(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    options = {"headers": {"user_id": author.id}, "message_id": message_id}

    first = amqp.call("posts.create", new_post(), **options)
    second = amqp.call("posts.create", new_post(), **options)

    assert not first.is_replayed
    assert second.is_replayed
    assert (second.type, second.fields) == (first.type, first.fields)
    assert _count(author) == 1


def test_the_stored_reply_stays_as_it_was(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    options = {"headers": {"user_id": author.id}, "message_id": message_id}
    first = amqp.call("posts.create", new_post(), **options)
    author.delete(f"/api/posts/{first.fields['post']['id']}")

    second = amqp.call("posts.create", new_post(), **options)

    assert second.fields == first.fields
    assert _count(author) == 0


def test_the_same_user_is_the_same_by_id_and_by_session(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    session = hashlib.sha256(author.token.encode()).hexdigest()
    amqp.call("posts.create", new_post(), headers={"user_id": author.id}, message_id=message_id)

    again = amqp.call(
        "posts.create", new_post(), headers={"session": session}, message_id=message_id
    )

    assert again.is_replayed
    assert _count(author) == 1


def test_an_identity_in_capitals_is_the_same(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    headers = {"user_id": author.id}
    amqp.call("posts.create", new_post(), headers=headers, message_id=message_id)

    again = amqp.call("posts.create", new_post(), headers=headers, message_id=message_id.upper())

    assert again.is_replayed


@pytest.mark.parametrize("difference", ["user", "nobody", "name", "body"])
def test_anything_different_is_a_mismatch(
    amqp: AmqpClient, author: Visitor, reader: Visitor, message_id: str, difference: str
) -> None:
    post = author.write()
    amqp.call(
        "posts.update",
        {"post_id": post["id"], "title": "First"},
        headers={"user_id": author.id},
        message_id=message_id,
    )
    name, fields, headers = {
        "user": ("posts.update", {"post_id": post["id"], "title": "First"}, {"user_id": reader.id}),
        "nobody": ("posts.update", {"post_id": post["id"], "title": "First"}, {}),
        "name": ("posts.delete", {"post_id": post["id"]}, {"user_id": author.id}),
        "body": ("posts.update", {"post_id": post["id"], "title": "X"}, {"user_id": author.id}),
    }[difference]

    reply = amqp.call(name, fields, headers=headers, message_id=message_id)

    assert reply.code == "idempotency_mismatch"
    assert author.get(f"/api/posts/{post['id']}").json()["title"] == "First"


def test_a_mismatch_leaves_the_stored_reply_alone(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    options: dict[str, Any] = {"headers": {"user_id": author.id}, "message_id": message_id}
    amqp.call("posts.create", new_post(), **options)

    assert amqp.call("posts.create", new_post(title="X"), **options).code == "idempotency_mismatch"
    assert amqp.call("posts.create", new_post(), **options).is_replayed
    assert _count(author) == 1


@pytest.mark.parametrize("password", [PASSWORD, "another one"])
def test_secrets_belong_to_the_body_that_must_be_equal(
    amqp: AmqpClient, author: Visitor, message_id: str, password: str
) -> None:
    amqp.call(
        "users.login", {"username": author.email, "password": PASSWORD}, message_id=message_id
    )

    again = amqp.call(
        "users.login", {"username": author.email, "password": password}, message_id=message_id
    )

    assert again.code == (None if password == PASSWORD else "idempotency_mismatch")


def test_a_registration_is_done_once(amqp: AmqpClient, message_id: str) -> None:
    fields = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD}

    first = amqp.call("users.register", fields, message_id=message_id)
    second = amqp.call("users.register", fields, message_id=message_id)

    assert first.code is None
    assert second.fields == first.fields
    assert amqp.call("users.register", fields).code == "user_already_exists"


def test_a_lasting_failure_is_replayed_even_if_it_would_succeed_by_now(
    stack: Stack, amqp: AmqpClient, message_id: str
) -> None:
    email = new_email()
    fields = {"username": email, "password": PASSWORD}
    first = amqp.call("users.login", fields, message_id=message_id)
    stack.visitor().register(email)

    second = amqp.call("users.login", fields, message_id=message_id)

    assert first.code == second.code == "authentication_failed"
    assert second.is_replayed
    assert second.fields == first.fields


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("posts.delete", {"post_id": 2**53 - 1}, "not_found"),
        ("users.send_registration_notification", {"user_id": 2**53 - 1}, "not_found"),
    ],
)
def test_what_was_not_found_is_replayed(
    amqp: AmqpClient, author: Visitor, message_id: str, name: str, fields: dict, code: str
) -> None:
    options = {"headers": {"user_id": author.id}, "message_id": message_id}

    first, second = (amqp.call(name, fields, **options) for _ in range(2))

    assert (first.code, first.is_replayed) == (code, False)
    assert (second.code, second.is_replayed) == (code, True)


def test_what_was_denied_is_replayed(amqp: AmqpClient, message_id: str) -> None:
    first, second = (
        amqp.call("posts.create", new_post(), message_id=message_id) for _ in range(2)
    )

    assert first.code == second.code == "access_denied"
    assert second.is_replayed


@pytest.mark.parametrize("broken", [b"{", b'{"title": ""}', b"[]"])
def test_invalid_input_is_not_stored(
    amqp: AmqpClient, author: Visitor, message_id: str, broken: bytes
) -> None:
    options: dict[str, Any] = {"headers": {"user_id": author.id}, "message_id": message_id}
    assert amqp.call("posts.create", body=broken, **options).code == "invalid_input"

    reply = amqp.call("posts.create", new_post(), **options)

    assert reply.code is None
    assert not reply.is_replayed


def test_what_only_the_handler_finds_invalid_is_not_stored_either(
    amqp: AmqpClient, message_id: str
) -> None:
    fields = {"email": new_email(), "password1": PASSWORD, "password2": "another one"}
    assert amqp.call("users.register", fields, message_id=message_id).code == "invalid_input"

    right = fields | {"password2": PASSWORD}

    assert amqp.call("users.register", right, message_id=message_id).code is None


def test_ten_at_once_are_one(amqp: AmqpClient, author: Visitor, message_id: str) -> None:
    key = ""
    for _ in range(10):
        key = amqp.send(
            "posts.create",
            new_post(),
            headers={"user_id": author.id},
            message_id=message_id,
            correlation_id=None,
        )

    replies = amqp.replies("posts.create", key, count=10)

    assert sum(not reply.is_replayed for reply in replies) == 1
    assert len({reply.fields["post"]["id"] for reply in replies}) == 1
    assert _count(author) == 1


def test_queries_have_no_identity(amqp: AmqpClient, author: Visitor, message_id: str) -> None:
    options = {"headers": {"user_id": author.id}, "message_id": message_id}
    before = amqp.call("posts.my", **options).fields["posts"]
    author.write()

    after = amqp.call("posts.my", {"limit": 5}, **options).fields["posts"]

    assert (len(before), len(after)) == (0, 1)


@pytest.fixture
def key() -> str:
    """What a gateway makes of an Idempotency-Key."""
    return secrets.token_hex(32)


def _digest(user: Visitor) -> str:
    return hashlib.sha256(user.token.encode()).hexdigest()


def test_messages_of_one_key_are_one_command(
    amqp: AmqpClient, author: Visitor, key: str
) -> None:
    by_id = {"user_id": author.id, "idempotency_key": key}
    by_session = {"session": _digest(author), "idempotency_key": key}

    first = amqp.call("posts.create", new_post(), headers=by_id)
    second = amqp.call("posts.create", new_post(), headers=by_session)

    assert (first.code, first.is_replayed, second.is_replayed) == (None, False, True)
    assert second.fields == first.fields
    assert _count(author) == 1


def test_a_key_with_other_fields_is_a_mismatch_that_can_be_asked_for(
    amqp: AmqpClient, author: Visitor, message_id: str, key: str
) -> None:
    headers = {"user_id": author.id, "idempotency_key": key}
    amqp.call("posts.create", new_post(), headers=headers)

    other = amqp.call("posts.create", new_post(title="X"), headers=headers, message_id=message_id)

    assert other.code == "idempotency_mismatch"
    assert _count(author) == 1
    state = amqp.call("commands.status", {"id": message_id}, headers={"user_id": author.id})
    assert state.fields["state"] == "failed"
    assert state.fields["problem"]["code"] == "idempotency_mismatch"


def test_a_key_is_its_users_own(
    amqp: AmqpClient, author: Visitor, reader: Visitor, key: str
) -> None:
    for user in (author, reader):
        headers = {"user_id": user.id, "idempotency_key": key}
        assert not amqp.call("posts.create", new_post(), headers=headers).is_replayed

    assert (_count(author), _count(reader)) == (1, 1)


def test_ten_of_one_key_at_once_are_one(amqp: AmqpClient, author: Visitor, key: str) -> None:
    headers = {"user_id": author.id, "idempotency_key": key}
    asked = str(uuid.uuid4())
    for _ in range(10):
        amqp.send("posts.create", new_post(), headers=headers, correlation_id=asked)

    replies = amqp.replies("posts.create", asked, count=10)

    assert sum(not reply.is_replayed for reply in replies) == 1
    assert len({reply.fields["post"]["id"] for reply in replies}) == 1
    assert _count(author) == 1


def test_a_login_with_a_key_is_the_same_by_another_session(
    amqp: AmqpClient, author: Visitor, reader: Visitor, message_id: str, key: str
) -> None:
    fields = {"username": author.email, "password": PASSWORD}
    new_sessions = [secrets.token_hex(32) for _ in range(2)]
    for new_session, headers in zip(new_sessions, ({}, {"session": _digest(reader)}), strict=True):
        headers |= {"new_session": new_session, "idempotency_key": key}
        reply = amqp.call("users.login", fields, headers=headers, message_id=message_id)
        assert reply.code is None

    assert reply.is_replayed
    for new_session in new_sessions:
        me = amqp.call("users.me", headers={"session": new_session})
        assert me.fields["user"]["id"] == author.id
    assert reader.get("/api/me").status_code == 403


def test_expired_work_is_done_when_it_comes_again_in_time(
    amqp: AmqpClient, author: Visitor, message_id: str
) -> None:
    headers = {"user_id": author.id}
    options: dict[str, Any] = {"fields": new_post(), "message_id": message_id}
    late = amqp.call("posts.create", headers=headers | {"deadline": 1}, **options)
    ask = {"name": "commands.status", "fields": {"id": message_id}, "headers": headers}

    assert late.code == "expired"
    assert amqp.call(**ask).fields["problem"]["code"] == "expired"
    assert amqp.call("posts.create", headers=headers, **options).code is None
    assert amqp.call(**ask).fields["state"] == "done"
    assert _count(author) == 1
