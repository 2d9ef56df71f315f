"""Values through filters."""

from __future__ import annotations

from dataclasses import replace

from jinja2 import nodes

from .comparing import Comparing
from .errors import Refusal, listed
from .filters import FILTERS_H, SPECIAL, Filter, fits
from .shapes import Choice, Html, Integer, List, Text, c_type, described
from .values import Value, present, text_constant


class Filtered(Comparing):
    """Part of the walker."""

    filters: dict[str, Filter]
    labels: set[str]

    def evaluate_filter(self, node: nodes.Filter) -> Value:
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise Refusal(f'the filter "{node.name}" cannot be used like this')
        arguments = [self.value(each) for each in node.args]
        if node.name in SPECIAL:
            return getattr(self, f"filter_{node.name}")(self.value(node.node), arguments)
        if node.name not in self.filters:
            known = listed([*self.filters, *SPECIAL])
            raise Refusal(f'there is no filter "{node.name}": there is {known}')
        return self.filtered(node.name, self.value(node.node), arguments)

    def filtered(self, name: str, value: Value, arguments: list[Value]) -> Value:
        known = self.filters[name]
        if not fits(value.shape, known.takes):
            raise Refusal(f"|{name} takes {described(known.takes)}, not {described(value.shape)}")
        if isinstance(known.takes, Text):
            value = self.as_text(value)
        if [type(each.shape) for each in arguments] != [type(each) for each in known.arguments]:
            wanted = ", ".join(map(described, known.arguments)) or "nothing"
            raise Refusal(f"|{name} wants {wanted} in its parentheses")
        if any(each.guard for each in arguments):
            raise Refusal(f"an argument of |{name} may be absent")
        self.includes.add(known.include)
        codes = "".join(f", {each.code}" for each in arguments)
        made = self.guarded(value, known.gives, f"{known.c}(render, {value.code}{codes})")
        return replace(made, is_encoded=name == "urlencode")

    def guarded(self, value: Value, shape: Text | Html | Integer, call: str) -> Value:
        """What a call makes of a value, once; absent where the value is."""
        condition = present(value)
        code = call if condition is None else f"{condition} ? {call} : {'0' if isinstance(shape, Integer) else 'NULL'}"
        return Value(shape, self.output.variable(c_type(shape), code))

    def as_text(self, value: Value) -> Value:
        """Texts, and what has one."""
        if isinstance(value.shape, Text):
            return value
        if isinstance(value.shape, Choice):
            return self.guarded(value, Text(), f"{value.shape.name}_text({value.code})")
        if isinstance(value.shape, Integer):
            if value.constant is not None:
                return text_constant(str(value.constant))
            return self.guarded(value, Text(), f"render_integer_text(render, {value.code})")
        raise Refusal(f"{described(value.shape)} is no text")

    def filter_default(self, value: Value, arguments: list[Value]) -> Value:
        if len(arguments) != 1:
            raise Refusal("|default wants one value in its parentheses")
        condition = present(value)
        return value if condition is None else self.chosen(condition, value, arguments[0])

    def filter_length(self, value: Value, arguments: list[Value]) -> Value:
        if arguments:
            raise Refusal("|length wants nothing in parentheses")
        if isinstance(value.shape, List):
            count = value.count if value.guard is None else f"({value.guard} ? {value.count} : 0)"
            return Value(Integer(), f"(int64_t){count}")
        text = self.as_text(value)
        self.includes.add(FILTERS_H)
        return self.guarded(text, Integer(), f"(int64_t)render_length({text.code})")

    def filter_label(self, value: Value, arguments: list[Value]) -> Value:
        if not isinstance(value.shape, Choice) or arguments:
            raise Refusal(f"|label takes a choice, not {described(value.shape)}")
        if not value.shape.has_labels:
            raise Refusal(f'"{value.shape.name}" has no labels: its model lacks "x-label": true')
        self.labels.add(value.shape.name)
        self.includes.add(FILTERS_H)
        return self.guarded(
            value, Text(), f"render_label(render, {value.shape.name}_text({value.code}))"
        )
