"""The fast cut runs in ordinary builds: sanitizers have the rest of the tests to themselves."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.main import RATE
from faults.suite import Suite

BUILD = Path(os.environ.get("POSTROOM_BUILD", "build")).name
SLOW_BUILDS = ("build-asan", "build-tsan", "build-coverage")
collect_ignore = ["fast_cut_test.py", "broken_test.py"] if BUILD in SLOW_BUILDS else []


@pytest.fixture(scope="session")
def suite(request: pytest.FixtureRequest) -> Iterator[Suite]:
    """Runs the faults of all tests that were chosen, several at a time."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    chosen = [each["fault"] for each in parameters if "fault" in each]
    seed = os.environ.get("FAULTS_SEED") or str(secrets.randbelow(1_000_000))
    suite = Suite(chosen, "fast", seed, RATE)
    yield suite.start()
    suite.stop()
