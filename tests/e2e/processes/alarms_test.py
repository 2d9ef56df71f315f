"""A broker that takes nothing, or says nothing: who asks hears so at once, and nothing is lost."""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from faults.private_broker import PrivateBroker
from support.http_client import Visitor, new_post
from support.machine import Machine
from support.stack import Stack
from support.waiting import wait_for

PATIENCE_MS = 5000
AT_ONCE_S = 2.5  # sooner than any wait is over, on a busy machine, too


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBroker]:
    """One that nobody else suffers with."""
    private = PrivateBroker(tmp_path_factory.mktemp("private"))
    try:
        yield private.serve()
    finally:
        private.close()


@pytest.fixture
def stack(machine: Machine, broker: PrivateBroker, tmp_path: Path) -> Iterator[Stack]:
    own = dataclasses.replace(machine, amqp_url=broker.url, management_url=broker.management_url)
    stack = Stack(own, tmp_path / "stack")
    stack.settings["REPLY_TIMEOUT_MS"] = str(PATIENCE_MS)
    try:
        yield stack.prepare().start_all()
    finally:
        stack.close()


def _refused_at_once(visitor: Visitor) -> bool:
    """Is it told so before any wait could be over?"""
    begun = time.monotonic()
    response = visitor.get("/api/posts")
    is_quick = time.monotonic() - begun < AT_ONCE_S
    return response.status_code == 503 and is_quick and "Retry-After" in response.headers


@pytest.mark.parametrize("alarm", [PrivateBroker.memory_alarm, PrivateBroker.disk_alarm])
def test_what_a_broker_in_alarm_cannot_take_is_refused_at_once(
    stack: Stack,
    broker: PrivateBroker,
    alarm: Callable[[PrivateBroker], AbstractContextManager[None]],
) -> None:
    author = stack.visitor().register()

    with alarm(broker):
        wait_for(lambda: _refused_at_once(author), "refusals")
        refused = [author.post("/api/posts", new_post(title="refused")) for _ in range(20)]
        assert {response.status_code for response in refused} == {503}
        assert max(response.elapsed.total_seconds() for response in refused) < AT_ONCE_S

    stack.wait_until_serving()
    author.write(title="taken")
    titles = [post["title"] for post in author.walk("/api/posts/my")]
    assert titles == ["taken"]


def test_a_broker_that_is_silent_is_given_up_and_believed_again(
    stack: Stack, broker: PrivateBroker
) -> None:
    author = stack.visitor().register()
    keys = []

    def write() -> bool:
        """A post by a key of its own; is it refused by now?"""
        keys.append(str(uuid.uuid4()))
        response = author.post(
            "/api/posts", new_post(title=keys[-1]), headers={"Idempotency-Key": keys[-1]}
        )
        assert response.status_code in (201, 202, 503)
        statuses.append(response.status_code)
        return _refused_at_once(author)

    statuses: list[int] = []
    with broker.frozen():
        wait_for(write, "refusals")
        assert all(_refused_at_once(author) for _ in range(10))

    stack.wait_until_serving()
    written = {key for key, status in zip(keys, statuses, strict=True) if status != 503}
    wait_for(lambda: written == _titles(author), "what was accepted, and nothing else")


def _titles(author: Visitor) -> set[str]:
    titles = [post["title"] for post in author.walk("/api/posts/my?limit=100")]
    assert len(titles) == len(set(titles))
    return set(titles)
