"""Calls in expressions: translated texts, functions of the compiler's user, macros."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import nodes

from .errors import Refusal, listed
from .filters import Function
from .scope import Macro
from .shapes import Html, Integer, Text, described
from .values import Value, c_text, nullable, text_constant

PLACEHOLDER = re.compile(r"%(?:%|\((\w+)\)s|)")
# How many texts come first, with the context, if any, before them.
TRANSLATIONS = {"_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}


class Calls:
    """Part of the walker."""

    functions: dict[str, Function]

    def evaluate_call(self, node: nodes.Call) -> Value:
        if node.dyn_args or node.dyn_kwargs:
            raise Refusal("* and ** are not supported")
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name in TRANSLATIONS:
            return self.translation(name, node)
        if name in self.functions:
            return self.function(name, node)
        if self.is_inlined(node):
            return self.captured(lambda: self.inlined(node))
        raise Refusal(
            f"{self.spelt(node.node)} is neither a macro nor a function: "
            f"functions are {listed([*self.functions, *TRANSLATIONS])}"
        )

    def is_inlined(self, node: nodes.Call) -> bool:
        """A macro, `caller()`, `super()`, `self.block()`."""
        target = node.node
        if isinstance(target, nodes.Name):
            return target.name == "super" or isinstance(self.scope.find(target.name), Macro)
        if not isinstance(target, nodes.Getattr) or not isinstance(target.node, nodes.Name):
            return False
        return target.node.name == "self" or isinstance(self.evaluate(target), Macro)

    def function(self, name: str, node: nodes.Call) -> Value:
        values = [self.value(each) for each in node.args]
        if node.kwargs or any(each.constant is None for each in values):
            raise Refusal(f"{name}(…) takes constants only")
        try:
            return text_constant(self.functions[name].call(*(each.constant for each in values)))
        except (TypeError, ValueError) as error:
            raise Refusal(f"{name}(…): {error}") from error

    def translation(self, name: str, node: nodes.Call) -> Value:
        texts = []
        for each in node.args[: TRANSLATIONS[name]]:
            value = self.evaluate(each)
            if not isinstance(value, Value) or not isinstance(value.constant, str):
                raise Refusal("only a constant text can be translated (a choice: |label)")
            texts.append(value.constant)
        counted = name in ("ngettext", "npgettext")
        if len(texts) != TRANSLATIONS[name] or len(node.args) != len(texts) + counted:
            raise Refusal(f"{name}(…) has too few or too many arguments")
        context = f"{texts.pop(0)}\4" if name in ("pgettext", "npgettext") else ""
        arguments = {each.key: self.value(each.value) for each in node.kwargs}
        if not counted:
            code = f"language_text(render->language, {c_text(context + texts[0])})"
            return self.message(texts, code, arguments)
        count = self.value(node.args[-1])
        if not isinstance(count.shape, Integer):
            raise Refusal(f"a plural goes by an integer, not by {described(count.shape)}")
        arguments.setdefault("num", count)
        code = (
            f"language_plural(render->language, {c_text(context + texts[0])}, {c_text(texts[1])}, "
            f"{nullable(count, '0')})"
        )
        return self.message(texts, code, arguments)

    def message(self, texts: list[str], code: str, arguments: dict[str, Value]) -> Value:
        """A translated text with its arguments; HTML when one of them is."""
        wanted: set[str] = set()
        for text in texts:
            if self.is_html and re.search(r"</?[a-zA-Z!]|&[#\w]+;", text):
                raise Refusal(f'a translated text is plain text, without markup: "{text}"')
            for match in PLACEHOLDER.finditer(text):
                if match.group() == "%":
                    raise Refusal(f'write %% for a per cent sign: "{text}"')
                wanted.update(filter(None, [match.group(1)]))
        missing = wanted - set(arguments)
        if missing:
            raise Refusal(f"the translated text has no value for {listed(missing)}")
        if not wanted and "%%" not in "".join(texts):
            return Value(Text(), self.output.variable("const char *", code))
        used = {name: value for name, value in arguments.items() if name in wanted}
        is_html = any(isinstance(value.shape, Html) for value in used.values())
        return self.put_together(code, used, is_html)

    def put_together(self, code: str, arguments: dict[str, Value], is_html: bool) -> Value:
        write = "render_text" if is_html else "render_plain"
        texts = {name: self.written(value, is_html) for name, value in arguments.items()}
        array, count = "NULL", len(texts)
        if texts:
            array = self.output.name("arguments")
            pairs = ", ".join(f"{{{c_text(name)}, {text}}}" for name, text in texts.items())
            self.output.line(f"const struct render_argument {array}[] = {{{pairs}}};")
        before = self.begin_capture()
        self.output.line(f"render_message(render, {write}, {code}, {array}, {count});")
        return Value(Html() if is_html else Text(), self.end_capture(before))

    def written(self, value: Value, is_html: bool) -> str:
        """A text that holds the argument as it is to stand in the message."""
        if isinstance(value.shape, Html):
            return nullable(value)
        text = self.as_text(value)
        if not is_html:
            return nullable(text)
        before = self.begin_capture()
        self.output.line(f"render_text(render, {nullable(text)});")
        return self.end_capture(before)

    def begin_capture(self) -> str:
        return self.output.variable("struct buffer ", "render_capture(render)")

    def end_capture(self, before: str) -> str:
        return self.output.variable("const char *", f"render_captured(render, {before})")

    def captured(self, write: Any) -> Value:
        """What `write` writes, as a value."""
        around = self.output.position
        before = self.begin_capture()
        self.output.position = self.start
        write()
        if self.output.position != self.start:
            raise Refusal(f"what is captured here ends {self.output.position.described()}")
        self.output.flush()
        self.output.position = around
        return Value(Html() if self.is_html else Text(), self.end_capture(before))


