"""What people see while something is wrong is as good to look at as the rest."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from support.browser import VARIANTS, Driver
from support.stack import Stack, address_of, listen

USUAL = ["desktop", "phone_no_script"]


@pytest.fixture(scope="module", name="hasty_world")
def _hasty_world(browsed_stack: Stack, world: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same by a gateway that waits for no reply longer than a second."""
    with listen() as listener:
        gateway = browsed_stack.start("gateway", listener=listener, REPLY_TIMEOUT_MS="1000")
        url = f"http://{address_of(listener)}"
        browsed_stack.wait_until_serving(url)
        yield world | {"url": url}
        assert gateway.stop() == 0


@contextmanager
def _standing_still(stack: Stack, program: str) -> Iterator[None]:
    processes = stack.of(program)
    for process in processes:
        process.freeze()
    try:
        yield
    finally:
        for process in processes:
            process.signal(signal.SIGCONT)


def _look(driver: Driver, name: str, variant: str, settings: dict[str, Any]) -> None:
    failure = driver.play(
        file="../harness/look.js", name=name, variant=VARIANTS[variant], settings=settings
    )

    assert failure is None, failure


@pytest.mark.parametrize("variant", USUAL)
def test_a_page_that_nobody_answers(
    driver: Driver, browsed_stack: Stack, hasty_world: dict[str, Any], variant: str
) -> None:
    with _standing_still(browsed_stack, "query-service"):
        _look(driver, "look", variant, hasty_world | {"page": "/", "status": 503})


@pytest.mark.parametrize("variant", USUAL)
def test_a_form_that_takes_its_time(
    driver: Driver, browsed_stack: Stack, hasty_world: dict[str, Any], variant: str
) -> None:
    with _standing_still(browsed_stack, "command-service"):
        _look(driver, "waits", variant, hasty_world)


@pytest.mark.parametrize("variant", USUAL)
def test_a_page_that_fails(
    driver: Driver, browsed_stack: Stack, world: dict[str, Any], variant: str
) -> None:
    browsed_stack.database.run("ALTER TABLE posts RENAME TO hidden_posts")
    try:
        _look(driver, "look", variant, world | {"page": "/", "status": 500})
    finally:
        browsed_stack.database.run("ALTER TABLE hidden_posts RENAME TO posts")
