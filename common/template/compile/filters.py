"""The filters a template may use: what each takes and gives, and the C function that does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

from .shapes import Choice, Integer, Shape, Text, Time

FILTERS_H = "common/template/filters.h"


@dataclass(frozen=True)
class Filter:
    """`c` is called with the render, the value and the arguments; of a text it gets none that is absent."""

    takes: Shape
    gives: Shape
    c: str
    include: str = FILTERS_H
    arguments: tuple[Shape, ...] = field(default=())


@dataclass(frozen=True)
class Function:
    """Called when the template is compiled, with constants; its text is written as if it stood there."""

    call: Callable[..., str]


FILTERS: dict[str, Filter] = {
    "date": Filter(Time(), Text(), "render_date"),
    "time": Filter(Time(), Text(), "render_time"),
    "datetime": Filter(Time(), Text(), "render_datetime"),
    "iso": Filter(Time(), Text(), "render_iso"),
    "number": Filter(Integer(), Text(), "render_number"),
    "duration": Filter(Integer(), Text(), "render_duration"),
    "bytes": Filter(Integer(), Text(), "render_bytes"),
    "truncate": Filter(Text(), Text(), "render_truncate", arguments=(Integer(),)),
    "urlencode": Filter(Text(), Text(), "render_urlencode"),
}
# These are the compiler's own: see filtered.py.
SPECIAL = ("default", "label", "length")


def fits(shape: Shape, wanted: Shape) -> bool:
    """A choice is a text, too."""
    return type(shape) is type(wanted) or (isinstance(shape, Choice) and isinstance(wanted, Text))


