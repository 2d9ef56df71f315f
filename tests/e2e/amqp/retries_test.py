"""What meets with passing trouble is put off, comes back, and is never silently dropped."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable, Iterator

import pika
import pytest

from support.http_client import Visitor
from support.stack import Stack, address_of, listen
from support.waiting import wait_for

NOTIFICATION = "users.send_registration_notification"
LAST_RETRY = 9
DRAIN_SECONDS = 10
STUCK = 70  # of sysexits.h: what it was doing could not be waited for


@pytest.fixture
def mailless_stack(new_stack: Callable[[], Stack]) -> Stack:
    """No e-mail can be written until its folder is there; the waits are short."""
    stack = new_stack().prepare()
    stack.settings["RETRY_WAIT_MS"] = "50"
    stack.start_all()
    stack.mail.rename(stack.folder / "away")
    return stack


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """Takes connections, as its backlog does, and says nothing."""
    with listen() as server:
        yield server


@pytest.fixture
def someone(mailless_stack: Stack) -> Visitor:
    return mailless_stack.visitor().register()


def _log(stack: Stack) -> str:
    (service,) = stack.of("command-service")
    return service.output


def test_a_command_waits_on_the_ladder_until_it_can_be_done(
    mailless_stack: Stack, someone: Visitor
) -> None:
    amqp = mailless_stack.amqp()
    message_id = str(uuid.uuid4())
    key = amqp.send(
        NOTIFICATION, {"user_id": someone.id}, message_id=message_id, delivery_mode=2, headers={}
    )
    wait_for(
        lambda: f"message_id={message_id} tries=3 retries=1" in _log(mailless_stack),
        "the second time that it is put off",
    )

    mailless_stack.mail.mkdir()

    assert amqp.replies(NOTIFICATION, key)[0].fields == {}
    assert (mailless_stack.mail / f"{message_id}.eml").exists()
    assert amqp.depth_of(f"command.{NOTIFICATION}") == 0


def test_a_command_that_was_put_off_too_often_is_kept_and_answered(
    mailless_stack: Stack, someone: Visitor
) -> None:
    amqp = mailless_stack.amqp()
    message_id = str(uuid.uuid4())

    reply = amqp.call(
        NOTIFICATION,
        {"user_id": someone.id},
        message_id=message_id,
        headers={"retries": LAST_RETRY},
    )

    assert reply.code == "unavailable"
    letters = mailless_stack.database.rows(
        f"SELECT code FROM dead_letters WHERE message_id = '{message_id}'"
    )
    assert [each["code"] for each in letters] == ["unavailable"]


def test_a_stopping_service_leaves_what_waits_to_the_next(
    mailless_stack: Stack, someone: Visitor
) -> None:
    amqp = mailless_stack.amqp()
    message_id = str(uuid.uuid4())
    key = amqp.send(
        NOTIFICATION, {"user_id": someone.id}, message_id=message_id, delivery_mode=2, headers={}
    )
    wait_for(lambda: message_id in _log(mailless_stack), "the first try")
    (service,) = mailless_stack.of("command-service")

    assert service.stop() == 0
    mailless_stack.mail.mkdir()
    mailless_stack.start("command-service")

    assert amqp.replies(NOTIFICATION, key)[0].fields == {}
    assert (mailless_stack.mail / f"{message_id}.eml").exists()


def test_a_stopping_service_waits_for_no_silent_mail_server(
    new_stack: Callable[[], Stack], silent_server: socket.socket
) -> None:
    stack = new_stack().prepare()
    stack.settings["EMAIL_URL"] = f"smtp://{address_of(silent_server)}"
    stack.start_all()
    author = stack.visitor().register()
    silent_server.settimeout(30)
    connection, _ = silent_server.accept()
    (service,) = stack.of("command-service")
    service.is_expected_to_fail = True

    with connection:
        assert service.stop(DRAIN_SECONDS) in (0, STUCK)
        successor = stack.start("command-service")
        wait_for(lambda: "event=consuming" in successor.output, "the successor to be at work")

    assert author.get("/api/me").status_code == 200


def test_what_has_no_queue_to_come_back_to_is_kept_and_holds_up_nobody(
    mailless_stack: Stack, someone: Visitor
) -> None:
    amqp = mailless_stack.amqp()
    for _ in range(40):  # more than the broker would hold on to
        properties = pika.BasicProperties(message_id=str(uuid.uuid4()), delivery_mode=2, expiration="50")
        amqp.channel.basic_publish("postroom.retry.1", "command.nothing", b"{}", properties)
    key = amqp.send(NOTIFICATION, {"user_id": someone.id}, delivery_mode=2, headers={})
    wait_for(lambda: "retries=1" in _log(mailless_stack), "the second time that it is put off")
    mailless_stack.mail.mkdir()

    assert amqp.replies(NOTIFICATION, key)[0].fields == {}
    wait_for(
        lambda: len(mailless_stack.database.rows("SELECT * FROM dead_letters")) == 40,
        "the dead letters",
    )
    [reason] = mailless_stack.database.rows("SELECT DISTINCT code, detail FROM dead_letters")
    assert reason["code"] == "internal"
    assert "command.nothing" in reason["detail"]
