"""Where in a page a value may stand, and where it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from template_site import Site

HERE = "a value cannot stand here:"


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Site:
    return Site(tmp_path)


REFUSED = {
    "a script": ("<script>{{ text }}</script>", f"{HERE} within <script>"),
    "a style": ("<STYLE> {{ number }}</STYLE>", f"{HERE} within <style>"),
    "a script that seems to end": ("<script></scriptx>{{ text }}", f"{HERE} within <script>"),
    "a comment": ("<!-- - {{ text }} -->", f"{HERE} within a comment"),
    "a declaration": ("<!doctype {{ text }}>", f"{HERE} within a declaration"),
    "a value without quotes": ("<a title={{ text }}>", f"{HERE} within the tag <a>; put the value"),
    "part of a value without quotes": (
        "<a title=x{{ text }}>",
        f"{HERE} within a value without quotes; put the value into quotes",
    ),
    "a tag's name": ("<{{ text }}>", f'{HERE} behind "<"'),
    "part of a tag's name": ("<a{{ text }}>", f"{HERE} within the tag <a>"),
    "an attribute's name": ("<a {{ text }}>", f"{HERE} within the tag <a>"),
    "part of an attribute's name": ("<a x{{ text }}=''>", f"{HERE} within the tag <a>"),
    "an event handler": (
        '<a onClick="{{ text }}">',
        'a value cannot stand in the attribute "onclick"',
    ),
    "a style attribute": ("<a style='{{ text }}'>", 'a value cannot stand in the attribute "style"'),
    "a document in an attribute": (
        '<iframe srcdoc="{{ text }}">',
        'a value cannot stand in the attribute "srcdoc"',
    ),
    "an attribute whose name depends on a branch": (
        '<a {% if is_open %}title{% endif %}="{{ text }}">',
        "the name of this attribute depends on a branch",
    ),
    "an animated attribute": (
        '<set to="{{ text }}">',
        'a value cannot stand in the attribute "to"',
    ),
    "a script's whole address": (
        '<script src="{{ text }}"></script>',
        "the address in <script> must begin with a text of the template",
    ),
    "behind a scheme that runs": (
        '<a href=" JavaScript:{{ text }}">',
        'a value cannot stand behind " JavaScript:"',
    ),
    "an address that may have begun": (
        '<a href="{% if is_open %}/x{% endif %}{{ text }}">',
        "whether the address has begun here depends on a branch",
    ),
    "a refresh": (
        '<meta http-equiv="refresh" content="0;url={{ text }}">',
        'a value cannot stand in the attribute "content" beside "http-equiv"',
    ),
    "a refresh said afterwards": (
        '<meta content="0;url={{ text }}" http-equiv=refresh>',
        'a value cannot stand in the attribute "content" beside "http-equiv"',
    ),
    "HTML in an attribute": (
        '<a title="{{ html }}">',
        'HTML cannot stand here: within the attribute "title"',
    ),
    "HTML in a title": ("<title>{{ html }}</title>", "HTML cannot stand here: within <title>"),
    "branches that end in different places": (
        '<a {% if is_open %}title="{% endif %}">',
        'one branch ends within the attribute "title", another within the tag <a>',
    ),
    "a loop that ends elsewhere": (
        "{% for p in posts %}<a {% endfor %}",
        "a loop begins in text and ends within the tag <a>",
    ),
    "a captured text that ends in a tag": (
        "{% set a %}<a {% endset %}",
        "what is captured here ends within the tag <a>",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_a_value(site: Site, name: str) -> None:
    text, sentence = REFUSED[name]
    site.put("page.html", text)

    said = site.refusal()

    place, _, rest = said.partition(": ")
    assert place == "site/page.html:1"
    assert rest.startswith(sentence), said


def test_prints_no_html_in_plain_text(site: Site) -> None:
    site.put("page.html", "{{ html }}")

    assert site.refusal("text") == "site/page.html:1: HTML cannot stand here: in text"


ALLOWED = {
    "a comparison with < in text": "1 < {{ number }}",
    "a value in the middle of an attribute": '<a class="x {{ text }} y">',
    "a loaded address that begins with text": '<script src="/{{ text }}"></script>',
    "a loaded address known at build time": '<script src="{{ twice("/x") }}"></script>',
    "behind a script": "<script>if (a</b/.x) {}</script >{{ text }}",
    "behind a comment": "<!-- > {% if is_open %}- x{% endif %}-->{{ text }}",
    "an attribute behind one without a value": '<input checked title="{{ text }}">',
    "an attribute behind a branch": '<input {% if is_open %}checked{% endif %} title="{{ text }}">',
    "an attribute without quotes beside": '<a class=x title="{{ text }}">',
    "content without a refresh": '<meta name=a content="{{ text }}"><meta http-equiv=a content=b>',
    "an address in two branches": '<a href="{% if is_open %}/a{% else %}/b?{% endif %}{{ text }}">',
    "an address that a branch says": '<a href="{% if is_open %}/a{% endif %}">{{ text }}',
    "a mail address": '<a href="mailto:{{ text }}">',
}


@pytest.mark.parametrize("name", ALLOWED)
def test_allows(site: Site, name: str) -> None:
    site.put("page.html", ALLOWED[name])

    assert "render_it" in site.compile()
