"""Too much at once is refused at once, and fairly: what is let in is answered."""

from __future__ import annotations

import http.client
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from support.http_client import RawResponse, raw_request
from support.process import Process
from support.stack import Stack
from support.waiting import wait_for

IN_FLIGHT_MAX = 16  # so little is left to a message even when nothing comes back
SECONDS = 60


class Asking:
    """One request on a connection of its own, written at once; the answer is read meanwhile."""

    def __init__(self, stack: Stack, token: str, path: str = "/api/posts") -> None:
        parts = urlsplit(stack.url)
        request = raw_request(
            stack.url, f"GET {path}", {"Authorization": f"Bearer {token}", "Connection": "close"}
        )
        self.answer: RawResponse | None = None
        self.seconds = 0.0
        self._connection = socket.create_connection((parts.hostname, parts.port), timeout=SECONDS)
        self._begun = time.monotonic()
        self._connection.sendall(request)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    @property
    def is_refused(self) -> bool:
        return self.answer is not None and self.answer.status == 503

    def status(self) -> int:
        """What it is answered in the end."""
        self._thread.join()
        assert self.answer is not None
        return self.answer.status

    def _read(self) -> None:
        with self._connection:
            received = http.client.HTTPResponse(self._connection, method="GET")
            received.begin()
            answer = RawResponse(received)
        self.seconds = time.monotonic() - self._begun
        self.answer = answer


def ask(stack: Stack, count: int, token: str | None = None) -> list[Asking]:
    """So many requests, of one caller or of as many."""
    return [Asking(stack, token or new_token()) for _ in range(count)]


def new_token() -> str:
    return secrets.token_urlsafe(32)


def refused(askings: list[Asking]) -> int:
    return sum(asking.is_refused for asking in askings)


@pytest.fixture
def busy_stack(new_stack: Callable[[], Stack]) -> Stack:
    """With little room, and time enough to look at it."""
    stack = new_stack().prepare()
    stack.settings |= {
        "IN_FLIGHT_MAX": str(IN_FLIGHT_MAX),
        "ROUTE_IN_FLIGHT_MAX": str(IN_FLIGHT_MAX),
        "REPLY_TIMEOUT_MS": "30000",
    }
    return stack.start_all()


@pytest.fixture
def stopped_service(busy_stack: Stack) -> Iterator[Process]:
    """Whoever answers queries does nothing, until told to go on."""
    (service,) = busy_stack.of("query-service")
    service.freeze()
    yield service
    service.signal(signal.SIGCONT)


def test_what_is_too_much_is_refused_at_once_and_the_rest_is_answered(
    busy_stack: Stack, stopped_service: Process
) -> None:
    surplus = 2 * IN_FLIGHT_MAX

    askings = ask(busy_stack, IN_FLIGHT_MAX + surplus)
    wait_for(lambda: refused(askings) == surplus, "the surplus to be refused")
    stopped_service.signal(signal.SIGCONT)

    statuses = [asking.status() for asking in askings]
    assert statuses.count(200) == IN_FLIGHT_MAX
    assert statuses.count(503) == surplus
    for asking in (each for each in askings if each.is_refused):
        assert int(asking.answer.headers["Retry-After"]) > 0
        assert asking.answer.json()["code"] == "unavailable"
    slowest = max(asking.seconds for asking in askings if asking.is_refused)
    print(f"slowest refusal: {slowest * 1000:.0f} ms")
    assert slowest < 1


def test_it_is_logged_once_a_second_at_most(busy_stack: Stack, stopped_service: Process) -> None:
    begun = time.monotonic()
    askings = ask(busy_stack, 4 * IN_FLIGHT_MAX)
    wait_for(lambda: refused(askings) == 3 * IN_FLIGHT_MAX, "the surplus to be refused")
    stopped_service.signal(signal.SIGCONT)
    for asking in askings:
        asking.status()

    (gateway,) = busy_stack.of("gateway")
    lines = [line for line in gateway.output.splitlines() if "event=overloaded" in line]
    assert 1 <= len(lines) <= 1 + (time.monotonic() - begun)
    assert "message=posts.list" in lines[0]


def test_nobody_can_keep_others_out(busy_stack: Stack, stopped_service: Process) -> None:
    hog = new_token()

    greedy = ask(busy_stack, 100, hog)
    wait_for(lambda: refused(greedy) == 100 - IN_FLIGHT_MAX // 2, "the greedy one to be refused")
    modest = ask(busy_stack, 3)
    (late,) = ask(busy_stack, 1, hog)
    wait_for(lambda: late.is_refused, "the greedy one to be refused again")
    assert refused(modest) == 0
    stopped_service.signal(signal.SIGCONT)

    assert [asking.status() for asking in modest] == [200, 200, 200]
    assert [asking.status() for asking in greedy].count(200) == IN_FLIGHT_MAX // 2


def test_one_alone_may_do_what_there_is_plenty_of_room_for(busy_stack: Stack) -> None:
    askings = ask(busy_stack, IN_FLIGHT_MAX // 2, new_token())

    assert {asking.status() for asking in askings} == {200}


def test_a_message_that_is_stuck_takes_no_room_from_others(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare()
    stack.settings |= {"ROUTE_IN_FLIGHT_MAX": str(IN_FLIGHT_MAX), "REPLY_TIMEOUT_MS": "30000"}
    for program in ("gateway", "command-service", "scheduler"):
        stack.start(program)
    stack.start("query-service", "--handlers", "users.me,posts.my,posts.retrieve")
    stuck = stack.start("query-service", "--handlers", "posts.list")
    stack.wait_until_serving()
    stuck.freeze()

    askings = ask(stack, 3 * IN_FLIGHT_MAX)
    wait_for(lambda: refused(askings) == 2 * IN_FLIGHT_MAX, "the surplus to be refused")
    assert stack.visitor().get("/api/me").status_code == 403
    stuck.signal(signal.SIGCONT)

    assert [asking.status() for asking in askings].count(200) == IN_FLIGHT_MAX
