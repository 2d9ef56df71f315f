"""Nothing that a publisher puts into a message may stop a worker."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from support.amqp_client import AmqpClient, Typed
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack

MIB = 1024 * 1024
POST = json.dumps(new_post()).encode()

BODIES = {
    "empty": b"",
    "not JSON": b"hello",
    "cut off": POST[:-1],
    "trailing bytes": POST + b"x",
    "trailing NUL": POST + b"\0",
    "an array": b"[]",
    "a string": b'"title"',
    "null": b"null",
    "not UTF-8": b'{"title": "\xff\xfe", "content": "b", "status": "draft"}',
    "UTF-16": POST.decode().encode("utf-16"),
    "random bytes": bytes(range(256)) * 20,
    "5000 objects deep": b'{"title":' * 5000 + b"1" + b"}" * 5000,
    "5000 arrays deep": b"[" * 5000,
    "a key twice": b'{"title": "a", "title": "b", "content": "b", "status": "draft"}',
    "NUL within": b'{"title": "a\\u0000", "content": "b", "status": "draft"}',
    "lone surrogate": b'{"title": "\\ud83d", "content": "b", "status": "draft"}',
    "beyond double": b'{"title": 1e400, "content": "b", "status": "draft"}',
    "wrong types": b'{"title": 1, "content": null, "status": ["draft"]}',
    "unknown field": POST[:-1] + b', "author": 1}',
    "missing fields": b"{}",
    "blank": b'{"title": " ", "content": "b", "status": "draft"}',
    "one byte beyond 1 MiB": POST.ljust(MIB + 1),
    "4 MiB": b"x" * 4 * MIB,
}

INTEGERS = [
    b"9007199254740992",
    b"9007199254740993",
    b"-1",
    b"0",
    b"1.5",
    b"1e400",
    b"1e3000000000",
    b"99999999999999999999999999",
    b'"1"',
    b"true",
    b"null",
    b"[1]",
]

HEADERS = {
    "user_id, text": {"user_id": "1"},
    "user_id, float": {"user_id": Typed(b"d", 1.0)},
    "user_id, boolean": {"user_id": True},
    "user_id, list": {"user_id": [1]},
    "user_id, table": {"user_id": {"id": 1}},
    "session, integer": {"session": 1},
    "session, too short": {"session": "ab"},
    "session, empty": {"session": ""},
    "session, capitals": {"session": "AB" * 32},
    "session, no hex": {"session": "xy" * 32},
    "session, too long": {"session": "0" * 65},
    "session, NUL": {"session": "0" * 63 + "\0"},
    "session, huge": {"session": "0" * 100_000},
    "new_session, integer": {"new_session": 1},
    "new_session, too short": {"new_session": "ab"},
    "deadline, text": {"deadline": "tomorrow"},
    "deadline, float": {"deadline": Typed(b"d", 1e300)},
    "language, integer": {"language": 1},
    "client_address, table": {"client_address": {}},
    "traceparent, integer": {"traceparent": 1},
    "min_position, integer": {"min_position": 1},
    "session, not UTF-8": {"session": Typed(b"S", b"\xff" * 64)},
}

REPLY_TO = {
    "no such queue": "no.such.queue",
    "a direct reply to somebody gone": "amq.rabbitmq.reply-to.gone.xx",
    "a direct reply, broken": "amq.rabbitmq.reply-to.",
    "255 characters": "x" * 255,
    "not UTF-8 names": "\u00e4" * 100,
    "a NUL within": "a\0b",
    "empty": "",
}


@pytest.fixture(autouse=True)
def _the_worker_lives_on(stack: Stack, amqp: AmqpClient, author: Visitor) -> Iterator[None]:
    """After each of these tests the same processes serve the next messages."""
    programs = ("command-service", "query-service")
    before = {program: [each.pid for each in stack.of(program)] for program in programs}

    yield

    for _ in range(4):  # whichever worker takes it
        created = amqp.call("posts.create", new_post(), headers={"user_id": author.id})
        assert created.type == "posts.create.result"
        assert amqp.call("posts.list").type == "posts.list.result"
    assert {program: [each.pid for each in stack.of(program)] for program in programs} == before


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("name", ["posts.create", "posts.retrieve"])
def test_a_foul_body_gets_a_problem(
    amqp: AmqpClient, author: Visitor, name: str, body: bytes
) -> None:
    reply = amqp.call(name, body=body, headers={"user_id": author.id})

    assert reply.code == "invalid_input"
    assert author.get("/api/posts/my").json() == []


def test_a_body_of_a_mebibyte_is_taken(amqp: AmqpClient, author: Visitor) -> None:
    reply = amqp.call("posts.create", body=POST.ljust(MIB), headers={"user_id": author.id})

    assert reply.code is None


@pytest.mark.parametrize("integer", INTEGERS)
@pytest.mark.parametrize("name", ["posts.delete", "posts.retrieve"])
def test_a_foul_integer_gets_a_problem(
    amqp: AmqpClient, author: Visitor, name: str, integer: bytes
) -> None:
    body = b'{"post_id": ' + integer + b"}"

    reply = amqp.call(name, body=body, headers={"user_id": author.id})

    assert reply.code == "invalid_input"


@pytest.mark.parametrize("write", ["{0}", "{0}.0", "{0}e0", "{0}0e-1", "{0}.000"])
def test_an_integer_may_be_written_in_any_way_json_has(
    amqp: AmqpClient, author: Visitor, write: str
) -> None:
    post = author.write()
    body = ('{"post_id": ' + write.format(post["id"]) + "}").encode()

    assert amqp.call("posts.retrieve", body=body).fields["post"]["id"] == post["id"]


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("name", ["posts.create", "posts.list"])
def test_a_header_of_the_wrong_kind_gets_a_problem(
    amqp: AmqpClient, name: str, headers: dict[str, Any]
) -> None:
    fields = new_post() if name == "posts.create" else {}

    assert amqp.call(name, fields, headers=headers).code == "invalid_input"


@pytest.mark.parametrize(
    "user_id", [0, -1, 2**53 - 1, 2**53, Typed(b"l", -(2**63)), Typed(b"l", 2**63 - 1)], ids=repr
)
def test_a_user_of_nobody_gets_a_problem(amqp: AmqpClient, user_id: Any) -> None:
    reply = amqp.call("posts.create", new_post(), headers={"user_id": user_id})

    assert reply.code in ("access_denied", "invalid_input")


def test_a_deactivated_user_is_nobody(stack: Stack, amqp: AmqpClient, reader: Visitor) -> None:
    stack.database.run(f"UPDATE users SET is_active = false WHERE id = {reader.id}")

    headers = {"user_id": reader.id}

    assert amqp.call("posts.create", new_post(), headers=headers).code == "access_denied"
    assert amqp.call("users.me", headers=headers).code == "access_denied"


@pytest.mark.parametrize("header", ["language", "client_address", "traceparent", "min_position"])
@pytest.mark.parametrize("value", [b"\xff\xfe", b"\xed\xa0\x80", b"x" * 100_000, b"a\0b", b""])
def test_a_header_of_strange_bytes_is_refused_or_does_no_harm(
    amqp: AmqpClient, header: str, value: bytes
) -> None:
    fields = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD}

    reply = amqp.call("users.register", fields, headers={header: Typed(b"S", value)})

    assert reply.code in (None, "invalid_input")


@pytest.mark.parametrize("deadline", [-1, 0, 1, Typed(b"l", -(2**63)), Typed(b"l", 2**63 - 1)])
def test_a_strange_deadline_is_refused_or_does_no_harm(
    amqp: AmqpClient, author: Visitor, deadline: Any
) -> None:
    headers = {"user_id": author.id, "deadline": deadline}

    reply = amqp.call("posts.create", new_post(), headers=headers)

    assert reply.code in (None, "expired", "invalid_input")


def test_more_headers_than_anybody_needs_stop_nobody(amqp: AmqpClient) -> None:
    headers = {f"x-{number}": number for number in range(200)}

    amqp.call("posts.create", new_post(), headers=headers)
    amqp.call("posts.list", headers=headers)


@pytest.mark.parametrize(
    "message_id",
    [None, "", "1", "nonsense", "x" * 255, "{" + str(uuid.uuid4()) + "}", "a\0b",
     str(uuid.uuid4())[:-1], str(uuid.uuid4()) + "0", str(uuid.uuid4()).replace("-", "_")],
)  # fmt: skip
def test_a_command_without_a_good_identity_gets_a_problem(
    amqp: AmqpClient, author: Visitor, message_id: str | None
) -> None:
    reply = amqp.call(
        "posts.create", new_post(), headers={"user_id": author.id}, message_id=message_id
    )

    assert reply.code == "invalid_input"
    assert author.get("/api/posts/my").json() == []


def test_a_message_without_any_id_gets_a_problem(amqp: AmqpClient) -> None:
    reply = amqp.call("posts.create", new_post(), message_id=None, correlation_id=None)

    assert reply.code == "invalid_input"
    assert reply.properties.correlation_id is None


@pytest.mark.parametrize("name", ["posts.create", "posts.list"])
@pytest.mark.parametrize("property_", ["type", "content_type"])
def test_a_property_with_a_nul_gets_a_problem(
    amqp: AmqpClient, name: str, property_: str
) -> None:
    fields = new_post() if name == "posts.create" else {}
    good = {"type": name, "content_type": "application/json"}[property_]

    assert amqp.call(name, fields, **{property_: good + "\0x"}).type == "problem"


@pytest.mark.parametrize("property_", ["type", "content_type", "message_id"])
def test_a_property_that_is_not_utf8_gets_a_problem(
    amqp: AmqpClient, author: Visitor, property_: str
) -> None:
    headers = {"user_id": author.id}

    reply = amqp.call("posts.create", new_post(), headers=headers, **{property_: b"\xff\xfe"})

    assert reply.code == "invalid_input"


@pytest.mark.parametrize("reply_to", REPLY_TO.values(), ids=REPLY_TO.keys())
@pytest.mark.parametrize("name", ["posts.create", "posts.delete", "posts.list"])
def test_a_foul_reply_to_stops_nobody(
    amqp: AmqpClient, author: Visitor, name: str, reply_to: str
) -> None:
    fields = {"posts.create": new_post(), "posts.delete": {"post_id": 1}}.get(name, {})

    for _ in range(8):
        amqp.send(name, fields, headers={"user_id": author.id}, reply_to=reply_to)


def test_a_post_is_written_though_nobody_can_be_told(amqp: AmqpClient, author: Visitor) -> None:
    message_id = str(uuid.uuid4())
    options: dict[str, Any] = {"headers": {"user_id": author.id}, "message_id": message_id}

    amqp.send("posts.create", new_post(), reply_to="amq.rabbitmq.reply-to.gone.xx", **options)

    assert amqp.call("posts.create", new_post(), **options).code is None
    assert len(author.get("/api/posts/my").json()) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"\xff" * 1000, b"x" * (MIB + 1)],
    ids=["empty", "text", "bytes", "too large"],
)
def test_what_nobody_can_read_and_nobody_waits_for_stops_nobody(
    amqp: AmqpClient, body: bytes
) -> None:
    for name in ("posts.create", "posts.list"):
        for _ in range(3):
            amqp.send(
                name,
                body=body,
                message_id=None,
                correlation_id=None,
                reply_to=None,
                type="\0",
                content_type="x",
            )
