"""Several members of the staff change the same rows at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from support.staff import Staff
from support.stack import Stack

ROUNDS = 10
ROWS = 60


def _references(ids: list[int]) -> list[dict[str, Any]]:
    return [{"id": each} for each in ids]


def test_changes_of_the_same_posts_in_any_order_do_not_block_each_other_for_good(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare()
    stack.settings["WORKERS"] = "4"
    stack.start_all()
    clerk = Staff(stack).user(Staff(stack).clerk().email)["id"]
    author = stack.visitor().register()
    posts = [author.write(status="draft")["id"] for _ in range(ROWS)]
    amqp = stack.amqp()

    sent = []
    for _ in range(ROUNDS):
        for order in (posts, posts[::-1]):
            for action in ("publish", "withdraw"):
                fields = {"posts": _references(order), "action": action}
                sent.append(
                    amqp.send("admin.change_posts", fields, headers={"user_id": clerk})
                )

    for each in sent:
        assert amqp.replies("admin.change_posts", each)[0].code is None
    counted = stack.database.rows(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    assert counted == [{"deadlocks": 0}]
