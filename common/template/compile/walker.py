"""Statements of templates to C."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Iterator, Optional

from jinja2 import nodes

from .blocks import Blocks
from .errors import Refusal, TemplateError, listed
from .expressions import Expressions
from .loops import Loops
from .output import Output
from .scope import MacroPlace, Scope
from .shapes import Html, Integer, List, Struct, Text, Time, described
from .shapes import Boolean
from .sources import Sources
from .values import Literal, Nothing, Value, member, present, without_parentheses
from .positions import PlainPosition, Position

DEPTH_MAX = 50


class Walker(Expressions, Loops, Blocks):
    """Compiles one page. Its state is where it is: file, line, names, the output so far."""

    def __init__(
        self, sources: Sources, filters: Any, functions: Any, kind: str, variables: Struct
    ) -> None:
        self.sources, self.filters, self.functions = sources, filters, functions
        self.is_html = kind == "html"
        self.start: Position | PlainPosition = Position()
        if not self.is_html:
            self.start = PlainPosition({"text": "render_plain", "line": "render_line"}[kind])
        self.output = Output(self.start)
        page = Value(variables, "page", arrow=True)
        self.globals = Scope(own={name: member(page, name) for name in variables.fields})
        self.scope = Scope(self.globals)
        self.file, self.line, self.depth = "", 1, 0
        self.used: set[str] = set()
        self.labels: set[str] = set()
        self.expanded: set[MacroPlace] = set()
        self.includes = {"common/core/attributes.h", "common/template/render.h"}
        self.chains: dict[str, list[Any]] = {}
        self.block: Optional[tuple[str, int]] = None

    def run(self, name: str) -> None:
        """The whole template."""
        try:
            self.page(name)
        except Refusal as refusal:
            raise TemplateError(self.file, self.line, str(refusal)) from refusal

    @contextmanager
    def within(self, file: str, scope: Scope) -> Iterator[None]:
        """In another template, or another place of this one."""
        before = self.file, self.line, self.scope
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise Refusal("templates, macros or blocks call each other without end")
        self.file, self.scope = file, scope
        yield
        self.depth -= 1
        self.file, self.line, self.scope = before

    def statements(self, body: list[nodes.Node]) -> None:
        for node in body:
            self.line = node.lineno or self.line
            method = getattr(self, f"walk_{type(node).__name__.lower()}", None)
            if method is None:
                raise Refusal(f"a statement such as this ({type(node).__name__}) is not supported")
            method(node)

    def walk_output(self, node: nodes.Output) -> None:
        for each in node.nodes:
            self.line = each.lineno or self.line
            if isinstance(each, nodes.TemplateData):
                self.output.say(each.data)
            elif isinstance(each, nodes.Call) and self.is_inlined(each):
                self.inlined(each)
            else:
                self.print(each)

    def print(self, node: nodes.Node) -> None:
        found = self.evaluate(node)
        if isinstance(found, Nothing):
            return
        if not isinstance(found, Value):
            raise Refusal(f"{self.spelt(node)} cannot be printed")
        if isinstance(found.constant, str):
            self.print_constant(found.constant)
            return
        statement = self.printing(found)
        guard = found.guard
        if guard is None and not isinstance(found.shape, (Text, Html)):
            guard = present(found)
        if guard is None:
            self.output.line(statement)
        else:
            with self.output.braces(self.output.condition(guard)):
                self.output.line(statement)
        self.output.position = self.output.position.after_value()

    def print_constant(self, text: str) -> None:
        """A text known at build time is part of the template, once it is escaped."""
        write = self.output.position.writer(is_constant=True)
        if write in ("render_text", "render_url", "render_url_part"):
            entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
            text = "".join(entities.get(each, each) for each in text)
        self.output.say(text)

    def printing(self, value: Value) -> str:
        """The statement that writes a value where the output stands."""
        write, shape = self.output.position.writer(), value.shape
        if isinstance(shape, Integer):
            return f"render_integer(render, {value.code});"
        if isinstance(shape, Boolean):
            return f'{write}(render, {value.code} ? "true" : "false");'
        if isinstance(shape, Time):
            raise Refusal("say how a time is to be written: |date, |time, |datetime or |iso")
        if isinstance(shape, Html):
            if self.output.position.place != "text":
                raise Refusal(f"HTML cannot stand here: {self.output.position.described()}")
            return f"render_html(render, {value.code});"
        if isinstance(shape, (List, Struct)):
            raise Refusal(f"{described(shape)} cannot be printed")
        if write == "render_url_part" and value.is_encoded:
            write = "render_text"
        guarded = replace(value, guard=None) if value.guard else value
        return f"{write}(render, {self.as_text(guarded).code});"

    def walk_if(self, node: nodes.If) -> None:
        ends: list[Any] = []
        self.branch(node, ends)
        self.output.flush()
        joined = ends[0]
        for each in ends[1:]:
            joined = joined.joined(each)
        self.output.position = joined

    def branch(self, node: nodes.If, ends: list[Any]) -> None:
        condition = without_parentheses(self.condition(node.test))
        start = self.output.position
        if condition in ("true", "false"):
            self.only_branch(node, condition == "true", ends)
            return
        with self.output.braces(f"if ({condition})"):
            self.body(node.body)
            ends.append(self.output.position)
        self.output.position = start
        if not node.elif_ and not node.else_:
            ends.append(start)
            return
        with self.output.braces("else"):
            self.other_branches(node, ends)

    def other_branches(self, node: nodes.If, ends: list[Any]) -> None:
        if node.elif_:
            first, *rest = node.elif_
            self.line = first.lineno
            self.branch(nodes.If(first.test, first.body, rest, node.else_, lineno=first.lineno), ends)
        else:
            self.body(node.else_)
            ends.append(self.output.position)

    def only_branch(self, node: nodes.If, is_true: bool, ends: list[Any]) -> None:
        """The condition is known at build time, as it often is in macros: the others are not compiled."""
        if is_true:
            with self.output.braces(""):
                self.body(node.body)
            ends.append(self.output.position)
        else:
            self.other_branches(node, ends)

    def body(self, body: list[nodes.Node]) -> None:
        """Statements with names of their own."""
        around, self.scope = self.scope, Scope(self.scope)
        self.statements(body)
        self.scope = around

    def walk_assign(self, node: nodes.Assign) -> None:
        self.bind(node.target, self.evaluate(node.node))

    def bind(self, target: nodes.Node, found: Any) -> None:
        if isinstance(target, nodes.Tuple):
            elements = found.elements if isinstance(found, Literal) else ()
            if len(elements) != len(target.items):
                raise Refusal(f"{len(target.items)} names need as many values")
            for name, element in zip(target.items, elements):
                self.bind(name, element)
            return
        if not isinstance(target, nodes.Name):
            raise Refusal("only a name can be set")
        if target.name not in self.scope.own and self.scope.find(target.name) is not None:
            if target.name not in self.globals.own or self.scope.around is not self.globals:
                raise Refusal(f'"{target.name}" is set already, outside: give this one another name')
        self.scope.own[target.name] = found

    def walk_assignblock(self, node: nodes.AssignBlock) -> None:
        if node.filter is not None:
            raise Refusal("a filter for a whole block is not supported")
        self.bind(node.target, self.captured(lambda: self.body(node.body)))

    def walk_with(self, node: nodes.With) -> None:
        found = [self.evaluate(each) for each in node.values]
        around, self.scope = self.scope, Scope(self.scope)
        for target, each in zip(node.targets, found):
            assert isinstance(target, nodes.Name)
            self.scope.own[target.name] = each
        with self.output.braces(""):
            self.statements(node.body)
        self.scope = around

    def walk_include(self, node: nodes.Include) -> None:
        name = self.template_name(node.template)
        if node.ignore_missing:
            raise Refusal("a template that is not there is an error: leave out “ignore missing”")
        template = self.sources.template(name)
        if any(template.tree.find_all((nodes.Extends, nodes.Block))):
            raise Refusal(f"{template.file} extends another or has blocks: it cannot be included")
        with self.within(template.file, Scope(self.scope)):
            self.statements(template.tree.body)

    def template_name(self, node: nodes.Node) -> str:
        if not isinstance(node, nodes.Const) or not isinstance(node.value, str):
            raise Refusal("a template is named by a constant text")
        if not self.sources.has(node.value):
            raise Refusal(f'there is no template "{node.value}" in {listed(self.sources.folders)}')
        return node.value
