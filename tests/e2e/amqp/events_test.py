"""What has happened is told to whoever listens, as CloudEvents, and by e-mail."""

from __future__ import annotations

import email
import email.policy
import uuid
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from support.amqp_client import AmqpClient
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack
from support.waiting import wait_for

Events = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def events(amqp: AmqpClient) -> Events:
    return amqp.subscribe("#")


def _await(amqp: AmqpClient, events: Events, name: str, data: dict[str, Any]) -> dict[str, Any]:
    """The one event of this name that says this."""

    def matching() -> list[dict[str, Any]]:
        amqp.listen()
        return [event for key, event in events if key == name and event["data"] == data]

    wait_for(matching, f"{name}: {data}")
    found = matching()
    assert len({event["id"] for event in found}) == 1
    return found[0]


def test_a_registration_is_told(stack: Stack, amqp: AmqpClient, events: Events) -> None:
    user = stack.visitor().register()

    data = {"user": {"id": user.id, "email": user.email, "is_staff": False}}
    _await(amqp, events, "users.registered", data)


def test_the_life_of_a_post_is_told(amqp: AmqpClient, events: Events, author: Visitor) -> None:
    post = author.write(status="draft")
    path = f"/api/posts/{post['id']}"
    changed = author.patch(path, {"title": "Other"}).json()
    author.delete(path)

    told = [
        _await(amqp, events, "posts.created", {"post": post}),
        _await(amqp, events, "posts.updated", {"post": changed}),
        _await(amqp, events, "posts.deleted", {"post_id": post["id"], "author_id": author.id}),
    ]
    assert len({event["id"] for event in told}) == 3


def test_an_event_comes_after_the_commit(
    amqp: AmqpClient, events: Events, author: Visitor, visitor: Visitor
) -> None:
    for number in range(10):
        amqp.send("posts.create", new_post(title=str(number)), headers={"user_id": author.id})

    seen = 0

    def all_seen() -> bool:
        nonlocal seen
        amqp.listen()
        for name, event in events[seen:]:
            if name == "posts.created":
                post = event["data"]["post"]
                assert visitor.get(f"/api/posts/{post['id']}").json() == post
        seen = len(events)
        return seen >= 10

    wait_for(all_seen, "ten events")


def test_what_fails_or_is_repeated_is_not_told(
    amqp: AmqpClient, events: Events, author: Visitor, reader: Visitor
) -> None:
    message_id = str(uuid.uuid4())
    for _ in range(3):
        amqp.call(
            "posts.create", new_post(), headers={"user_id": author.id}, message_id=message_id
        )
    amqp.call("posts.create", new_post(title=""), headers={"user_id": author.id})
    amqp.call("posts.create", new_post())
    last = reader.write()

    _await(amqp, events, "posts.created", {"post": last})
    mine = {event["id"] for _, event in events
            if event["data"].get("post", {}).get("author", {}).get("id") == author.id}  # fmt: skip
    assert len(mine) == 1


def _mails_to(stack: Stack, address: str) -> list[tuple[Path, EmailMessage]]:
    found = []
    for file in stack.mail.glob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if mail["To"].addresses[0].addr_spec == address:
            found.append((file, mail))
    return found


def test_a_new_user_gets_one_mail(stack: Stack, author: Visitor) -> None:
    ((file, mail),) = wait_for(lambda: _mails_to(stack, author.email), "the mail")

    message_id = uuid.UUID(file.stem)
    assert mail["Subject"] == "Successful registration"
    text = mail.get_body(("plain",))
    assert text and text.get_content().strip() == "You have successfully registered"
    assert str(message_id) in mail["Message-ID"]
    assert mail["From"] and mail["Date"]


def test_a_failed_registration_sends_none(stack: Stack, author: Visitor) -> None:
    fields = {"email": author.email, "password1": PASSWORD, "password2": PASSWORD}
    assert stack.visitor().post("/api/register", fields).status_code == 400

    later = stack.visitor().register()

    wait_for(lambda: _mails_to(stack, later.email), "the later mail")
    assert len(wait_for(lambda: _mails_to(stack, author.email), "the first mail")) == 1


def test_a_notification_sent_twice_is_one_mail(
    stack: Stack, amqp: AmqpClient, author: Visitor
) -> None:
    wait_for(lambda: _mails_to(stack, author.email), "the first mail")
    message_id = str(uuid.uuid4())

    for _ in range(2):
        amqp.call(
            "users.send_registration_notification", {"user_id": author.id}, message_id=message_id
        )

    files = {file.name for file, _ in _mails_to(stack, author.email)}
    assert f"{message_id}.eml" in files
    assert len(files) == 2


def test_an_unusual_address_gets_its_mail(stack: Stack) -> None:
    user = stack.visitor().register(f"o'neil+tag-{new_email()}")

    wait_for(lambda: _mails_to(stack, user.email), "the mail")
