"""Compiles each template in site/ and mail/ to `sample_<name>`: compile_samples.py <root> <output.c> <depfile>."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(sys.argv[1])
sys.path.insert(0, str(ROOT))

from common.template.compile import Compiler, Filter, Function
from common.template.compile.shapes import (
    Boolean,
    Choice,
    Field,
    Html,
    Integer,
    List,
    Struct,
    Text,
    Time,
)

HERE = "tests/common/template"
PERSON = Struct("sample_person", {"email": Field(Text()), "age": Field(Integer(), optional=True)})
ROW = Struct(
    "sample_row",
    {
        "id": Field(Integer()),
        "title": Field(Text()),
        "is_new": Field(Boolean()),
        "author": Field(PERSON),
    },
)
PAGE = Struct(
    "sample_page",
    {
        "text": Field(Text()),
        "other": Field(Text()),
        "html": Field(Html()),
        "number": Field(Integer()),
        "count": Field(Integer(), optional=True),
        "since": Field(Time()),
        "until": Field(Time(), optional=True),
        "is_open": Field(Boolean()),
        "colour": Field(Choice("colour", ["red", "dark_blue"])),
        "owner": Field(PERSON),
        "guest": Field(PERSON, optional=True),
        "friend": Field(PERSON, optional=True, pointer=True),
        "rows": Field(List(ROW)),
        "words": Field(List(Text())),
    },
)
FUNCTIONS = {"asset": Function(lambda name: f"/assets/{name}?a=1&b=2")}
FILTERS = {"shout": Filter(Text(), Html(), "sample_shout", include=f"{HERE}/sample_filter.h")}
KINDS = {"site": "html", "mail": "text", "subject": "line"}


def main() -> None:
    bodies, includes, files = [], {f"{HERE}/sample.h"}, set()
    for folder, kind in KINDS.items():
        compiler = Compiler(ROOT, [f"{HERE}/{folder}"], kind, FUNCTIONS, FILTERS)
        for place in sorted((ROOT / HERE / folder).glob("[!_]*")):
            made = compiler.compile(place.name, PAGE, f"sample_{place.stem}")
            bodies += [f"{made.prototype};", made.code]
            includes |= made.includes
            files.update(made.files)
    head = [f'#include "{each}"' for each in sorted(includes)]
    Path(sys.argv[2]).write_text("\n".join([*head, "", *bodies]), encoding="utf-8")
    inputs = [*sorted(files), *(f"common/template/compile/{p.name}" for p in (ROOT / "common/template/compile").glob("*.py"))]
    Path(sys.argv[3]).write_text(f"samples.c: {' '.join(str(ROOT / each) for each in inputs)}\n", encoding="utf-8")


main()
