"""Properties and headers of a message, and of its reply."""

from __future__ import annotations

import hashlib
import time
import uuid

import pytest

from support.amqp_client import AmqpClient, Typed
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@pytest.fixture
def first_user(stack: Stack, amqp: AmqpClient) -> int:
    """A user whose id fits into one byte."""
    found = stack.database.rows("SELECT min(id) AS id FROM users")[0]["id"]
    if found is None:
        fields = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD}
        found = amqp.call("users.register", fields).fields["user"]["id"]
    assert found < 128
    return found


@pytest.mark.parametrize("kind", [b"b", b"B", b"s", b"u", b"I", b"i", b"l"], ids=repr)
def test_the_user_may_be_given_as_any_integer(
    amqp: AmqpClient, first_user: int, kind: bytes
) -> None:
    reply = amqp.call("users.me", headers={"user_id": Typed(kind, first_user)})

    assert reply.fields["user"]["id"] == first_user


def test_the_session_may_be_given_by_its_digest(amqp: AmqpClient, author: Visitor) -> None:
    reply = amqp.call("users.me", headers={"session": _digest(author.token)})

    assert reply.fields["user"]["id"] == author.id


def test_a_post_by_session_is_the_users(amqp: AmqpClient, author: Visitor) -> None:
    headers = {"session": _digest(author.token)}

    reply = amqp.call("posts.create", new_post(), headers=headers)

    assert reply.fields["post"]["author"]["id"] == author.id


@pytest.mark.parametrize("name", ["users.me", "users.logout"])
def test_user_and_session_together_are_invalid(
    amqp: AmqpClient, author: Visitor, name: str
) -> None:
    headers = {"session": _digest(author.token), "user_id": author.id}

    assert amqp.call(name, headers=headers).code == "invalid_input"
    assert author.get("/api/me").status_code == 200


def test_logout_ends_the_session_it_came_with(
    stack: Stack, amqp: AmqpClient, author: Visitor
) -> None:
    other = stack.visitor().login(author.email)

    reply = amqp.call("users.logout", headers={"session": _digest(author.token)})

    assert reply.fields == {}
    assert author.get("/api/me").status_code == 403
    assert other.get("/api/me").status_code == 200


def test_login_starts_the_session_it_is_told_to(
    stack: Stack, amqp: AmqpClient, author: Visitor
) -> None:
    token = uuid.uuid4().hex + uuid.uuid4().hex[:11]
    fields = {"username": author.email, "password": PASSWORD}

    amqp.call("users.login", fields, headers={"new_session": _digest(token)})

    assert _is_signed_in(stack, token)


def test_registration_starts_the_session_it_is_told_to(stack: Stack, amqp: AmqpClient) -> None:
    token = uuid.uuid4().hex
    fields = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD}

    amqp.call("users.register", fields, headers={"new_session": _digest(token)})

    assert _is_signed_in(stack, token)


def test_starting_a_session_ends_the_one_it_came_with(
    stack: Stack, amqp: AmqpClient, author: Visitor
) -> None:
    token = uuid.uuid4().hex
    fields = {"username": author.email, "password": PASSWORD}
    headers = {"session": _digest(author.token), "new_session": _digest(token)}

    amqp.call("users.login", fields, headers=headers)

    assert _is_signed_in(stack, token)
    assert author.get("/api/me").status_code == 403


def test_without_a_new_session_none_is_started_and_none_ends(
    stack: Stack, amqp: AmqpClient, author: Visitor
) -> None:
    count = f"SELECT count(*) FROM sessions WHERE user_id = {author.id}"
    before = stack.database.rows(count)

    fields = {"username": author.email, "password": PASSWORD}
    amqp.call("users.login", fields, headers={"session": _digest(author.token)})

    assert stack.database.rows(count) == before
    assert author.get("/api/me").status_code == 200


def test_a_failed_login_starts_no_session(
    stack: Stack, amqp: AmqpClient, author: Visitor
) -> None:
    token = uuid.uuid4().hex
    fields = {"username": author.email, "password": "wrong password"}

    amqp.call("users.login", fields, headers={"new_session": _digest(token)})

    assert not _is_signed_in(stack, token)


def test_the_other_headers_may_be_there(amqp: AmqpClient, author: Visitor) -> None:
    headers = {
        "user_id": author.id,
        "client_address": "192.0.2.1",
        "language": "de",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "deadline": int(time.time() * 1000) + 60_000,
    }

    assert amqp.call("posts.create", new_post(), headers=headers).code is None
    assert amqp.call("users.me", headers=headers).code is None


def test_unknown_headers_are_nobodys_business(amqp: AmqpClient, author: Visitor) -> None:
    headers = {"user_id": author.id, "x-custom": {"a": [1, "b"]}, "x-other": Typed(b"d", 1.5)}

    assert amqp.call("users.me", headers=headers).code is None


@pytest.mark.parametrize("name", ["posts.create", "posts.my"])
def test_the_type_may_be_absent_but_not_another(
    amqp: AmqpClient, author: Visitor, name: str
) -> None:
    fields = new_post() if name == "posts.create" else {}
    headers = {"user_id": author.id}

    assert amqp.call(name, fields, headers=headers, type=None).type == f"{name}.result"
    for other in ("posts.delete", "nonsense", "", name.upper(), name + " ", "x" * 255):
        assert amqp.call(name, fields, headers=headers, type=other).code == "invalid_input"


def test_the_content_type_may_be_absent(amqp: AmqpClient) -> None:
    assert amqp.call("posts.list", content_type=None).code is None


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "x" * 255])
def test_another_content_type_is_refused(
    amqp: AmqpClient, author: Visitor, content_type: str
) -> None:
    reply = amqp.call(
        "posts.create", new_post(), headers={"user_id": author.id}, content_type=content_type
    )

    assert reply.code == "invalid_input"
    assert author.get("/api/posts/my").json() == []


@pytest.mark.parametrize("name", ["posts.create", "posts.list"])
@pytest.mark.parametrize("correlation_id", ["1", "x" * 255, "ä ö\n"])
def test_the_reply_carries_the_correlation_id(
    amqp: AmqpClient, name: str, correlation_id: str
) -> None:
    reply = amqp.call(name, {"nonsense": 1}, correlation_id=correlation_id)

    assert reply.properties.correlation_id == correlation_id


@pytest.mark.parametrize("name", ["posts.create", "posts.list"])
def test_without_one_the_reply_carries_the_message_id(amqp: AmqpClient, name: str) -> None:
    message_id = str(uuid.uuid4())

    reply = amqp.call(name, {"nonsense": 1}, message_id=message_id, correlation_id=None)

    assert reply.properties.correlation_id == message_id


def test_a_query_needs_no_message_id(amqp: AmqpClient) -> None:
    assert amqp.call("posts.list", message_id=None).code is None


def test_a_query_may_expire(amqp: AmqpClient) -> None:
    assert amqp.call("posts.list", expiration="60000").code is None


def test_a_reply_says_what_it_is(amqp: AmqpClient) -> None:
    result = amqp.call("posts.list")
    problem = amqp.call("users.me")

    assert result.properties.type == "posts.list.result"
    assert result.properties.content_type == "application/json"
    assert problem.properties.type == "problem"
    assert problem.properties.content_type == "application/problem+json"


def test_replies_may_come_directly(amqp: AmqpClient, author: Visitor) -> None:
    amqp.use_direct_replies()

    created = amqp.call("posts.create", new_post(), headers={"user_id": author.id})

    assert created.fields["post"]["author"]["id"] == author.id
    assert amqp.call("posts.my", headers={"user_id": author.id}).fields["posts"]


@pytest.mark.parametrize("name", ["posts.create", "posts.my"])
def test_work_past_its_deadline_is_not_done(
    amqp: AmqpClient, author: Visitor, name: str
) -> None:
    fields = new_post() if name == "posts.create" else {}
    late = {"user_id": author.id, "deadline": int(time.time() * 1000) - 10_000}

    reply = amqp.call(name, fields, headers=late)

    assert reply.code == "expired"
    assert author.get("/api/posts/my").json() == []


def test_what_has_expired_may_be_sent_again(amqp: AmqpClient, author: Visitor) -> None:
    message_id = str(uuid.uuid4())
    late = {"user_id": author.id, "deadline": int(time.time() * 1000) - 10_000}
    amqp.call("posts.create", new_post(), headers=late, message_id=message_id)

    again = amqp.call(
        "posts.create", new_post(), headers={"user_id": author.id}, message_id=message_id
    )

    assert again.code is None
    assert not again.is_replayed


def _is_signed_in(stack: Stack, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return stack.visitor().get("/api/me", headers=headers).status_code == 200
