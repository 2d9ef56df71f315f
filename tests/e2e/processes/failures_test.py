"""Connections are lost, workers die: everything comes back by itself, and nothing happens twice."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.amqp_client import AmqpClient
from support.http_client import PASSWORD, new_post
from support.stack import Stack
from support.waiting import wait_for

BURST = 1500


@pytest.fixture
def own_stack(new_stack: Callable[[], Stack]) -> Stack:
    return new_stack().prepare().start_all()


@pytest.fixture
def background_traffic(own_stack: Stack) -> Iterator[list[int]]:
    """Somebody writes all the time; the statuses so far."""
    statuses: list[int] = []
    author = own_stack.visitor().register()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            statuses.append(author.post("/api/posts", new_post()).status_code)

    thread = threading.Thread(target=write)
    thread.start()
    yield statuses
    stop.set()
    thread.join()
    written = author.walk("/api/posts/my?limit=100")
    assert len(written) >= statuses.count(201)
    assert set(statuses) <= {201, 503}


def _pids(stack: Stack) -> list[int]:
    return [each.pid for each in stack.processes if each.is_alive]


def test_services_come_back_when_the_broker_has_cut_them_off(
    own_stack: Stack, background_traffic: list[int]
) -> None:
    before = _pids(own_stack)
    wait_for(lambda: 201 in background_traffic, "traffic")

    for _ in range(2):
        wait_for(own_stack.virtual_host.close_connections, "connections to close")
        own_stack.wait_until_serving()

    count = background_traffic.count(201)
    wait_for(lambda: background_traffic.count(201) > count + 5, "traffic again")
    assert _pids(own_stack) == before


def test_services_come_back_when_the_database_has_cut_them_off(
    own_stack: Stack, background_traffic: list[int]
) -> None:
    before = _pids(own_stack)
    wait_for(lambda: 201 in background_traffic, "traffic")

    for _ in range(3):
        assert own_stack.database.end_connections() > 0
        own_stack.wait_until_serving()

    count = background_traffic.count(201)
    wait_for(lambda: background_traffic.count(201) > count + 5, "traffic again")
    assert _pids(own_stack) == before


def test_every_acknowledged_command_has_one_effect_though_workers_are_killed(
    own_stack: Stack,
) -> None:
    own_stack.start("command-service")
    own_stack.wait_until_serving()
    author = own_stack.visitor().register()
    amqp = own_stack.amqp()

    keys = [
        amqp.send("posts.create", new_post(title=str(number)), headers={"user_id": author.id})
        for number in range(BURST)
    ]
    own_stack.of("command-service")[0].kill()
    wait_for(lambda: amqp.depth_of("command.posts.create") < BURST // 2, "half of it to be done")
    own_stack.of("command-service")[0].kill()
    assert amqp.depth_of("command.posts.create") > 0, "the burst was over before the last kill"
    own_stack.start("command-service")
    for key in keys:
        assert all(reply.code is None for reply in amqp.replies("posts.create", key))

    titles = [int(post["title"]) for post in author.walk("/api/posts/my?limit=100")]
    assert sorted(titles) == list(range(BURST))


def test_every_post_written_over_http_is_there_once_though_a_worker_is_killed(
    own_stack: Stack,
) -> None:
    own_stack.start("command-service")
    own_stack.wait_until_serving()
    author = own_stack.visitor().register()

    written = []
    for number in range(60):
        if number == 20:
            own_stack.of("command-service")[0].kill()
        response = author.post("/api/posts", new_post(title=str(number)))
        if response.status_code == 201:
            written.append(number)

    titles = [int(post["title"]) for post in author.walk("/api/posts/my?limit=100")]
    assert len(titles) == len(set(titles))
    assert set(written) <= set(titles)
    assert len(written) > 30


def test_a_gateway_that_was_killed_is_replaced_without_a_lost_session(own_stack: Stack) -> None:
    author = own_stack.visitor().register()
    (gateway,) = own_stack.of("gateway")

    gateway.kill()
    own_stack.start("gateway")  # connections have been waiting at the socket meanwhile

    own_stack.wait_until_serving()
    assert author.get("/api/me").json()["id"] == author.id


def test_what_a_dead_process_left_unsent_is_sent_by_the_scheduler(own_stack: Stack) -> None:
    author = own_stack.visitor().register()
    message_id = uuid.uuid4()

    own_stack.database.run(
        "INSERT INTO outbox (message_id, created_at, name, body) VALUES"
        f" ('{message_id}', now() - interval '10 s', 'users.send_registration_notification',"
        f" '{{\"user_id\": {author.id}}}')"
    )

    wait_for((own_stack.mail / f"{message_id}.eml").exists, "the mail")
    wait_for(lambda: not own_stack.database.rows("SELECT 1 FROM outbox"), "an empty outbox")


def test_what_the_broker_gives_up_is_kept_without_its_secrets(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare()
    scheduler = stack.start("scheduler")
    wait_for(lambda: _is_bound(stack, "users.login"), "the topology")
    amqp = stack.amqp()
    message_id = str(uuid.uuid4())
    fields = {"username": "a@example.com", "password": PASSWORD}

    amqp.send("users.login", fields, message_id=message_id)
    _refuse_one(amqp, "command.users.login")

    (letter,) = wait_for(lambda: _letters(stack), "the dead letter")
    assert letter["message_id"] == message_id
    assert letter["message"] == "users.login"
    assert json.loads(letter["body"])["username"] == "a@example.com"
    assert PASSWORD not in json.dumps(letter)
    assert scheduler.is_alive


def _is_bound(stack: Stack, name: str) -> bool:
    return name in {each["routing_key"] for each in stack.virtual_host.bindings()}


def _refuse_one(amqp: AmqpClient, queue: str) -> None:
    """As the broker does once its delivery limit is passed."""

    def refused() -> bool:
        method, _, _ = amqp.channel.basic_get(queue)
        if method is None:
            return False
        amqp.channel.basic_nack(method.delivery_tag, requeue=False)
        return True

    wait_for(refused, "the message")


def _letters(stack: Stack) -> list[dict[str, Any]]:
    return stack.database.rows("SELECT message_id, message, code, body, headers FROM dead_letters")


def test_a_session_that_has_expired_is_anonymous(own_stack: Stack) -> None:
    author = own_stack.visitor().register()

    own_stack.database.run(
        f"UPDATE sessions SET expires_at = now() - interval '1 s' WHERE user_id = {author.id}"
    )

    assert author.get("/api/me").status_code == 403
