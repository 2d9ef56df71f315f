"""docs/guarantees.md: every promise names what holds it up, and that is there."""

from __future__ import annotations

import re

import pytest
from support.machine import ROOT

DOCUMENT = ROOT / "docs/guarantees.md"
REFERENCE = re.compile(r"`([^`]+)`")


def promises() -> list[tuple[str, str]]:
    """The rows of its tables: the promise, and what it names."""
    rows = []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        is_row = line.startswith("|") and not set(line) <= set("|-: ")
        if is_row and len(cells) == 2 and cells[1] != "held up by":
            rows.append((cells[0], cells[1]))
    return rows


def is_there(reference: str) -> bool:
    """Is there a test, or a fault of the fault suite, of this name?"""
    if reference.startswith("fault: "):
        return f"| {reference.removeprefix('fault: ')} |" in read("docs/faults.md")
    path, _, name = reference.partition("::")
    text = read(path)
    return f"def {name}(" in text or f"START_TEST({name})" in text


def read(path: str) -> str:
    place = ROOT / path
    return place.read_text(encoding="utf-8") if place.is_file() else ""


def test_there_are_promises() -> None:
    assert len(promises()) >= 20


@pytest.mark.parametrize(("promise", "names"), promises(), ids=lambda text: text[:60])
def test_a_promise_is_held_up(promise: str, names: str) -> None:
    references = REFERENCE.findall(names)

    assert references, f"nothing holds up: {promise}"
    missing = [each for each in references if not is_there(each)]
    assert not missing, f"not there: {missing}"


def test_each_sentence_is_a_promise_of_its_own() -> None:
    several = [promise for promise, _ in promises() if re.search(r"[.!?] [A-Z]", promise)]

    assert not several
