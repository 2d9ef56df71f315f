"""Expressions of templates to values: names, fields, constants, operators."""

from __future__ import annotations

from typing import Any, Union

from jinja2 import nodes

from .calls import Calls
from .errors import Refusal, listed
from .filtered import Filtered
from .scope import Loop, Macro, Module, Scope
from .shapes import Boolean, Choice, Html, Integer, Struct, Text, Time, c_type, described
from .values import (
    Literal,
    Nothing,
    Value,
    all_of,
    any_of,
    both,
    constant,
    member,
    negated,
    nullable,
    pointer,
    present,
    truth,
    truth_value,
)

Evaluated = Union[Value, Literal, Nothing, Module, Macro, Loop]
COMPARED = {"lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
CALCULATED = {nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.FloorDiv: "/", nodes.Mod: "%"}


class Expressions(Calls, Filtered):
    """Part of the walker (see walker.py)."""

    scope: Scope

    def evaluate(self, node: nodes.Node) -> Evaluated:
        method = getattr(self, f"evaluate_{type(node).__name__.lower()}", None)
        if method is None:
            raise Refusal(f"an expression such as this ({type(node).__name__}) is not supported")
        return method(node)

    def value(self, node: nodes.Node) -> Value:
        """What can only be a value."""
        found = self.evaluate(node)
        if not isinstance(found, Value):
            raise Refusal(f"{self.spelt(node)} is no value that could be used here")
        return found

    def spelt(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Name):
            return f'"{node.name}"'
        if isinstance(node, nodes.Getattr):
            return f'{self.spelt(node.node)[:-1]}.{node.attr}"'
        return "this"

    def condition(self, node: nodes.Node) -> str:
        """C that says whether it is true."""
        found = self.evaluate(node)
        if isinstance(found, Value):
            return truth(found)
        if isinstance(found, Nothing):
            return "false"
        if isinstance(found, Literal):
            return "true" if found.elements else "false"
        raise Refusal(f"{self.spelt(node)} is neither true nor false")

    def evaluate_const(self, node: nodes.Const) -> Evaluated:
        if node.value is None:
            return Nothing()
        if not isinstance(node.value, (str, bool, int)):
            raise Refusal(f"{node.value!r} is neither a text nor an integer")
        return constant(node.value)

    def evaluate_templatedata(self, node: nodes.TemplateData) -> Evaluated:
        return constant(node.data)

    def evaluate_list(self, node: nodes.List) -> Evaluated:
        elements = []
        for item in node.items:
            found = self.evaluate(item)
            if not isinstance(found, (Value, Literal)):
                raise Refusal(f"{self.spelt(item)} cannot be in a list")
            elements.append(found)
        return Literal(tuple(elements))

    evaluate_tuple = evaluate_list

    def evaluate_name(self, node: nodes.Name) -> Evaluated:
        found = self.scope.find(node.name)
        if found is None:
            raise Refusal(f'there is no variable "{node.name}": there is {listed(self.scope.names())}')
        return self.noted(found)

    def noted(self, found: Any) -> Any:
        if isinstance(found, Value) and found.path:
            self.used.add(found.path)
        return found

    def evaluate_getattr(self, node: nodes.Getattr) -> Evaluated:
        return self.attribute(self.evaluate(node.node), node.attr, self.spelt(node.node))

    def evaluate_getitem(self, node: nodes.Getitem) -> Evaluated:
        name = self.evaluate(node.arg)
        if not isinstance(name, Value) or not isinstance(name.constant, str):
            raise Refusal("only a constant text may stand in […]")
        return self.attribute(self.evaluate(node.node), name.constant, self.spelt(node.node))

    def attribute(self, owner: Evaluated, name: str, spelt: str) -> Evaluated:
        if isinstance(owner, (Module, Loop)):
            if name not in owner.members:
                raise Refusal(f'{spelt} has no "{name}": it has {listed(owner.members)}')
            return owner.members[name]
        if not isinstance(owner, Value) or not isinstance(owner.shape, Struct):
            what = described(owner.shape) if isinstance(owner, Value) else "no struct"
            raise Refusal(f'{spelt} is {what}: it has no field "{name}"')
        if name not in owner.shape.fields:
            raise Refusal(f'{spelt} has no field "{name}": it has {listed(owner.shape.fields)}')
        return self.noted(member(owner, name))

    def evaluate_not(self, node: nodes.Not) -> Evaluated:
        return truth_value(negated(self.condition(node.node)))

    def evaluate_and(self, node: nodes.And) -> Evaluated:
        return truth_value(all_of([self.condition(node.left), self.condition(node.right)]))

    def evaluate_or(self, node: nodes.Or) -> Evaluated:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(left, Value) and isinstance(right, Value):
            if left.shape == right.shape and isinstance(left.shape, (Text, Html, Choice, Struct)):
                return self.chosen(truth(left), left, right)
        return truth_value(any_of([self.condition(node.left), self.condition(node.right)]))

    def evaluate_condexpr(self, node: nodes.CondExpr) -> Evaluated:
        condition = self.condition(node.test)
        one = self.evaluate(node.expr1)
        other = Nothing() if node.expr2 is None else self.evaluate(node.expr2)
        return self.chosen(condition, one, other)

    def chosen(self, condition: str, one: Evaluated, other: Evaluated) -> Evaluated:
        """One of two values of the same type; `none` goes with any."""
        if condition in ("true", "false"):
            return one if condition == "true" else other
        if isinstance(one, Nothing) and isinstance(other, Value):
            return self.chosen(negated(condition), other, one)
        if not isinstance(one, Value) or not isinstance(other, (Value, Nothing)):
            raise Refusal("neither of two alternatives is a value")
        if isinstance(other, Value) and one.shape != other.shape:
            if isinstance(one.shape, (Text, Choice)) and isinstance(other.shape, (Text, Choice)):
                return self.chosen(condition, self.as_text(one), self.as_text(other))
            raise Refusal(f"one of two alternatives is {described(one.shape)}, the other {described(other.shape)}")
        codes = [self.held(one), "0" if isinstance(other, Nothing) else self.held(other)]
        name = self.output.variable(c_type(one.shape), f"{condition} ? {codes[0]} : {codes[1]}")
        if isinstance(one.shape, Struct):
            return Value(one.shape, name, guard=f"({name} != NULL)", arrow=True, path=one.path)
        if isinstance(one.shape, (Text, Html, Choice)):
            return Value(one.shape, name)
        guards = [present(one), "false" if isinstance(other, Nothing) else present(other)]
        if guards == [None, None]:
            return Value(one.shape, name)
        parts = [each or "true" for each in guards]
        guard = self.output.variable("bool ", f"{condition} ? {parts[0]} : {parts[1]}")
        return Value(one.shape, name, guard=guard)

    def held(self, value: Value) -> str:
        """Its code, readable wherever it stands; 0 or NULL where it is absent."""
        if isinstance(value.shape, Struct):
            return pointer(value)
        return nullable(value, "NULL" if isinstance(value.shape, (Text, Html)) else "0")

    def evaluate_concat(self, node: nodes.Concat) -> Evaluated:
        values = [self.as_text(self.value(each)) for each in node.nodes]
        joined = values[0]
        for each in values[1:]:
            if isinstance(joined.constant, str) and isinstance(each.constant, str):
                joined = constant(joined.constant + each.constant)
                continue
            code = f"render_concat(render, {nullable(joined)}, {nullable(each)})"
            joined = Value(Text(), self.output.variable("const char *", code))
        return joined

    def calculated(self, node: nodes.BinExpr) -> Evaluated:
        left, right = self.value(node.left), self.value(node.right)
        for each in (left, right):
            if not isinstance(each.shape, Integer):
                raise Refusal(f"{described(each.shape)} cannot be calculated with")
        if isinstance(node, (nodes.FloorDiv, nodes.Mod)) and (right.constant or 0) <= 0:
            raise Refusal("a divisor must be a constant above 0")
        code = f"({left.code} {CALCULATED[type(node)]} {right.code})"
        return Value(Integer(), code, guard=both(left.guard, right.guard))

    evaluate_add = evaluate_sub = evaluate_mul = evaluate_floordiv = evaluate_mod = calculated

    def evaluate_neg(self, node: nodes.Neg) -> Evaluated:
        value = self.value(node.node)
        if not isinstance(value.shape, Integer):
            raise Refusal(f"{described(value.shape)} cannot be negative")
        return Value(Integer(), f"(-{value.code})", guard=value.guard)

    def evaluate_test(self, node: nodes.Test) -> Evaluated:
        if node.name not in ("none", "defined") or node.args or node.kwargs:
            raise Refusal(f'there is no test "is {node.name}": there is "is none" and "is defined"')
        found = self.evaluate(node.node)
        condition = "false" if isinstance(found, Nothing) else "true"
        if isinstance(found, Value):
            condition = present(found) or "true"
        return truth_value(condition if node.name == "defined" else negated(condition))

    def evaluate_compare(self, node: nodes.Compare) -> Evaluated:
        conditions, left = [], self.evaluate(node.expr)
        for operand in node.ops:
            right = self.evaluate(operand.expr)
            conditions.append(self.compared(operand.op, left, right))
            left = right
        return truth_value(all_of(conditions))

    def compared(self, operator: str, left: Any, right: Any) -> str:
        if operator in ("in", "notin"):
            found = self.contained(left, right)
            return found if operator == "in" else negated(found)
        if operator in ("eq", "ne"):
            equal = self.equal(left, right)
            return equal if operator == "eq" else negated(equal)
        for each in (left, right):
            if not isinstance(each, Value) or not isinstance(each.shape, (Integer, Time)):
                raise Refusal(f"only integers and times can be compared by {COMPARED[operator]}")
        if left.shape != right.shape:
            raise Refusal("an integer cannot be compared with a time")
        own = f"({left.code} {COMPARED[operator]} {right.code})"
        return both(both(left.guard, right.guard), own) or own
