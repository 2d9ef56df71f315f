"""Shapes of what the contracts describe (contracts/generate/model.py)."""

from __future__ import annotations

from typing import Any, Union

from .shapes import Boolean, Choice, Field, Integer, List, Opaque, Shape, Struct, Text, Time


def shape_of(owner: Any) -> Union[Struct, Choice]:
    """Of an Object or an Enum of the model."""
    if hasattr(owner, "values"):
        return Choice(owner.name, list(owner.values), owner.has_labels)
    return Struct(owner.name, {each.name: field_of(each) for each in owner.fields})


def field_of(field: Any) -> Field:
    """Of a Field of the model."""
    return Field(field_shape(field), optional=not field.required or field.nullable)


def field_shape(field: Any) -> Shape:
    if field.kind in ("enum", "object"):
        return shape_of(field.type)
    if field.kind == "array":
        return List(shape_of(field.type))  # type: ignore[arg-type]
    plain = {"string": Text(), "time": Time(), "integer": Integer(), "boolean": Boolean()}
    return plain.get(field.kind, Opaque("it is raw JSON"))
