"""Fixtures of the end-to-end tests: Postroom running, and people and programs that use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.amqp_client import AmqpClient
from support.contracts import Contracts
from support.http_client import Visitor
from support.machine import ROOT, Machine
from support.stack import Stack


@pytest.fixture(scope="session")
def machine() -> Machine:
    return Machine.from_environment()


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    return Contracts(ROOT)


@pytest.fixture(scope="session")
def shared_stack(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(machine, tmp_path_factory.mktemp("stack"))
    try:
        stack.prepare().start_all()
        yield stack
    finally:
        stack.close()


@pytest.fixture
def stack(shared_stack: Stack) -> Stack:
    """One of each service, shared by all tests that break nothing."""
    shared_stack.restore()
    return shared_stack


@pytest.fixture
def new_stack(machine: Machine, tmp_path: Path) -> Iterator[Callable[[], Stack]]:
    """Makes stacks of the test's own, with nothing in them yet."""
    stacks: list[Stack] = []

    def make() -> Stack:
        stacks.append(Stack(machine, tmp_path / f"stack-{len(stacks)}"))
        return stacks[-1]

    yield make
    for stack in stacks:
        stack.close()


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    """Nobody yet."""
    return stack.visitor()


@pytest.fixture
def author(stack: Stack) -> Visitor:
    """A user, signed in by cookie."""
    return stack.visitor().register()


@pytest.fixture
def reader(stack: Stack) -> Visitor:
    """Another user."""
    return stack.visitor().register()


@pytest.fixture
def amqp(stack: Stack) -> Iterator[AmqpClient]:
    client = stack.amqp()
    yield client
    client.close()
