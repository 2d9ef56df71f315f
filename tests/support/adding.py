"""Following a document word for word in a copy of the tree, and seeing what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from support.clone import Clone
from support.machine import ROOT

BLOCK = re.compile(r"^```(json|c|html|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LIST = "contracts/meson.build"
MESSAGE = {
    "json": "contracts/posts/latest.json",
    "handler": "services/query/handlers/posts/latest.c",
    "test": "tests/query/posts/latest_test.c",
}
SITE = "services/gateway/pages/site"
PAGE = {
    "json": f"{SITE}/titles.json",
    "html": f"{SITE}/titles.html",
    "python": "tests/e2e/pages/titles_pages_test.py",
}
LINKING = f"{SITE}/posts/list.html"


@dataclass
class Added:
    """The copy, and how it got there."""

    clone: Clone
    refusal: str  # what the build said in between
    changed: set[str]  # files
    lines: set[str]  # that the lists got


def blocks(name: str) -> list[tuple[str, str]]:
    """The pieces of code in a document, in their order, with their languages."""
    return BLOCK.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))


def refuse(clone: Clone) -> str:
    """What the build says against it."""
    done = clone.setup()
    assert done.returncode != 0
    return done.stdout + done.stderr


def build(clone: Clone, *targets: str) -> None:
    done = clone.setup()
    assert done.returncode == 0, done.stdout
    done = clone.call("ninja", "-C", "build", *targets)
    assert done.returncode == 0, done.stdout


def compare(clone: Clone, before: dict[str, bytes], *lists: str) -> tuple[set[str], set[str]]:
    """The files that are not as before, and the lines that these have got."""
    after = clone.contents()
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    lines = {line for name in lists for line in {*after[name].split(b"\n")} - {*before[name].split(b"\n")}}
    return changed, {line.decode() for line in lines}
