"""JSON Schemas and examples from the model, for the documents."""

from __future__ import annotations

from typing import Any, Iterable, Optional

from load import Schema
from model import Catalogue, Enum, Field, Object

MOMENT = "2024-01-31T12:00:00.000000Z"


def refer(name: str) -> str:
    return f"#/components/schemas/{name}"


def of_object(owner: Object, only: Optional[Iterable[Field]] = None) -> Schema:
    """The whole object, or the part of it that has `only` these fields."""
    fields = owner.fields if only is None else list(only)
    schema: Schema = {"type": "object"}
    if only is None:
        schema |= {key: text for key, text in annotations(owner) if text}
    schema["properties"] = {field.name: of_field(field) for field in fields}
    required = [field.name for field in fields if field.required]
    if required:
        schema["required"] = required
    left_out = sum(field.required for field in owner.fields) - len(required)
    minimum = owner.minimum_properties - left_out
    if minimum > len(required):
        schema["minProperties"] = minimum
    schema["additionalProperties"] = False
    return schema


def annotations(owner: Object | Enum) -> list[tuple[str, str]]:
    return [("title", owner.title), ("description", owner.description)]


def of_enum(enum: Enum) -> Schema:
    texts = {key: text for key, text in annotations(enum) if text}
    return {"type": "string", **texts, "enum": enum.values}


def of_field(field: Field) -> Schema:
    if field.type is not None and field.kind != "array" and not field.has_default:
        return {"$ref": refer(field.type.name)}
    schema = {
        key: value
        for key, value in field.schema.items()
        if key not in ("$ref", "$schema", "$id") and not key.startswith("x-")
    }
    if isinstance(field.type, Object):
        schema["items"] = {"$ref": refer(field.type.name)}
    return schema


def sample(field: Field) -> Any:
    """An example of the field's value."""
    if field.kind == "object":
        assert isinstance(field.type, Object)
        return sample_object(field.type.fields)
    if field.kind == "array":
        assert isinstance(field.type, Object)
        return [sample_object(field.type.fields)]
    if field.schema.get("examples"):
        return field.schema["examples"][0]
    if isinstance(field.type, Enum):
        return field.type.values[-1]
    if field.kind == "raw":
        return None
    if field.kind == "time":
        return MOMENT
    if field.kind == "boolean":
        return bool(field.default)
    if field.kind == "integer":
        return field.default if field.has_default else max(field.minimum, 1)
    return field.name.ljust(field.minimum, ".")


def sample_object(fields: Iterable[Field]) -> dict[str, Any]:
    return {field.name: sample(field) for field in fields}


def of_problem() -> Schema:
    """application/problem+json as every failure has it."""
    return {
        "type": "object",
        "title": "Problem",
        "description": "Why a message failed (RFC 9457).",
        "properties": {
            "type": {
                "type": "string",
                "format": "uri",
                "description": "urn:postroom:problem:<code>",
            },
            "title": {"type": "string", "description": "One for each code."},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "One sentence for people."},
            "code": {"type": "string"},
            "retry_after": {
                "type": "integer",
                "minimum": 1,
                "description": "With too_many_attempts: seconds to wait before the next.",
            },
            "errors": {
                "type": "object",
                "description": "With invalid_input: messages by field;"
                ' "body" for what belongs to no field.',
                "additionalProperties": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 1,
                },
            },
        },
        "required": ["type", "title", "status", "detail", "code"],
    }


def used_schemas(catalogue: Catalogue, document: Any) -> dict[str, Schema]:
    """The components that a document refers to, directly or by one another."""
    known = {each.name: of_object(each) for each in catalogue.objects}
    known |= {each.name: of_enum(each) for each in catalogue.enums}
    known["problem"] = of_problem()
    wanted = ["problem", *referred(document)]
    used: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in used:
            used.add(name)
            wanted += referred(known[name])
    return {name: known[name] for name in known if name in used}


def referred(value: Any) -> list[str]:
    prefix = refer("")
    if isinstance(value, dict):
        own = value.get("$ref")
        here = [own.removeprefix(prefix)] if isinstance(own, str) and own.startswith(prefix) else []
        return here + [name for each in value.values() for name in referred(each)]
    if isinstance(value, list):
        return [name for each in value for name in referred(each)]
    return []
