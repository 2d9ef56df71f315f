"""docs/http.md lists each page, and what its query string may hold."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from support.machine import ROOT

SITE = ROOT / "services/gateway/pages/site"
CODE = re.compile(r"`([^`]*)`")


def listed() -> dict[str, set[str]]:
    """Paths of the table "Pages" with the names in their query strings."""
    document = (ROOT / "docs/http.md").read_text(encoding="utf-8")
    table = re.search(r"^## Pages\n\n((?:\|.*\n)+)", document, re.MULTILINE)
    assert table is not None
    pages: dict[str, set[str]] = {}
    for row in table[1].splitlines()[2:]:
        path = ""
        for code in CODE.findall(row.split("|")[1]):
            if code.startswith("?"):
                pages[path] = set(re.findall(r"(\w+)=", code)) - {"next"}  # any form may have that
            else:
                path = code
                pages[path] = set()
    return pages


def texts(value: Any) -> list[str]:
    """All texts in a JSON value."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


def parameters(page: dict[str, Any]) -> set[str]:
    named = {text.removeprefix("query.") for text in texts(page) if text.startswith("query.")}
    return named | set(page.get("query", []))


def read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))


def test_each_page_is_in_the_table_with_its_parameters() -> None:
    pages = [read(file) for file in SITE.rglob("*.json") if file.name != "notices.json"]

    assert listed() == {page["path"]: parameters(page) for page in pages}
