"""A copy of the tree to which is added what the documents say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from support.adding import LINKING, LIST, MESSAGE, PAGE, Added, blocks, build, compare, refuse
from support.clone import Clone
from support.machine import PROGRAMS, Machine
from support.stack import Stack


@pytest.fixture(scope="package")
def clone(machine: Machine) -> Iterator[Clone]:
    made = Clone(machine)
    yield made
    made.remove()


@pytest.fixture(scope="package")
def added_message(clone: Clone) -> Added:
    """The query posts.latest, built; first without its handler, which is refused."""
    before = clone.contents()
    (_, contract), (_, handler), (_, test) = blocks("add-a-message.md")
    clone.write(MESSAGE["json"], contract)
    listed = clone.read(LIST).replace("queries = [\n", "queries = [\n  'posts/latest',\n")
    clone.write(LIST, listed)
    refusal = refuse(clone)
    clone.write(MESSAGE["handler"], handler)
    clone.write(MESSAGE["test"], test)
    documents = ["contracts/openapi.json", "contracts/asyncapi.json", "tests/cli/documents_test"]
    build(clone, "tests/query/query_posts_latest_test", *documents, *PROGRAMS.values())
    return Added(clone, refusal, *compare(clone, before, LIST))


@pytest.fixture(scope="package")
def added_page(added_message: Added) -> Added:
    """The page of titles, built; first without a link to it, which is refused."""
    clone = added_message.clone
    before = clone.contents()
    (_, page), (_, template), (_, link), (_, test) = blocks("add-a-page.md")[:4]
    clone.write(PAGE["json"], page)
    clone.write(PAGE["html"], template)
    refusal = refuse(clone)
    clone.write(LINKING, clone.read(LINKING).replace("</h1>\n", f"</h1>\n{link}", 1))
    clone.write(PAGE["python"], test)
    build(clone, PROGRAMS["gateway"])
    return Added(clone, refusal, *compare(clone, before, LINKING))


@pytest.fixture(scope="package")
def stack(
    machine: Machine, added_page: Added, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """It has what was added."""
    clone = added_page.clone
    own = Stack(
        replace(machine, build=clone.build), tmp_path_factory.mktemp("stack"), source=clone.folder
    )
    try:
        yield own.prepare().start_all()
    finally:
        own.close()
