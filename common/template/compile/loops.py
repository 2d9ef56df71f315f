"""`for`: over a list, or over what is written out in the template."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes

from .errors import Refusal
from .scope import Loop, Scope
from .shapes import Boolean, Integer, List, Struct, Text, described
from .values import Literal, Nothing, Value, constant


class Loops:
    """Part of the walker."""

    def walk_for(self, node: nodes.For) -> None:
        if node.test is not None or node.recursive:
            raise Refusal("a loop with a condition of its own, or a recursive one, is not supported")
        found = self.evaluate(node.iter)
        if isinstance(found, Nothing):
            self.body(node.else_)
        elif isinstance(found, Literal):
            self.unrolled(node, found)
        elif isinstance(found, Value) and isinstance(found.shape, List):
            self.looped(node, found, found.shape)
        else:
            what = described(found.shape) if isinstance(found, Value) else "no list"
            raise Refusal(f"{self.spelt(node.iter)} is {what}: a loop needs a list")

    def unrolled(self, node: nodes.For, found: Literal) -> None:
        last = len(found.elements) - 1
        for index, element in enumerate(found.elements):
            members = {
                "index": constant(index + 1),
                "index0": constant(index),
                "first": constant(index == 0),
                "last": constant(index == last),
                "length": constant(last + 1),
            }
            with self.output.braces(""):
                self.round(node, element, members)
        if not found.elements:
            self.body(node.else_)

    def round(self, node: nodes.For, element: Any, members: dict[str, Any]) -> None:
        """The body, once."""
        around = self.scope
        self.scope = Scope(Scope(around, {"loop": Loop(members)}))
        if isinstance(node.target, nodes.Name):
            self.scope.own[node.target.name] = element
        else:
            self.bind(node.target, element)
        self.statements(node.body)
        self.scope = around

    def looped(self, node: nodes.For, found: Value, shape: List) -> None:
        count = found.count if found.guard is None else f"{found.guard} ? {found.count} : 0"
        total = self.output.variable("const size_t ", count)
        index, item = self.output.name("index"), self.output.name("item")
        start = self.output.position
        with self.output.braces(f"for (size_t {index} = 0; {index} < {total}; {index}++)"):
            self.output.line(declaration(shape, item, found.code, index))
            is_struct = isinstance(shape.element, Struct)
            element = Value(shape.element, item, arrow=is_struct, path=f"{found.path}[]")
            self.round(node, element, loop_members(index, total))
        self.check_end(start)
        if node.else_:
            with self.output.braces(f"if ({total} == 0)"):
                self.body(node.else_)
            self.check_end(start)

    def check_end(self, start: Any) -> None:
        if self.output.position != start:
            raise Refusal(
                f"a loop begins {start.described()} and ends {self.output.position.described()}"
            )


def declaration(shape: List, item: str, code: str, index: str) -> str:
    if isinstance(shape.element, Struct):
        return f"UNUSED const struct {shape.element.name} *{item} = &{code}[{index}];"
    assert isinstance(shape.element, Text)
    return f"UNUSED const char *{item} = {code}[{index}];"


def loop_members(index: str, total: str) -> dict[str, Value]:
    return {
        "index": Value(Integer(), f"((int64_t){index} + 1)"),
        "index0": Value(Integer(), f"((int64_t){index})"),
        "first": Value(Boolean(), f"({index} == 0)"),
        "last": Value(Boolean(), f"({index} + 1 == {total})"),
        "length": Value(Integer(), f"((int64_t){total})"),
    }
