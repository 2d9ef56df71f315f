"""A copy of the tree with `./dev run` in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.clone import Clone, DevRun
from support.machine import Machine


@pytest.fixture(scope="package")
def clone(machine: Machine) -> Iterator[Clone]:
    made = Clone(machine)
    yield made
    made.remove()


@pytest.fixture(scope="package")
def dev_run(clone: Clone) -> Iterator[DevRun]:
    """Everything, as somebody has it who has just started."""
    run = DevRun(clone)
    yield run
    run.interrupt()
