"""The C of one function, as it grows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from .positions import PlainPosition, Position
from .values import c_text, without_parentheses


class Output:
    """Statements, one a line. What the template itself says is gathered and written in one call."""

    def __init__(self, position: Position | PlainPosition) -> None:
        self.position = position
        self.lines: list[str] = []
        self.depth = 1
        self.said = ""
        self.names = 0

    def say(self, text: str) -> None:
        """A text of the template's own."""
        self.position = self.position.after(text)
        self.said += text

    def line(self, text: str) -> None:
        self.flush()
        self.lines.append("    " * self.depth + text)

    def flush(self) -> None:
        if not self.said:
            return
        text, self.said = self.said, ""
        indent = "    " * self.depth
        if isinstance(self.position, PlainPosition) and self.position.write == "render_line":
            self.lines.append(f"{indent}render_line(render, {c_text(text)});")
            return
        pieces = [c_text(piece) for piece in text.splitlines(keepends=True)]
        self.lines.append(f"{indent}render_raw(render,")
        self.lines += [f"{indent}           {piece}" for piece in pieces[:-1]]
        self.lines.append(f"{indent}           {pieces[-1]}, {len(text.encode())});")

    def name(self, stem: str) -> str:
        """A name that no other variable of the function has."""
        self.names += 1
        return f"{stem}_{self.names}"

    def variable(self, declaration: str, code: str) -> str:
        """A variable that holds the value from here on; `declaration` ends in its type."""
        name = self.name("value")
        self.line(f"UNUSED {declaration}{name} = {code};")
        return name

    @contextmanager
    def braces(self, head: str) -> Iterator[None]:
        self.line(f"{head} {{" if head else "{")
        self.depth += 1
        yield
        self.flush()
        self.depth -= 1
        self.line("}")

    def condition(self, condition: str) -> str:
        return f"if ({without_parentheses(condition)})"
