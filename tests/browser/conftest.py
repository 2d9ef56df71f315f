"""Fixtures of the browser tests: Postroom running, and a browser that plays scenarios in it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from support.browser import Driver
from support.http_client import PASSWORD
from support.machine import Machine
from support.stack import Stack

DEAD_LETTERS = 12  # some of them are dropped


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    made = Driver(tmp_path_factory.mktemp("driver") / "log")
    yield made
    made.close()


@pytest.fixture(scope="session")
def browsed_stack(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One of their own: what other tests wrote is not on its pages."""
    stack = Stack(machine, tmp_path_factory.mktemp("browsed"))
    try:
        stack.prepare().start_all()
        yield stack
    finally:
        stack.close()


def known_person(stack: Stack, email: str, *options: str) -> dict[str, str]:
    """A user with these rights."""
    done = stack.postroom(
        "users", "create", "--password-stdin", *options, email, text=PASSWORD
    )
    assert done.returncode == 0, done.stderr
    return {"email": email, "password": PASSWORD}


@pytest.fixture(scope="session")
def world(browsed_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What every scenario is told. There are dead letters, too: commands for no post."""
    client = browsed_stack.amqp()
    user_id = browsed_stack.visitor().register("una@example.com").id
    for _ in range(DEAD_LETTERS):
        client.send(
            "posts.delete",
            {"post_id": 2**53 - 1},
            message_id=str(uuid.uuid4()),
            reply_to=None,
            headers={"user_id": user_id},
        )
    return {
        "url": browsed_stack.url,
        "staff": known_person(browsed_stack, "sam@example.com", "--staff"),
        "superuser": known_person(browsed_stack, "sue@example.com", "--superuser"),
        "pictures": os.environ.get("POSTROOM_PICTURES") or str(tmp_path_factory.mktemp("pictures")),
    }
