"""docker-compose.yml asks for what it must know, and the documents say how to tell it."""

from __future__ import annotations

import re

import pytest

from support.machine import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
NEEDED = sorted(set(re.findall(r"\$\{(\w+):\?\}", COMPOSE)))


def test_nothing_that_differs_between_machines_has_a_default() -> None:
    assert NEEDED == ["BROKER_PASSWORD", "DATABASE_PASSWORD", "EMAIL_URL", "SECRET_KEY"]
    assert not re.search(r"\$\{(?:%s)(?!:\?\})" % "|".join(NEEDED), COMPOSE)


@pytest.mark.parametrize("name", NEEDED)
def test_the_documents_name_what_it_needs(name: str) -> None:
    document = (ROOT / "docs/operations.md").read_text(encoding="utf-8")

    assert re.search(rf"^{name}=", document, re.MULTILINE)


@pytest.mark.parametrize("file", [".gitignore", ".dockerignore"])
def test_the_file_of_a_machine_stays_there(file: str) -> None:
    assert (ROOT / file).read_text(encoding="utf-8").splitlines()[0].lstrip("/") == ".env"
