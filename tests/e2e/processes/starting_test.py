"""Processes start in any order, wait for what they need, and end when they are asked to."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest
import requests

from support.http_client import new_post
from support.stack import SERVICES, Stack
from support.waiting import wait_for

SOON = 5


def _make(stack: Stack, what: str) -> None:
    if what == "virtual host":
        stack.virtual_host.create()
    elif what == "database":
        stack.database.create()
    else:
        assert stack.postroom("migrate").returncode == 0


@pytest.mark.parametrize(
    ("order", "services"),
    [
        (("virtual host", "database", "migrations"), SERVICES),
        (("database", "virtual host", "migrations"), SERVICES[::-1]),
        (("database", "migrations", "virtual host"), SERVICES),
    ],
    ids=["migrations last, services in order", "migrations last, services backwards",
         "broker last"],
)  # fmt: skip
def test_whatever_is_missing_is_waited_for(
    new_stack: Callable[[], Stack], order: tuple[str, ...], services: tuple[str, ...]
) -> None:
    stack = new_stack()
    processes = {service: stack.start(service) for service in services}

    for what in order:
        word = "vhost" if what == "virtual host" else "database"
        waiting = SERVICES if what == "virtual host" else SERVICES[1:]
        for service in waiting:
            process = processes[service]
            wait_for(lambda: word in process.output, f"{service} to say that it waits")
        assert all(process.is_alive for process in processes.values()), stack.logs()
        _make(stack, what)

    stack.wait_until_serving()
    user = stack.visitor().register()
    assert user.write()["author"]["id"] == user.id
    assert all(process.is_alive for process in processes.values())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_serving_process_soon_and_well(
    new_stack: Callable[[], Stack], number: int
) -> None:
    stack = new_stack().prepare().start_all()
    stack.visitor().register().write()

    for process in stack.processes:
        start = time.monotonic()
        process.signal(number)

        assert process.wait() == 0, process.output
        assert time.monotonic() - start < SOON, process.output


@pytest.mark.parametrize("service", SERVICES)
def test_a_signal_ends_a_waiting_process_as_well(
    new_stack: Callable[[], Stack], service: str
) -> None:
    process = new_stack().start(service)  # neither broker nor database is there
    wait_for(lambda: process.output, "it to say that it waits")
    start = time.monotonic()

    assert process.stop() == 0, process.output
    assert time.monotonic() - start < SOON, process.output


def test_a_message_that_nobody_serves_is_unavailable_at_once(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare()
    stack.start("gateway")
    visitor = stack.visitor()

    for method, path, fields in [
        ("GET", "/api/posts", None),
        ("GET", "/api/me", None),
        ("POST", "/api/posts", new_post()),
        ("POST", "/api/logout", None),
    ]:
        start = time.monotonic()
        response = visitor.request(method, path, json=fields)

        assert response.status_code == 503
        assert response.json()["code"] == "unavailable"
        assert int(response.headers["Retry-After"]) > 0
        assert time.monotonic() - start < 1


def test_only_the_messages_that_nobody_serves_are_unavailable(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare()
    stack.start("gateway", REPLY_TIMEOUT_MS="1000")
    query_service = stack.start("query-service", "--handlers", "posts.list")
    visitor = stack.visitor()

    wait_for(lambda: visitor.get("/api/posts").status_code == 200, "posts.list")
    assert visitor.get("/api/me").status_code == 503

    query_service.stop()
    wait_for(lambda: visitor.get("/api/posts").status_code == 503, "nobody to serve it")


def test_a_query_without_an_answer_is_unavailable_in_time(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare()
    stack.settings["REPLY_TIMEOUT_MS"] = "500"
    stack.start_all()
    (query_service,) = stack.of("query-service")

    query_service.freeze()
    try:
        start = time.monotonic()
        response = stack.visitor().get("/api/posts")
        waited = time.monotonic() - start
    finally:
        query_service.signal(signal.SIGCONT)

    assert response.status_code == 503
    assert 0.4 < waited < SOON
    stack.wait_until_serving()


def test_a_command_without_an_answer_in_time_is_pending_and_done_once(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare()
    stack.settings["REPLY_TIMEOUT_MS"] = "500"
    stack.start_all()
    author = stack.visitor().register()
    (command_service,) = stack.of("command-service")

    command_service.freeze()
    try:
        response = author.post("/api/posts", new_post())
    finally:
        command_service.signal(signal.SIGCONT)

    assert response.status_code == 202
    message_id = response.json()["id"].partition(".")[0]
    posts = wait_for(lambda: author.get("/api/posts/my").json(), "the post to be stored")
    again = stack.amqp().call(
        "posts.create", new_post(), headers={"user_id": author.id}, message_id=message_id
    )
    assert again.is_replayed
    assert [post["id"] for post in posts] == [again.fields["post"]["id"]]


def test_requests_at_the_gateway_are_answered_while_it_ends(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare().start_all()
    (gateway,) = stack.of("gateway")
    successor = stack.start("gateway")  # on the same listening socket
    wait_for(lambda: "broker_connected" in successor.output, "the second gateway")

    statuses = []
    for number in range(300):
        if number == 100:
            gateway.signal(signal.SIGTERM)
        response = requests.get(f"{stack.url}/api/posts", timeout=30)  # a new connection each
        statuses.append(response.status_code)

    assert set(statuses) == {200}
    assert gateway.wait() == 0
