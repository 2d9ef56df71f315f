"""Somebody with a browser that has no scripts: reads pages and sends their forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Optional
from urllib.parse import urlsplit

import requests

from support import secrets_used
from support.http_client import PASSWORD, SECONDS, new_email

VOID = {"br", "hr", "img", "input", "link", "meta"}


@dataclass
class Form:
    """As the browser would send it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    described_by: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of checkboxes and named buttons


class Page(HTMLParser):
    """A response, and what its HTML says."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__()
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.text
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.texts: dict[str, str] = {}  # by id, class and role of the element
        self.language = ""
        self.title = ""
        self.heading = ""
        self._open: list[tuple[str, list[str]]] = []
        self._text = ""
        self._select = ""
        self._textarea = ""
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self.feed(self.html)

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    def form(self, action: str, method: str = "post") -> Form:
        """The form that is sent to this path."""
        found = [each for each in self.forms if (each.action, each.method) == (action, method)]
        assert found, f"no form for {action} among {[each.action for each in self.forms]}"
        return found[0]

    def text_of(self, name: str) -> str:
        """Of the element with this id, class or role."""
        return " ".join(self.texts.get(name, "").split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Optional[str]]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        names = [attributes.get("id", ""), attributes.get("role", "")]
        names += [*attributes.get("class", "").split(), tag]
        if tag not in VOID:
            self._open.append((tag, [name for name in names if name]))
        if tag == "html":
            self.language = attributes.get("lang", "")
        if "href" in attributes and tag == "a":
            self.links.append(attributes["href"])
        if tag == "form":
            self.forms.append(Form(attributes.get("action", ""), attributes.get("method", "")))
        self._control(tag, attributes)

    def _control(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.forms:
            return
        form, name = self.forms[-1], attributes.get("name", "")
        if tag in ("input", "textarea", "select") and name:
            form.types[name] = attributes.get("type", tag)
            form.described_by[name] = attributes.get("aria-describedby", "")
        if name and (tag == "button" or attributes.get("type") == "checkbox"):
            form.choices.setdefault(name, []).append(attributes.get("value", ""))
        if tag == "input" and (attributes.get("type") != "checkbox" or "checked" in attributes):
            form.fields[name] = attributes.get("value", "")
        if tag == "textarea":
            form.fields[name], self._textarea = "", name
        if tag == "select":
            self._select = name
        if tag == "option" and self._select:
            if "selected" in attributes or self._select not in form.fields:
                form.fields[self._select] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            text = self.forms[-1].fields[self._textarea]
            # a line end right after the tag is not part of the text
            self.forms[-1].fields[self._textarea] = text.removeprefix("\n")
            self._textarea = ""
        self._select = "" if tag == "select" else self._select
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data
        for tag, names in self._open:
            for name in names:
                self.texts[name] = self.texts.get(name, "") + data
            self.title += data if tag == "title" else ""
            self.heading += data if tag == "h1" else ""


class Person:
    """Somebody with a cookie jar; `email` once registered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept"] = "text/html"
        self.email = ""

    def request(self, method: str, path: str, **options: Any) -> Page:
        secrets_used.note_fields(options.get("data"))
        response = self.session.request(
            method, self.url + path, timeout=SECONDS, allow_redirects=False, **options
        )
        for each in response.cookies:
            secrets_used.note_token(each.value)
        response.encoding = "utf-8"
        return Page(response)

    def get(self, path: str, **options: Any) -> Page:
        return self.request("GET", path, **options)

    def post(self, path: str, fields: Any = None, **options: Any) -> Page:
        return self.request("POST", path, data=fields, **options)

    def send(self, page: Page, action: str, without: tuple[str, ...] = (), **typed: Any) -> Page:
        """Fill in a form of the page and send it."""
        form = page.form(action)
        fields = {name: form.fields[name] for name in form.fields if name not in without}
        return self.post(action, fields | typed)

    def follow(self, page: Page) -> Page:
        """Go where it leads."""
        assert page.status == 302, f"{page.status}: {page.html}"
        parts = urlsplit(page.location)
        assert not parts.netloc and parts.path.startswith("/")
        return self.get(page.location)

    def register(self, password: str = PASSWORD) -> Person:
        self.email = new_email()
        answer = self.send(
            self.get("/registration/"),
            "/registration/",
            email=self.email,
            password1=password,
            password2=password,
        )
        assert answer.status == 302, answer.html
        return self

    def login(self, email: str, password: str = PASSWORD) -> Page:
        return self.send(self.get("/login/"), "/login/", username=email, password=password)

    def write(self, **fields: str) -> str:
        """Write a post; its path."""
        typed = {"title": "Hello", "content": "World", "status": "published"} | fields
        answer = self.send(self.get("/posts/new/"), "/posts/new/", **typed)
        assert answer.status == 302, answer.html
        return answer.location
