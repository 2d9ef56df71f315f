"""Each fault once, shortly: ./dev faults has them at length."""

from __future__ import annotations

import json

import pytest

from faults.registry import Fault, all_faults
from faults.suite import Suite


@pytest.mark.parametrize("fault", all_faults(), ids=lambda fault: fault.name)
def test_nothing_is_lost_or_doubled_or_slow(suite: Suite, fault: Fault) -> None:
    row = dict(suite.row(fault))

    problems, shares, logs = row.pop("problems"), row.pop("shares", {}), row.pop("logs", "")
    share = shares.get(fault.name, {"problems": problems})
    own = share["problems"]
    assert not own, "\n".join([f"seed {suite.seed}", json.dumps(row), *own[:30], logs])
    assert share["requests"] > 0, "nobody met the fault"
    assert share["effects"] > 0
