"""The suite has a row for each fault, whatever becomes of its world."""

from __future__ import annotations

import pytest

from faults.registry import Fault, all_faults
from faults.suite import Suite


def test_a_world_that_cannot_be_made_is_a_row_with_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_suite: Suite, _group: list[Fault]) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Suite, "_run", refuse)
    faults = all_faults()[:3]
    suite = Suite(faults, "fast", "1", 1.0, lanes=1).start()

    rows = [suite.row(fault) for fault in faults]

    suite.stop()
    assert all("no room" in row["problems"][0] for row in rows)
