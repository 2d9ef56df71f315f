"""Sending e-mail may take long; it holds up nobody else."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from support.stack import Stack, address_of, listen
from support.waiting import wait_for

FAR_LESS_THAN_A_MAIL = 3.0  # seconds; the server below answers never


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """Takes connections, as its backlog does, and says nothing."""
    with listen() as server:
        yield server


def test_a_silent_mail_server_holds_up_no_other_message(
    new_stack: Callable[[], Stack], silent_server: socket.socket
) -> None:
    stack = new_stack().prepare()
    stack.settings["EMAIL_URL"] = f"smtp://{address_of(silent_server)}"
    stack.start_all()
    authors = [stack.visitor().register() for _ in range(6)]
    wait_for(lambda: _is_connected(silent_server), "the first mail")

    begun = time.monotonic()
    for author in authors:
        author.write()

    assert time.monotonic() - begun < FAR_LESS_THAN_A_MAIL


def _is_connected(server: socket.socket) -> bool:
    """Somebody is in the backlog, and is left there."""
    return server in select.select([server], [], [], 1)[0]
