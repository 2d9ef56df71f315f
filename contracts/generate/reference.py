"""The reference page: every message, model and error, for people."""

from __future__ import annotations

import json
from typing import Optional

from emit_c import environment
from model import INTEGER_MAX, Catalogue, Enum, Field, Message, Object
from schema import sample_object


def type_text(field: Field) -> str:
    """The type of a field in a few words."""
    if isinstance(field.type, Enum):
        text = " or ".join(f"`{value}`" for value in field.type.values)
    elif isinstance(field.type, Object):
        name = f"[{field.type.name}](#{field.type.name})"
        text = f"array of {name}" if field.kind == "array" else name
    else:
        string = {"email": "e-mail address", "uuid": "UUID"}.get(field.format, "string")
        text = {"time": "date and time", "string": string, "raw": "object"}.get(
            field.kind, field.kind
        )
    return f"{text} or null" if field.nullable else text


def limits_text(field: Field) -> str:
    units = {"string": " characters", "array": " elements", "integer": ""}
    texts = []
    if field.kind in units:
        least = None if field.minimum in (0, -INTEGER_MAX) else field.minimum
        most = None if field.maximum == INTEGER_MAX else field.maximum
        texts = [range_text(least, most, units[field.kind])]
    texts += ["not blank"] if field.not_blank else []
    texts += ["secret"] if field.secret else []
    texts += [f"default `{str(field.default).lower()}`"] if field.has_default else []
    return ", ".join(text for text in texts if text)


def range_text(least: Optional[int], most: Optional[int], unit: str) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return f"at least {least}{unit}"
    return f"at most {most}{unit}" if least is None else f"{least}–{most}{unit}"


def example_text(owner: Object) -> str:
    return json.dumps(sample_object(owner.fields), indent=2, ensure_ascii=False)


def route_text(message: Message) -> str:
    http = message.http
    if http is None:
        return "not over HTTP" if message.kind != "event" else ""
    query = "&".join(f"{field.name}=" for field in http.query_fields)
    return f"{http.method} `{http.path}{'?' + query if query else ''}` → {http.success}"


def document(catalogue: Catalogue) -> str:
    templates = environment()
    templates.globals.update(
        type_text=type_text,
        limits_text=limits_text,
        route_text=route_text,
        example_text=example_text,
    )
    return templates.get_template("reference.md.j2").render(catalogue=catalogue)
