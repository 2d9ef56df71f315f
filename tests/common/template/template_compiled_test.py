"""What the compiler of templates tells of what it has made, and how it reads contracts."""

from __future__ import annotations

from pathlib import Path

import pytest

from template_site import PAGE, Site  # first: it knows where the compiler is

from common.template.compile import Compiler
from common.template.compile.contract_shapes import shape_of
from common.template.compile.shapes import Choice, Field, List, Opaque, Struct, Text, Time


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_tells_what_was_used_and_read(site: Site) -> None:
    site.put("page.html", '{% include "part.html" %}{{ post.title }}')
    site.put("part.html", "{% for each in posts %}{{ each.id }}{% endfor %}")

    made = Compiler(site.root, ["site"]).compile("page.html", PAGE, "render_it")

    assert made.used == {"post", "post.title", "posts", "posts[]", "posts[].id"}
    assert sorted(made.files) == ["site/page.html", "site/part.html"]
    assert made.prototype == "void render_it(struct render *render, const struct page *page)"


def test_reads_shapes_from_contracts() -> None:
    class Contract:
        """As in contracts/generate/model.py."""

        def __init__(self, **values: object) -> None:
            self.__dict__.update(values)

    def field(name: str, kind: str, **values: object) -> Contract:
        known = {"required": True, "nullable": False, "type": None}
        return Contract(name=name, kind=kind, **(known | values))

    state = Contract(name="state", values=["on", "off"], has_labels=False)
    inner = Contract(name="inner", fields=[field("at", "time", nullable=True)])
    fields = [
        field("title", "string"),
        field("state", "enum", type=state),
        field("inner", "object", required=False, type=inner),
        field("all", "array", type=inner),
        field("raw", "raw"),
    ]

    shape = shape_of(Contract(name="outer", fields=fields))

    known = Struct("inner", {"at": Field(Time(), optional=True)})
    assert shape == Struct(
        "outer",
        {
            "title": Field(Text()),
            "state": Field(Choice("state", ["on", "off"], has_labels=False)),
            "inner": Field(known, optional=True),
            "all": Field(List(known)),
            "raw": Field(Opaque("it is raw JSON")),
        },
    )
