"""Where in an HTML document a template is: what decides how a value is written.

The states are those of the HTML standard's tokenizer, as far as they matter here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .errors import Refusal

URL_ATTRIBUTES = set(
    "action background cite data formaction href icon longdesc manifest ping poster src xlink:href".split()
)
REFUSED_ATTRIBUTES = {"style", "srcdoc", "srcset", "imagesrcset", "http-equiv", "attributename"}
# What they load runs, or changes where other addresses lead.
LOADING_TAGS = {"base", "embed", "frame", "iframe", "link", "object", "script"}
ANIMATING_TAGS = {"animate", "animatemotion", "animatetransform", "set"}
SCHEME = re.compile(r"\s*([^:/?#]*):", re.DOTALL)
UNKNOWN = "\0"  # an address that has begun in one branch only
SPACES = " \t\r\n\f"


@dataclass(frozen=True)
class Position:
    """`place`: text, raw (script, style), rcdata (textarea, title), comment, declaration, tag_name, tag, name,
    after_name, before_value, quoted, unquoted."""

    place: str = "text"
    tag: str = ""  # lower case; of an end tag with "/"
    attribute: str = ""  # lower case; with "?" when it depends on a branch
    quote: str = ""
    pending: str = ""  # the beginning of what may become something else
    url: str = ""  # what an address begins with; "?" for what is not known
    has_http_equiv: bool = False
    has_variable: bool = False  # in `content`

    def after(self, text: str) -> Position:
        """Where the template is behind this text of its own."""
        position, text = replace(self, pending=""), self.pending + text
        while text:
            position, text = STEPS[position.place](position, text)
            if position.pending:
                return position
        return position

    def after_value(self) -> Position:
        """Where it is behind a value that was written here."""
        if self.place == "quoted":
            has_variable = self.has_variable or self.attribute == "content"
            url = "?" if self.attribute in URL_ATTRIBUTES else ""
            return replace(self, url=self.url or url, has_variable=has_variable)
        return self

    def joined(self, other: Position) -> Position:
        """Where it is behind branches that ended here and there."""
        flags = {
            "has_http_equiv": self.has_http_equiv or other.has_http_equiv,
            "has_variable": self.has_variable or other.has_variable,
        }
        left, right = replace(self, **flags), replace(other, **flags)
        if left == right:
            return left
        between = ("tag", "name", "after_name")
        if left.place in between and right.place in between and left.tag == right.tag:
            return replace(left, place="name", attribute="?", url="")
        if replace(left, url="") == replace(right, url=""):
            left.check_scheme()
            right.check_scheme()
            return replace(left, url="?" if left.url and right.url else UNKNOWN)
        raise Refusal(f"one branch ends {left.described()}, another {right.described()}")

    def described(self) -> str:
        where = {
            "raw": f"within <{self.tag}>",
            "rcdata": f"within <{self.tag}>",
            "comment": "within a comment",
            "declaration": "within a declaration",
            "quoted": f'within the attribute "{self.attribute}"',
            "unquoted": "within a value without quotes",
            "text": "in text",
        }
        if self.pending:
            return f'behind "{self.pending}"'
        return where.get(self.place, f"within the tag <{self.tag}>")

    def check_scheme(self) -> None:
        match = SCHEME.match(self.url)
        if match and match.group(1).lower() not in ("http", "https", "mailto"):
            raise Refusal(f'a value cannot stand behind "{match.group(0)}"')

    def writer(self, is_constant: bool = False) -> str:
        """The function of render.h that writes a text here; refuses where none can."""
        if self.pending or self.place not in ("text", "rcdata", "quoted"):
            raise Refusal(
                f"a value cannot stand here: {self.described()}"
                + ("; put the value into quotes" if self.place in ("before_value", "unquoted") else "")
            )
        if self.place != "quoted":
            return "render_text"
        self.check_attribute()
        if self.attribute not in URL_ATTRIBUTES:
            return "render_text"
        self.check_scheme()
        if self.url == UNKNOWN:
            raise Refusal("whether the address has begun here depends on a branch")
        if self.url:
            return "render_url_part"
        if self.tag in LOADING_TAGS and not is_constant:
            raise Refusal(f"the address in <{self.tag}> must begin with a text of the template")
        return "render_url"

    def check_attribute(self) -> None:
        name = self.attribute
        if "?" in name:
            raise Refusal("the name of this attribute depends on a branch")
        if name.startswith("on") or name in REFUSED_ATTRIBUTES or self.tag in ANIMATING_TAGS:
            raise Refusal(f'a value cannot stand in the attribute "{name}"')
        if name == "content" and self.has_http_equiv:
            raise Refusal('a value cannot stand in the attribute "content" beside "http-equiv"')


Step = tuple[Position, str]


def in_text(position: Position, text: str) -> Step:
    start = text.find("<")
    if start < 0:
        return position, ""
    text = text[start:]
    if text in ("<", "</", "<!", "<!-"):
        return replace(position, pending=text), ""
    if text.startswith("<!--"):
        return Position("comment"), text[4:]
    match = re.match(r"<(/?[a-zA-Z])", text)
    if match:
        return Position("tag_name"), text[1:]
    if text[1] in "!?/":
        return Position("declaration"), text[2:]
    return position, text[1:]


def until(end: str, place: str):  # type: ignore[no-untyped-def]
    def step(position: Position, text: str) -> Step:
        found = text.find(end)
        if found >= 0:
            return Position(place), text[found + len(end) :]
        return replace(position, pending=partial(text, end)), ""

    return step


def partial(text: str, end: str) -> str:
    """The longest tail of the text that `end` begins with."""
    tails = (text[-size:] for size in range(min(len(end) - 1, len(text)), 0, -1))
    return next((tail for tail in tails if end.startswith(tail.lower())), "")


def in_element(position: Position, text: str) -> Step:
    """Within an element whose content is text up to its own end tag."""
    found = re.search(rf"</{position.tag}(?=[\s/>])", text.lower())
    if found is None:
        return replace(position, pending=partial(text, f"</{position.tag}>")), ""
    return Position("tag_name"), text[found.start() + 1 :]


def in_tag_name(position: Position, text: str) -> Step:
    match = re.match(r"/?[^\s/>]*" if position.tag == "" else r"[^\s/>]*", text)
    assert match
    name, text = (position.tag + match.group()).lower(), text[match.end() :]
    return Position("tag" if text else "tag_name", tag=name), text


def in_tag(position: Position, text: str) -> Step:
    if text[0] == ">":
        return behind_tag(position), text[1:]
    if text[0] in SPACES + "/":
        return replace(position, place="tag", attribute="", url=""), text[1:]
    return replace(position, place="name", attribute=text[0].lower(), url=""), text[1:]


def behind_tag(position: Position) -> Position:
    if position.tag == "meta" and position.has_http_equiv and position.has_variable:
        raise Refusal('a value cannot stand in the attribute "content" beside "http-equiv"')
    if position.tag in ("script", "style"):
        return Position("raw", tag=position.tag)
    if position.tag in ("textarea", "title"):
        return Position("rcdata", tag=position.tag)
    return Position()


def in_name(position: Position, text: str) -> Step:
    if text[0] == "=":
        return replace(position, place="before_value", url=""), text[1:]
    if text[0] in SPACES:
        return replace(named(position), place="after_name"), text[1:]
    if text[0] in ">/":
        return in_tag(named(position), text)
    return replace(position, attribute=position.attribute + text[0].lower()), text[1:]


def named(position: Position) -> Position:
    return replace(
        position, has_http_equiv=position.has_http_equiv or position.attribute == "http-equiv"
    )


def in_after_name(position: Position, text: str) -> Step:
    if text[0] == "=":
        return replace(position, place="before_value", url=""), text[1:]
    return in_tag(replace(position, place="tag"), text)


def in_before_value(position: Position, text: str) -> Step:
    position = named(position)
    if text[0] in SPACES:
        return position, text[1:]
    if text[0] in "\"'":
        return replace(position, place="quoted", quote=text[0]), text[1:]
    if text[0] == ">":
        return behind_tag(position), text[1:]
    return replace(position, place="unquoted"), text[1:]


def in_quoted(position: Position, text: str) -> Step:
    end = text.find(position.quote)
    if end < 0:
        is_url = position.attribute in URL_ATTRIBUTES
        return replace(position, url=position.url + text if is_url else ""), ""
    return replace(position, place="tag", attribute="", quote="", url=""), text[end + 1 :]


def in_unquoted(position: Position, text: str) -> Step:
    match = re.match(r"[^\s>]*", text)
    assert match
    text = text[match.end() :]
    return replace(position, place="tag" if text else "unquoted"), text


STEPS = {
    "text": in_text,
    "raw": in_element,
    "rcdata": in_element,
    "comment": until("-->", "text"),
    "declaration": until(">", "text"),
    "tag_name": in_tag_name,
    "tag": in_tag,
    "name": in_name,
    "after_name": in_after_name,
    "before_value": in_before_value,
    "quoted": in_quoted,
    "unquoted": in_unquoted,
}


@dataclass(frozen=True)
class PlainPosition:
    """In a template that is no HTML: the same everywhere."""

    write: str  # render_plain, render_line

    place = "plain"

    def after(self, text: str) -> PlainPosition:
        return self

    def after_value(self) -> PlainPosition:
        return self

    def joined(self, other: PlainPosition) -> PlainPosition:
        return self

    def described(self) -> str:
        return "in text"

    def writer(self, is_constant: bool = False) -> str:
        return self.write
