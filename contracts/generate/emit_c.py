"""C from the model: headers, descriptor tables, handler tables, routes."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import jinja2

from model import INTEGER_MAX, Catalogue, Enum, Field, Http, Message, Object

KINDS = {
    "string": "JSON_STRING",
    "time": "JSON_TIME",
    "integer": "JSON_INTEGER",
    "boolean": "JSON_BOOLEAN",
    "enum": "JSON_ENUM",
    "object": "JSON_OBJECT",
    "array": "JSON_ARRAY",
    "raw": "JSON_RAW",
}


def c_text(text: Any) -> str:
    """A C string literal; NULL for None."""
    return "NULL" if text is None else json.dumps(str(text))


def c_integer(value: int) -> str:
    if abs(value) == INTEGER_MAX:
        return "JSON_INTEGER_MAX" if value > 0 else "-JSON_INTEGER_MAX"
    return str(value) if abs(value) < 2**31 else f"INT64_C({value})"


def c_comment(text: str) -> str:
    """One comment for people, wrapped."""
    text = text.replace("*/", "* /")
    if len(text) <= 92:
        return f"/* {text} */"
    lines = textwrap.wrap(text, 96)
    return "/*\n" + "".join(f" * {line}\n" for line in lines) + " */"


def members(owner: Object) -> list[str]:
    """The lines of the C struct."""
    lines = [] if owner.fields else ["char unused_;"]
    for field in owner.fields:
        if field.has_presence:
            lines.append(f"bool has_{field.name};")
        lines.append(declaration(field))
        if field.kind == "array":
            lines.append(f"size_t {field.name}_count;")
    return lines


def declaration(field: Field) -> str:
    if field.kind == "string":
        return f"const char *{field.name};"
    if field.kind == "boolean":
        return f"bool {field.name};"
    if field.kind == "raw":
        return f"struct json_slice {field.name};"
    if isinstance(field.type, Enum):
        return f"enum {field.type.name} {field.name};"
    if isinstance(field.type, Object):
        return f"struct {field.type.name} {'*' if field.kind == 'array' else ''}{field.name};"
    return f"int64_t {field.name};"


def initialiser(field: Field, owner: Object) -> str:
    """A `struct json_field`."""
    struct = f"struct {owner.name}"
    parts = {
        "name": c_text(field.name),
        "name_size": str(len(field.name)),
        "kind": KINDS[field.kind],
        "index": str(field.index),
        "flags": flags(field),
        "offset": f"offsetof({struct}, {field.name})",
        "presence_offset": "JSON_NO_PRESENCE",
        "minimum": c_integer(field.minimum),
        "maximum": c_integer(field.maximum),
    }
    if field.has_presence:
        parts["presence_offset"] = f"offsetof({struct}, has_{field.name})"
    if field.kind == "array":
        parts["count_offset"] = f"offsetof({struct}, {field.name}_count)"
    if field.format:
        parts["format"] = f"JSON_FORMAT_{field.format.upper()}"
    if isinstance(field.type, Enum):
        parts["values"] = f"{field.type.name}_texts"
        parts["value_count"] = str(len(field.type.values))
        if field.has_default:
            parts["default_integer"] = str(field.type.values.index(field.default) + 1)
    elif isinstance(field.type, Object):
        parts["object"] = f"&{field.type.name}_object"
    elif field.has_default and field.kind == "string":
        parts["default_text"] = c_text(field.default)
    elif field.has_default:
        parts["default_integer"] = c_integer(int(field.default))
    return "{" + ", ".join(f".{name} = {value}" for name, value in parts.items()) + "}"


def flags(field: Field) -> str:
    names = {
        "JSON_REQUIRED": field.required,
        "JSON_NULLABLE": field.nullable,
        "JSON_SECRET": field.secret,
        "JSON_NOT_BLANK": field.not_blank,
        "JSON_HAS_DEFAULT": field.has_default,
    }
    return " | ".join(name for name, is_set in names.items() if is_set) or "0"


def view(message: Message, http: Http) -> dict[str, Any]:
    """What of the result the body shows: see struct http_binding."""
    assert message.result is not None
    if not http.has_body:
        return {"shown": "NULL", "whole": False, "members": None, "owner": message.result}
    owner = message.result if http.shown_field is None else http.shown_field.type
    assert isinstance(owner, Object)
    if http.shown_members is None:
        return {"shown": f"&{owner.name}_object", "whole": True, "members": None, "owner": owner}
    return {
        "shown": f"&{message.prefix}_view",
        "whole": http.shown_members == owner.fields,
        "members": http.shown_members,
        "owner": owner,
    }


def environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.filters.update(c_text=c_text, c_comment=c_comment)
    made.globals.update(members=members, initialiser=initialiser, view=view)
    return made


def emit(catalogue: Catalogue) -> dict[str, str]:
    """The C files by name."""
    templates = environment()

    def render(template: str, **values: Any) -> str:
        return templates.get_template(template).render(catalogue=catalogue, **values)

    files = {
        "contracts.c": render("contracts.c.j2"),
        "models.h": render("models.h.j2"),
        "routes.c": render("routes.c.j2"),
        "routes.h": render("routes.h.j2"),
    }
    for kind in ("command", "query"):
        files[f"{kind}_handlers.c"] = render("handlers.c.j2", kind=kind)
        files[f"{kind}_handlers.h"] = render("handlers.h.j2", kind=kind)
    for message in catalogue.messages:
        files[f"{message.prefix}.h"] = render("message.h.j2", message=message)
    return files
