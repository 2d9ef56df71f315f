"""The checks of the hostile tests: they see what is foul, and nothing where all is well."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import unquote

import pytest
import requests

from support.hostile import MARKUP, expect_harmless, is_safe_url, leads_home
from support.page_client import Page

PLACES = ["<p>{}</p>", '<p title="{}">x</p>', "<p title='{}'>x</p>", "<textarea>{}</textarea>"]
# (what a payload has, the place where it bites if it is put there as it is)
AS_IT_IS = [
    ("script:", '<p><a href="{}">x</a></p>'),
    ("</title>", "<title>{}</title>"),
    ("</textarea>", "<textarea>{}</textarea>"),
    ("-->", "<!-- {} -->"),
    ("\">", '<p title="{}">x</p>'),
    ("'>", "<p title='{}'>x</p>"),
    ("\" on", '<p title="{}">x</p>'),
    ("' on", "<p title='{}'>x</p>"),
    ("` on", "<p title={}>x</p>"),
    (" on", "<p title=x{}>x</p>"),
    ("<", "<p>{}</p>"),
]
# (what a payload has, how a page takes it that reads something into it)
READ_INTO: list[tuple[str, Callable[[str], str]]] = [
    ("&", unescape),
    ("%3C", unquote),
    ("＜", lambda text: unicodedata.normalize("NFKC", text)),
    ("{{", lambda text: text.replace("{{ 7*7 }}", "49")),
    ("{%", lambda text: text.replace("{% include '/etc/passwd' %}", "root:x:0:0:")),
    ("${", lambda text: text.replace("${7*7}", "49")),
    ("#{", lambda text: text.replace("#{7*7}", "49")),
    ("%(", lambda text: text.replace("%(email)s", "ann@example.com")),
    ("%n", lambda text: text.replace("%n", "\n")),
    ("\u202e", lambda text: text.replace("\u202e", "")),
    ("\ufeff", lambda text: text.replace("\ufeff", "")),
]
RAW = [(each, [place for part, place in AS_IT_IS if part in each]) for each in MARKUP]
READ = [(each, read) for each in MARKUP for part, read in READ_INTO if part in each]


def _page(body: str) -> Page:
    response = requests.Response()
    response.status_code = 200
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.encoding = "utf-8"
    response._content = f"<!doctype html><html><body>{body}</body></html>".encode()  # pylint: disable=protected-access
    return Page(response)


@pytest.mark.parametrize("payload", MARKUP)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_escaped_is_harmless(payload: str, place: str) -> None:
    expect_harmless(_page(place.format(escape(payload))), payload)


@pytest.mark.parametrize(("payload", "place"), [(each, places[0]) for each, places in RAW if places])
def test_what_is_not_escaped_is_seen(payload: str, place: str) -> None:
    page = _page(place.format(payload))

    with pytest.raises(AssertionError):
        expect_harmless(page)


@pytest.mark.parametrize(("payload", "read"), READ)
def test_what_is_read_into_a_text_is_seen(payload: str, read: Callable[[str], str]) -> None:
    page = _page(f"<p>{escape(read(payload))}</p>")

    with pytest.raises(AssertionError):
        expect_harmless(page, payload)


@pytest.mark.parametrize("payload", MARKUP)
def test_each_payload_bites_somewhere(payload: str) -> None:
    assert dict(RAW)[payload] or payload in dict(READ)


@pytest.mark.parametrize("payload", MARKUP)
def test_what_is_escaped_twice_is_seen(payload: str) -> None:
    if escape(payload) == payload:
        return

    with pytest.raises(AssertionError):
        expect_harmless(_page(f"<p>{escape(escape(payload))}</p>"), payload)


def test_addresses_that_are_foul_are_seen() -> None:
    for url in ("javascript:x", " javascript:x", "java\tscript:x", "\x01data:x", "vbscript:x"):
        assert not is_safe_url(url)
    for url in ("//evil.example", "/\\evil.example", "\t//evil.example", "https://evil.example"):
        assert not leads_home(url)
    assert leads_home("/posts/1/?x=//evil.example")
