"""Texts of templates that people read and nobody translates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from common.template.compile.errors import Refusal
from common.template.compile.positions import Position
from common.template.compile.sources import environment

READ_ATTRIBUTES = {"alt", "aria-description", "aria-label", "label", "placeholder", "title"}
NAMES = {"Postroom"}
WORD = re.compile(r"[^\W\d_]{2,}")


class Reader:
    """Goes through a template as it is written, branches and all, and keeps what is read by people."""

    def __init__(self) -> None:
        self.position = Position()
        self.is_code = False

    def data(self, text: str) -> Iterator[str]:
        """The words in it."""
        shown = ""
        for each in text:
            before, self.position = self.position, self.position.after(each)
            if before.place in ("tag", "tag_name") and self.position.place == "text":
                self.is_code = before.tag == "code" or (self.is_code and before.tag != "/code")
            shown += each if self.is_read(before) else " "
        words = WORD.findall(re.sub(r"&#?\w+;", " ", shown))
        yield from (word for word in words if word not in NAMES)

    def is_read(self, before: Position) -> bool:
        if before.place != self.position.place or self.position.pending:
            return False
        if before.place == "quoted":
            return before.attribute in READ_ATTRIBUTES
        return before.place in ("text", "rcdata") and not self.is_code

    def value(self) -> None:
        self.position = self.position.after_value()


def literal_texts(source: str) -> Iterator[tuple[int, str]]:
    """Line and word of what stands in a page outside `trans`."""
    reader, tag, is_translated = Reader(), None, False
    for line, kind, text in environment().lex(source):
        if kind == "block_begin":
            tag = ""
        elif kind == "name" and tag == "":
            tag = text
        elif kind == "block_end":
            is_translated = {"trans": True, "endtrans": False}.get(tag or "", is_translated)
            tag = None
        elif kind == "variable_begin":
            reader.value()
        elif kind == "data" and not is_translated:
            try:
                yield from ((line, word) for word in reader.data(text))
            except Refusal:
                return  # the compiler says what is wrong
