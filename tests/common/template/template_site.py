"""Templates of a test's own, and what they are given."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support.machine import ROOT

sys.path.insert(0, str(ROOT))

from common.template.compile import Compiler, Filter, Function, TemplateError
from common.template.compile.shapes import (
    Boolean,
    Choice,
    Field,
    Html,
    Integer,
    List,
    Opaque,
    Struct,
    Text,
    Time,
)

POST = Struct("post", {"id": Field(Integer()), "title": Field(Text()), "at": Field(Time())})
PAGE = Struct(
    "page",
    {
        "text": Field(Text()),
        "html": Field(Html()),
        "number": Field(Integer()),
        "count": Field(Integer(), optional=True),
        "at": Field(Time()),
        "is_open": Field(Boolean()),
        "state": Field(Choice("state", ["on", "off"])),
        "post": Field(POST),
        "posts": Field(List(POST)),
        "words": Field(List(Text())),
        "raw": Field(Opaque("it is raw JSON")),
    },
)


def no_asset(name: str) -> str:
    raise ValueError(f"there is no {name}")


class Site:
    """Templates of a test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "site").mkdir()

    def put(self, name: str, text: str) -> None:
        (self.root / "site" / name).write_text(text, encoding="utf-8")

    def compile(self, kind: str = "html", variables: Struct = PAGE) -> str:
        functions = {"asset": Function(no_asset), "twice": Function(lambda text: 2 * text)}
        filters = {"loud": Filter(Text(), Text(), "loud", include="loud.h")}
        compiler = Compiler(self.root, ["site"], kind, functions, filters)
        return compiler.compile("page.html", variables, "render_it").code

    def refusal(self, kind: str = "html") -> str:
        with pytest.raises(TemplateError) as caught:
            self.compile(kind)
        return str(caught.value)
