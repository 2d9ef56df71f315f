"""Equality of values, and being one of several."""

from __future__ import annotations

from typing import Any

from .errors import Refusal, listed
from .shapes import Boolean, Choice, Integer, List, Text, Time, described
from .values import Literal, Nothing, Value, any_of, both, negated, nullable, present, truth


class Comparing:
    """Part of the walker."""

    def equal(self, left: Any, right: Any) -> str:
        if isinstance(left, Nothing):
            left, right = right, left
        if isinstance(left, Nothing):
            return "true"
        if not isinstance(left, Value) or not isinstance(right, (Value, Nothing)):
            raise Refusal("these cannot be compared")
        if isinstance(right, Nothing):
            condition = present(left)
            return "false" if condition is None else negated(condition)
        if isinstance(right.shape, Choice):
            left, right = right, left
        if isinstance(left.shape, Choice):
            return self.equal_choice(left, right)
        if type(left.shape) is not type(right.shape):
            raise Refusal(
                f"{described(left.shape)} is never equal to {described(right.shape)}"
            )
        if left.constant is not None and right.constant is not None:
            return "true" if left.constant == right.constant else "false"
        if isinstance(left.shape, Text):
            return f"render_is_equal({nullable(left)}, {nullable(right)})"
        if isinstance(left.shape, Boolean):
            return f"({truth(left)} == {truth(right)})"
        if isinstance(left.shape, (Integer, Time)):
            own = f"({left.code} == {right.code})"
            return both(both(left.guard, right.guard), own) or own
        raise Refusal(f"{described(left.shape)} cannot be compared")

    def equal_choice(self, left: Value, right: Value) -> str:
        assert isinstance(left.shape, Choice)
        if isinstance(right.shape, Choice):
            if left.shape.name != right.shape.name:
                raise Refusal(f"{left.shape.name} is never equal to {right.shape.name}")
            return f"({nullable(left, '0')} == {nullable(right, '0')})"
        if not isinstance(right.shape, Text):
            raise Refusal(f"a choice is never equal to {described(right.shape)}")
        if right.constant is None:
            return f"render_is_equal({nullable(self.as_text(left))}, {nullable(right)})"
        if right.constant not in left.shape.values:
            raise Refusal(f'"{right.constant}" is none of {listed(left.shape.values)}')
        own = f"({left.code} == (enum {left.shape.name}){left.shape.values.index(right.constant) + 1})"
        return both(left.guard, own) or own

    def contained(self, item: Any, container: Any) -> str:
        if isinstance(container, Literal):
            parts = [self.equal(item, each) for each in container.elements]
            return any_of(parts)
        if isinstance(container, Value) and isinstance(container.shape, List):
            if isinstance(container.shape.element, Text) and isinstance(item, Value):
                text = nullable(self.as_text(item))
                own = f"render_contains({container.code}, {container.count}, {text})"
                return both(container.guard, own) or own
        raise Refusal('"in" needs a list of texts')
