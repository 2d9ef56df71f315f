"""The types of values in templates, each with its shape in C (the conventions of common/json/json.h).

    Text, Html   const char *name                       NULL: absent
    Integer      int64_t name                           optional: bool has_name
    Time         int64_t name                           µs since 1970, UTC; optional: bool has_name
    Boolean      bool name                              optional: bool has_name
    Choice       enum <its name> name                   1…; 0: absent; its text: <its name>_text()
    Struct       struct <its name> name                 optional: bool has_name
                 const struct <its name> *name          pointer; NULL: absent
    List         <element> *name; size_t name_count     of structs or texts
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union


@dataclass(frozen=True)
class Text:
    """A text; it may always be absent."""


@dataclass(frozen=True)
class Html:
    """Trusted HTML: printed as it is, as text only."""


@dataclass(frozen=True)
class Integer:
    pass


@dataclass(frozen=True)
class Boolean:
    pass


@dataclass(frozen=True)
class Time:
    pass


@dataclass(frozen=True)
class Choice:
    name: str
    values: list[str]
    has_labels: bool = True


@dataclass(frozen=True)
class Struct:
    name: str
    fields: dict[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class List:
    element: Union[Struct, Text]


@dataclass(frozen=True)
class Opaque:
    """What a template cannot look into."""

    reason: str


Shape = Union[Text, Html, Integer, Boolean, Time, Choice, Struct, List, Opaque]


@dataclass(frozen=True)
class Field:
    shape: Shape
    optional: bool = False
    pointer: bool = False  # of a Struct


def c_type(shape: Shape) -> str:
    """The type of a variable that holds it."""
    if isinstance(shape, (Text, Html)):
        return "const char *"
    if isinstance(shape, Boolean):
        return "bool "
    if isinstance(shape, Choice):
        return f"enum {shape.name} "
    if isinstance(shape, Struct):
        return f"const struct {shape.name} *"
    return "int64_t "


def described(shape: Shape) -> str:
    """For sentences: a text, a list, …"""
    names = {
        Text: "a text",
        Html: "HTML",
        Integer: "an integer",
        Boolean: "a boolean",
        Time: "a time",
        Choice: "a choice",
        Struct: "a struct",
        List: "a list",
        Opaque: "nothing a template can use",
    }
    return names[type(shape)]
