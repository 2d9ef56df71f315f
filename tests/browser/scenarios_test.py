"""Every function that a file in scenarios/ exports is a test: on a desktop, and on a phone without script.

Every page is looked at in the other ways, too: scenarios/every_page.js.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from support.browser import VARIANTS, Driver
from support.hostile import site_pages

SCENARIOS = Path(__file__).parent / "scenarios"
SCENARIO = re.compile(r"^export async function (\w+)\(", re.MULTILINE)
USUAL = ["desktop", "phone_no_script"]
CHOICE = re.compile(r"^export const variants = \[(.*)\];$", re.MULTILINE)


def scenarios() -> list[Any]:
    """(file, function, variant), by name; a file may say `export const variants = ["phone"];`."""
    found = []
    for file in sorted(SCENARIOS.glob("*.js")):
        text = file.read_text(encoding="utf-8")
        chosen = CHOICE.search(text)
        variants = re.findall(r'"(\w+)"', chosen.group(1)) if chosen else USUAL
        found += [
            pytest.param(file.name, name, variant, id=f"{file.stem}-{name}-{variant}")
            for name in SCENARIO.findall(text)
            for variant in variants
        ]
    return found


@pytest.mark.parametrize(("file", "name", "variant"), scenarios())
def test_browser(
    driver: Driver, world: dict[str, Any], file: str, name: str, variant: str
) -> None:
    failure = driver.play(file=file, name=name, variant=VARIANTS[variant], settings=world)

    assert failure is None, failure


def test_every_page_of_the_site_can_be_walked_to() -> None:
    """Of one that is not among them, support/hostile.py has to say what its number is the number of."""
    assert [page.path for page in site_pages() if page.has_template and not page.is_there] == []
