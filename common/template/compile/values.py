"""Values of expressions: a shape, and the C that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Union

from .shapes import Boolean, Choice, Html, Integer, List, Opaque, Shape, Struct, Text


@dataclass(frozen=True)
class Value:
    """`code` is short, free of effects and may be repeated. It may be read only where `guard` holds."""

    shape: Shape
    code: str
    guard: Optional[str] = None  # a C condition; None: it always does
    constant: Any = None  # a str, int or bool known at build time
    arrow: bool = False  # of a Struct: `code` is a pointer
    count: str = ""  # of a List: C
    path: str = ""  # for people: found.post.title
    is_encoded: bool = False  # of a Text: fit for a URL as it is


@dataclass(frozen=True)
class Literal:
    """`[a, b]` or `(a, b)` written in the template."""

    elements: tuple[Union[Value, Literal], ...]


class Nothing:
    """`none`."""


def c_text(text: str) -> str:
    """A C string literal."""
    plain = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    pieces = [
        plain.get(each) or (f"\\{ord(each):03o}" if each < " " or each == "\x7f" else each)
        for each in text
    ]
    return '"' + "".join(pieces) + '"'


def text_constant(text: str) -> Value:
    return Value(Text(), c_text(text), constant=text)


def constant(value: Any) -> Value:
    if isinstance(value, bool):
        return Value(Boolean(), "true" if value else "false", constant=value)
    if isinstance(value, int):
        return Value(Integer(), f"INT64_C({value})", constant=value)
    return text_constant(value)


def negated(condition: str) -> str:
    """C that is true where the condition is not."""
    return {"true": "false", "false": "true"}.get(condition, f"!{condition}")


def all_of(conditions: list[str]) -> str:
    """C; what is known at build time is left out."""
    open_ones = [each for each in conditions if each != "true"]
    if "false" in open_ones or not open_ones:
        return "false" if open_ones else "true"
    return open_ones[0] if len(open_ones) == 1 else f"({' && '.join(open_ones)})"


def any_of(conditions: list[str]) -> str:
    open_ones = [each for each in conditions if each != "false"]
    if "true" in open_ones or not open_ones:
        return "true" if open_ones else "false"
    return open_ones[0] if len(open_ones) == 1 else f"({' || '.join(open_ones)})"


def both(left: Optional[str], right: Optional[str]) -> Optional[str]:
    """Two guards as one."""
    if left is None or right is None:
        return right if left is None else left
    return f"({left} && {right})"


def own_presence(value: Value) -> Optional[str]:
    """Whether it is there, where its guard holds."""
    if value.constant is not None:
        return None
    if isinstance(value.shape, (Text, Html)):
        return f"({value.code} != NULL)"
    if isinstance(value.shape, Choice):
        return f"({value.code} != 0)"
    return None


def present(value: Value) -> Optional[str]:
    """Whether it is there; None: always."""
    return both(value.guard, own_presence(value))


def truth(value: Value) -> str:
    """Whether it counts as true: C."""
    shape, code = value.shape, value.code
    if value.constant is not None:
        return "true" if value.constant else "false"
    if isinstance(shape, (Text, Html)):
        own = f"({code}[0] != '\\0')"
    elif isinstance(shape, Integer):
        own = f"({code} != 0)"
    elif isinstance(shape, Boolean):
        own = code
    elif isinstance(shape, List):
        own = f"({value.count} > 0)"
    else:
        return present(value) or "true"
    return both(present(value), own) or own


def nullable(value: Value, absent: str = "NULL") -> str:
    """The code, readable whether or not the guard holds."""
    return value.code if value.guard is None else f"({value.guard} ? {value.code} : {absent})"


def pointer(value: Value) -> str:
    """Of a Struct: a pointer to it; NULL: absent."""
    code = value.code if value.arrow else f"&{value.code}"
    return code if value.guard is None else f"({value.guard} ? {code} : NULL)"


def truth_value(condition: str) -> Value:
    """A condition as a value."""
    if condition in ("true", "false"):
        return constant(condition == "true")
    return Value(Boolean(), condition)


def without_parentheses(condition: str) -> str:
    """For `if (…)`: compilers ask whether ((a == b)) was meant to assign."""
    if not condition.startswith("("):
        return condition
    depth = 0
    for index, each in enumerate(condition):
        depth += {"(": 1, ")": -1}.get(each, 0)
        if depth == 0:
            return condition[1:-1] if index == len(condition) - 1 else condition
    return condition


def member(owner: Value, name: str) -> Value:
    """A field of a Struct that is known to have it."""
    assert isinstance(owner.shape, Struct)
    field = owner.shape.fields[name]
    base = owner.code + ("->" if owner.arrow else ".")
    path = f"{owner.path}.{name}" if owner.path else name
    guard, count = owner.guard, ""
    if isinstance(field.shape, List):
        count = f"{base}{name}_count"
    elif isinstance(field.shape, Struct) and field.pointer:
        guard = both(guard, f"({base}{name} != NULL)") if field.optional else guard
    elif field.optional and not isinstance(field.shape, (Text, Html, Choice, Opaque)):
        guard = both(guard, f"{base}has_{name}")
    return Value(
        field.shape, base + name, guard=guard, arrow=field.pointer, count=count, path=path
    )
