"""Pieces of C: texts, structs, tables, and the rows that several tables share."""

from __future__ import annotations

import json
from typing import Any, Optional

from model import Enum, Message

from page_model import Input, Piece, Value

INDENT = "    "


def c_text(text: Optional[str]) -> str:
    return "NULL" if text is None else json.dumps(text, ensure_ascii=True)


def c_struct(parts: dict[str, str]) -> str:
    return "{" + ", ".join(f".{name} = {value}" for name, value in parts.items()) + "}"


def c_table(declaration: str, rows: list[str]) -> list[str]:
    """A const array, or nothing."""
    if not rows:
        return []
    return [f"static const {declaration}[] = {{", *[f"{INDENT}{row}," for row in rows], "};"]


def pointer(name: str, rows: list[Any]) -> str:
    return name if rows else "NULL"


def index(message: Message, name: str) -> str:
    return str([field.name for field in message.input.fields].index(name))


def contract(message: Optional[Message]) -> str:
    return "NULL" if message is None else f"&{message.prefix}_contract"


def value(place: Value) -> str:
    parts = {
        "offset": f"offsetof(struct {place.struct}, {place.path})",
        "presence_offset": "JSON_NO_PRESENCE",
        "kind": f"JSON_{place.field.kind.upper()}",
    }
    if place.field.has_presence:
        first, _, last = place.path.rpartition(".")
        member = f"{first}.has_{last}" if first else f"has_{last}"
        parts["presence_offset"] = f"offsetof(struct {place.struct}, {member})"
    if isinstance(place.field.type, Enum):
        parts["values"] = f"{place.field.type.name}_texts"
    return c_struct(parts)


def inputs(name: str, message: Message, given: list[Input]) -> list[str]:
    rows = [
        c_struct(
            {
                "field": index(message, each.field.name),
                "source": f"PAGE_{each.source.upper()}",
                "name": c_text(each.name),
            }
        )
        for each in given
    ]
    return c_table(f"struct page_input {name}", rows)


def piece(part: Piece) -> str:
    parts = {"kind": f"PIECE_{part.kind.upper()}", "text": c_text(part.text)}
    if part.value is not None:
        parts["value"] = value(part.value)
    return c_struct(parts)
