"""Each handler is scaled by itself: more processes for one message, and for no other."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest

from support.amqp_client import AmqpClient
from support.http_client import PASSWORD, new_post
from support.stack import Stack
from support.waiting import wait_for

LOGIN = "command.users.login"


def _consumers(stack: Stack, amqp: AmqpClient) -> dict[str, int]:
    messages = stack.contracts.of_kind("command") + stack.contracts.of_kind("query")
    return {each.queue: amqp.consumers_of(each.queue) for each in messages}


def _served(stack: Stack, amqp: AmqpClient) -> set[str]:
    return {queue for queue, count in _consumers(stack, amqp).items() if count > 0}


def _median_ms(action: Callable[[], object], count: int) -> float:
    times = []
    for _ in range(count):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def test_more_processes_for_one_message_serve_that_queue_only(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare().start_all()
    amqp = stack.amqp()
    before = _consumers(stack, amqp)

    for _ in range(3):
        stack.start("command-service", "--handlers", "users.login")

    wait_for(lambda: amqp.consumers_of(LOGIN) == before[LOGIN] + 3, "three more consumers")
    assert _consumers(stack, amqp) == before | {LOGIN: before[LOGIN] + 3}


def test_a_burst_of_logins_does_not_hold_up_other_messages(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare().start_all()
    amqp = stack.amqp()
    user = stack.visitor().register()
    credentials = {"username": user.email, "password": PASSWORD}

    def create() -> None:
        assert amqp.call("posts.create", new_post(), headers={"user_id": user.id}).code is None

    def login() -> None:
        assert amqp.call("users.login", credentials).code is None

    for action in (create, login):
        _median_ms(action, 10)  # warm
    login_ms = _median_ms(login, 15)
    alone_ms = _median_ms(create, 40)

    for _ in range(400):
        amqp.send("users.login", credentials, reply_to=None)
    wait_for(lambda: amqp.depth_of(LOGIN) > 0, "the burst to arrive")
    burst_ms = _median_ms(create, 40)
    still_waiting = amqp.depth_of(LOGIN)
    amqp.channel.queue_purge(LOGIN)

    assert still_waiting > 0, "the burst was over before the measurement"
    assert burst_ms - alone_ms < login_ms, f"{alone_ms=} {burst_ms=} {login_ms=}"


@pytest.mark.parametrize(
    ("program", "globs", "served"),
    [
        ("command-service", "users.log*", {"command.users.login", "command.users.logout"}),
        ("command-service", "posts.create,users.login",
         {"command.posts.create", "command.users.login"}),
        ("command-service", "*.create", {"command.posts.create"}),
        ("query-service", "posts.*",
         {"query.posts.list", "query.posts.my", "query.posts.retrieve"}),
        ("query-service", "users.*,posts.create", {"query.users.me"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["setting", "argument"])
def test_a_service_serves_the_messages_it_is_told_to(
    new_stack: Callable[[], Stack], program: str, globs: str, served: set[str], way: str
) -> None:
    stack = new_stack().prepare()
    if way == "setting":
        stack.start(program, HANDLERS=globs)
    else:
        stack.start(program, "--handlers", globs, HANDLERS="users.logout")
    amqp = stack.amqp()

    wait_for(lambda: _queues_exist(stack) and _served(stack, amqp) >= served, "its consumers")

    assert _served(stack, amqp) == served


def _queues_exist(stack: Stack) -> bool:
    messages = stack.contracts.of_kind("command") + stack.contracts.of_kind("query")
    return {each.queue for each in messages} <= stack.virtual_host.queues().keys()
