"""Fixtures of the browser tests: Postroom running, and a browser that plays scenarios in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from support.browser import Driver
from support.http_client import PASSWORD, new_email
from support.machine import Machine
from support.stack import Stack


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


def known_person(stack: Stack, *options: str) -> dict[str, str]:
    """A user with these rights."""
    email = new_email()
    done = stack.postroom(
        "users", "create", "--password-stdin", *options, email, text=PASSWORD
    )
    assert done.returncode == 0, done.stderr
    return {"email": email, "password": PASSWORD}


@pytest.fixture(scope="session")
def world(browsed_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What every scenario is told."""
    return {
        "url": browsed_stack.url,
        "staff": known_person(browsed_stack, "--staff"),
        "superuser": known_person(browsed_stack, "--superuser"),
        "pictures": os.environ.get("POSTROOM_PICTURES") or str(tmp_path_factory.mktemp("pictures")),
    }
