"""Adding a message is cheap: what docs/add-a-message.md says, done to a copy of the tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from support.clone import Clone
from support.machine import PROGRAMS, ROOT, Machine
from support.stack import Stack

CONTRACT = "contracts/posts/latest.json"
HANDLER = "services/query/handlers/posts/latest.c"
TEST = "tests/query/posts/latest_test.c"
LIST = "contracts/meson.build"
BLOCK = re.compile(r"^```(json|c)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def clone(machine: Machine) -> Iterator[Clone]:
    made = Clone(machine)
    yield made
    made.remove()


def _document() -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / "docs/add-a-message.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def before(clone: Clone) -> dict[str, bytes]:
    return clone.contents()


@pytest.fixture(scope="module")
def refusal(clone: Clone, before: dict[str, bytes]) -> str:
    """What the build says when there is the contract and its line, but no handler."""
    ((_, contract),) = [block for block in _document() if block[0] == "json"]
    (clone.folder / CONTRACT).write_text(contract, encoding="utf-8")
    listed = (clone.folder / LIST).read_text(encoding="utf-8")
    listed = listed.replace("queries = [\n", "queries = [\n  'posts/latest',\n")
    (clone.folder / LIST).write_text(listed, encoding="utf-8")
    done = clone.setup()
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def extended(clone: Clone, refusal: str) -> Clone:
    """The copy with the query posts.latest, built."""
    (_, handler), (_, test) = [block for block in _document() if block[0] == "c"]
    for path, text in ((HANDLER, handler), (TEST, test)):
        (clone.folder / path).write_text(text, encoding="utf-8")
    done = clone.setup()
    assert done.returncode == 0, done.stdout
    documents = ["contracts/openapi.json", "contracts/asyncapi.json"]
    done = clone.call(
        "ninja", "-C", "build", "tests/query/query_posts_latest_test", *documents, *PROGRAMS.values()
    )
    assert done.returncode == 0, done.stdout
    return clone


@pytest.fixture(scope="module")
def stack(
    machine: Machine, extended: Clone, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    own = Stack(
        replace(machine, build=extended.build),
        tmp_path_factory.mktemp("stack"),
        source=extended.folder,
    )
    try:
        yield own.prepare().start_all()
    finally:
        own.close()


def test_the_build_names_the_handler_to_write(refusal: str) -> None:
    assert "posts_latest_handle" in refusal
    assert HANDLER in refusal


def test_its_own_test_passes(extended: Clone) -> None:
    done = extended.call(str(extended.build / "tests/query/query_posts_latest_test"))

    assert done.returncode == 0, done.stdout
    assert "100%" in done.stdout


def test_it_answers_over_http_over_amqp_and_on_the_command_line(stack: Stack) -> None:
    author = stack.visitor().register()
    author.write(status="draft")
    older, newer = author.write(), author.write()

    over_http = stack.visitor().get("/api/posts/latest?limit=1")
    over_amqp = stack.amqp().call("posts.latest", {"limit": 2})
    by_hand = stack.postroom("query", "posts.latest", "limit=1")

    assert [post["id"] for post in over_http.json()] == [newer["id"]]
    assert [post["id"] for post in over_amqp.fields["posts"]] == [newer["id"], older["id"]]
    assert [post["id"] for post in json.loads(by_hand.stdout)["posts"]] == [newer["id"]]
    wrong = stack.visitor().get("/api/posts/latest?limit=0&page=2")
    assert set(wrong.json()["errors"]) == {"limit", "page"}


def test_it_is_documented(extended: Clone) -> None:
    openapi = json.loads((extended.build / "contracts/openapi.json").read_text(encoding="utf-8"))
    asyncapi = (extended.build / "contracts/asyncapi.json").read_text(encoding="utf-8")

    assert "get" in openapi["paths"]["/api/posts/latest"]
    assert "posts.latest" in asyncapi


def test_no_other_file_was_touched(extended: Clone, before: dict[str, bytes]) -> None:
    after = extended.contents()

    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {CONTRACT, HANDLER, TEST, LIST}
    added = set(after[LIST].splitlines()) - set(before[LIST].splitlines())
    assert added == {b"  'posts/latest',"}


def test_the_document_names_these_files() -> None:
    text = (ROOT / "docs/add-a-message.md").read_text(encoding="utf-8")

    assert all(name in text for name in (CONTRACT, HANDLER, TEST, LIST))
    assert Path(ROOT / LIST).is_file()
