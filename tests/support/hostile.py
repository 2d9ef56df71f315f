"""What somebody with bad intentions types, and what a page may look like whatever was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib

from support.machine import ROOT
from support.page_client import Page

SITE = ROOT / "services/gateway/pages/site"

MARKUP = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "\" onfocus=alert(1) autofocus x=\"",
    "' onfocus=alert(1) autofocus x='",
    "` onfocus=alert(1) autofocus x=`",
    " onmouseover=alert(1) ",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=//evil.example><input name=csrf>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3c;script&#x3e;alert(1)",
    "{{ 7*7 }}{% include '/etc/passwd' %}${7*7}#{7*7}",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\u202e<b>\u2066\ufeff\u0085\u2028",
    "＜script＞alert(1)＜/script＞",
    "%(email)s%n%s%s%s %(x",
]
MARKDOWN = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0a;script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( \x01javascript:alert(1))",
    "[x](vbscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![\" onerror=alert(1) x=\"](x)",
    "<javascript:alert(1)>",
    "<vbscript:alert(1)>",
    "[x]\n\n[x]: javascript:alert(1)",
    "[x](/a '\" onmouseover=\"alert(1)')",
    "[x](http://a\"onmouseover=\"alert(1))",
    "```\" onmouseover=\"alert(1)\nx\n```",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<div>\n<script>alert(1)</script>\n</div>",
    "<!-- x -->\n<?php x ?>\n<![CDATA[<script>alert(1)</script>]]>",
    "# <img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[[[[[[[[[[](((((((((" * 50,
    "> " * 200 + "x",
]
ELSEWHERE = [  # where no redirect may lead
    "//evil.example",
    "///evil.example",
    "////evil.example/",
    "https://evil.example/",
    "http:evil.example",
    "https:/evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "@evil.example",
    "/\r\nX-Injected: yes",
    "/%0d%0aX-Injected:%20yes",
    "/\u010d\u010aX-Injected: yes",
    "/" + "a" * 5000,
]

MARKDOWN_TAGS = {"p", "em", "strong", "a", "ul", "ol", "li", "code", "pre", "blockquote", "hr", "br"}
MARKDOWN_TAGS |= {f"h{level}" for level in range(1, 7)}
SWITCHES = {"checked", "selected", "required"}  # that templates set within a condition
KINDS = {"/users/": "user", "/posts/": "post", "/dead-letters/": "letter", "/commands/": "command"}  # whose id a path has
URL_ATTRIBUTES = {"href", "src", "action", "formaction", "data", "poster", "cite", "background"}


def _of_templates() -> tuple[set[str], set[str]]:
    """All elements and attributes that stand in the templates."""
    tags, attributes = {"html", "head", "body", "tbody"}, {"class", "start"} | SWITCHES
    for file in SITE.rglob("*.html"):
        text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for tag, rest in re.findall(r"<([a-z][a-z0-9]*)((?:[^<>]|\{[{%].*?[%}]\})*)>", text):
            tags.add(tag)
            attributes.update(re.findall(r"(?:^|\s)([a-z][a-z-]*)(?==|\s|$)", rest))
        attributes.update(re.findall(r'\s([a-z][a-z-]*)="', text))
    return tags | MARKDOWN_TAGS, attributes


TAGS, ATTRIBUTES = _of_templates()


@dataclass(frozen=True)
class SitePage:
    """A page, as its JSON says."""

    name: str
    path: str
    user: str
    has_template: bool
    forms: tuple[str, ...]  # their names; "" for the only one
    query: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        """Is it one of those that `address` knows to be there?"""
        return "{" not in self.path or any(folder in self.path for folder in KINDS)

    def address(self, numbers: dict[str, Any]) -> str:
        """Its path with ids filled in: of a post, of a user, of a letter, of a command, or of nothing."""
        kinds = [kind for folder, kind in KINDS.items() if folder in self.path] or ["post"]
        return re.sub(r"\{\w+\}", str(numbers[kinds[0]]), self.path)


def site_pages() -> Iterator[SitePage]:
    """All pages of the site, those that are only posted to as well."""
    for file in sorted(SITE.rglob("*.json")):
        page = json.loads(file.read_text(encoding="utf-8"))
        if "path" not in page:
            continue
        forms = page.get("forms") or ({"": page["form"]} if "form" in page else {})
        sources = [str(each) for ask in page.get("asks", {}).values()
                   for each in ask.get("fields", {}).values()]  # fmt: skip
        query = [each.partition(".")[2] for each in sources if each.startswith("query.")]
        yield SitePage(
            name=file.relative_to(SITE).with_suffix("").as_posix(),
            path=page["path"],
            user=page.get("user", "optional"),
            has_template="template" in page or file.with_suffix(".html").exists(),
            forms=tuple(forms),
            query=tuple(query + page.get("query", [])),
        )


def _parse(page: Page) -> Any:
    return html5lib.parse(page.html, namespaceHTMLElements=False)


def _elements(page: Page) -> Iterator[Any]:
    return (each for each in _parse(page).iter() if isinstance(each.tag, str))


def structure(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """Each element with its attributes' names: what no text may change."""
    return [(each.tag, tuple(sorted(each.attrib))) for each in _elements(page)]


def is_safe_url(url: str) -> bool:
    """As a browser reads it: control characters and blanks around it are nothing."""
    seen = re.sub(r"[\x00-\x20]", "", url)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", seen)
    return scheme is None or scheme[1].lower() in ("http", "https", "mailto")


def shows(page: Page, text: str) -> bool:
    """Can it be read there, or is it in a field: letter for letter?"""
    values = [value for each in _elements(page) for value in each.attrib.values()]
    return any(text in found for found in ["".join(_parse(page).itertext()), *values])


def expect_harmless(page: Page, text: str = "") -> None:
    """Nothing on it but what templates (and Markdown) have: no element, no attribute, no script.

    `text` must be shown, with nothing read into it.
    """
    assert page.status < 500, page.html
    assert "x-injected" not in {name.lower() for name in page.headers}
    if not page.headers.get("Content-Type", "").startswith("text/html"):
        assert page.headers.get("X-Content-Type-Options") == "nosniff" and not text
        return
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    for each in _elements(page):
        assert each.tag in TAGS, f"<{each.tag}> came from outside"
        for name, value in each.attrib.items():
            where = f"<{each.tag} {name}={value!r}>"
            assert name in ATTRIBUTES, f"{where} came from outside"
            assert not name.startswith("on") and name not in ("style", "srcdoc"), where
            assert name not in URL_ATTRIBUTES or is_safe_url(value), where
        if "http-equiv" in each.attrib:  # the page itself, again
            assert each.attrib.get("content", "").isdecimal(), each.attrib
        if each.tag == "script":
            assert each.attrib.get("src", "").startswith("/assets/") and not (each.text or ""), each
        if each.tag in ("form", "button", "input", "script", "link", "img"):
            for name in ("action", "formaction", "src", "href"):
                assert leads_home(each.attrib.get(name, "/")), each.attrib
    assert not text or shows(page, text), f"{text!r} is not on the page: {page.html}"


def leads_home(location: str) -> bool:
    """Does a browser that follows it stay here? It reads \\ as / and leaves out tabs and line ends."""
    here = "http://here.example/some/page/"
    seen = re.sub(r"[\t\r\n]", "", location.strip(" \x00\x01")).replace("\\", "/")
    parts = urlsplit(urljoin(here, seen))
    return parts.scheme in ("http", "https") and parts.netloc == "here.example"
