"""Postroom broken on purpose: a suite that could not see that would be worth nothing."""

from __future__ import annotations

import pytest

from faults.registry import Fault, broken, find
from faults.suite import Suite

BROKEN = [
    (broken(find("ten copies at once"), "identity"), "doubled"),
    (broken(find("kill at after_commit"), "outbox"), "lost"),
    (broken(find("kill at before_commit"), "ack"), "lost"),
]


@pytest.mark.parametrize(
    ("fault", "expected"), BROKEN, ids=lambda value: getattr(value, "name", value)
)
def test_reports_loss_or_doubling(suite: Suite, fault: Fault, expected: str) -> None:
    row = suite.row(fault)

    assert row.get(expected, 0) > 0, row
