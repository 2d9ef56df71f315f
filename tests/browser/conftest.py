"""Fixtures of the browser tests: Postroom running, and a browser that plays scenarios in it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from support.browser import Driver
from support.hostile import SitePage, site_pages
from support.http_client import PASSWORD
from support.machine import Machine
from support.stack import Stack
from support.waiting import wait_for

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


def statuses_of(page: SitePage) -> dict[str, int]:
    """What each of them gets; 302: is asked to log in."""
    is_of_somebody = page.user == "required" and "{" in page.path
    return {
        "visitor": 200 if page.user == "optional" else 302,
        "user": 403 if page.user == "staff" else 200,
        "staff": 404 if is_of_somebody else 200,
    }


def pages_to_walk(numbers: dict[str, Any]) -> list[dict[str, Any]]:
    """All pages that can be seen, by path."""
    return [
        {"path": page.address(numbers), "user": page.user, "statuses": statuses_of(page)}
        for page in site_pages()
        if page.has_template
    ]


def dead_letters(stack: Stack, user_id: int) -> list[int]:
    """Commands for no post; their numbers."""
    client = stack.amqp()
    for _ in range(DEAD_LETTERS):
        client.send(
            "posts.delete",
            {"post_id": 2**53 - 1},
            message_id=str(uuid.uuid4()),
            reply_to=None,
            headers={"user_id": user_id},
        )

    def letters() -> list[int]:
        rows = stack.database.rows("SELECT id FROM dead_letters ORDER BY id")
        return [row["id"] for row in rows] if len(rows) == DEAD_LETTERS else []

    return wait_for(letters, "the dead letters", 60)


@pytest.fixture(scope="session")
def world(browsed_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What every scenario is told."""
    author = browsed_stack.visitor().register("una@example.com")
    letters = dead_letters(browsed_stack, author.id)
    numbers = {
        "post": author.write(content="Some **bold** text.")["id"],
        "user": author.id,
        "letter": letters[len(letters) // 2],  # the first and the last are sent again and dropped
        "command": browsed_stack.signed_id(str(uuid.uuid4())),
    }
    return {
        "url": browsed_stack.url,
        "author": {"email": author.email, "password": PASSWORD},
        "staff": known_person(browsed_stack, "sam@example.com", "--staff"),
        "superuser": known_person(browsed_stack, "sue@example.com", "--superuser"),
        "pages": pages_to_walk(numbers),
        "pictures": os.environ.get("POSTROOM_PICTURES") or str(tmp_path_factory.mktemp("pictures")),
    }
