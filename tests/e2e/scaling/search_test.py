"""Searching may take long; it holds up no reader."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from support.staff import Staff
from support.stack import Stack
from support.waiting import wait_for


@contextmanager
def _locked(stack: Stack, table: str) -> Iterator[None]:
    """Nobody reads this table meanwhile."""
    command = ["psql", "-X", "-q", "-A", "-t", "-d", stack.database.url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        holder.stdin.write(f"BEGIN; LOCK TABLE {table}; SELECT 'held';\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.stdin.close()


def _waits(stack: Stack) -> list[dict[str, Any]]:
    """What the readers' connections wait for, and since when."""
    return stack.database.rows(
        "SELECT pid, query_start FROM pg_stat_activity"
        " WHERE application_name = 'query-service' AND wait_event_type = 'Lock'"
    )


def test_a_search_that_takes_long_holds_up_no_reader(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack().prepare()
    stack.settings["WORKERS"] = "1"
    stack.start_all()
    clerk = Staff(stack).clerk()
    clerk_id = Staff(stack).user(clerk.email)["id"]
    visitor = stack.visitor()
    amqp = stack.amqp()

    def is_answered_meanwhile() -> bool:
        amqp.send("operations.list_dead_letters", {}, headers={"user_id": clerk_id})
        before = wait_for(lambda: _waits(stack), "a search that waits")
        assert visitor.get("/api/posts").status_code == 200
        return _waits(stack) == before

    with _locked(stack, "dead_letters"):
        wait_for(is_answered_meanwhile, "an answer while the search goes on")
