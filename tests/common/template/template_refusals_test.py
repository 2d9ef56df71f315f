"""What the compiler of templates refuses, sentence by sentence; where a value may stand: template_positions_test.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from template_site import Site


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Site:
    return Site(tmp_path)


REFUSED = {
    # names
    "an unknown variable": (
        "{{ txt }}",
        'there is no variable "txt": there is at, count, html, is_open, number, post, posts, raw, '
        "state, text, words",
    ),
    "an unknown field": ("{{ post.name }}", '"post" has no field "name": it has at, id, title'),
    "an unknown field by index": (
        '{{ post["name"] }}',
        '"post" has no field "name": it has at, id, title',
    ),
    "an index that is no constant": ("{{ post[text] }}", "only a constant text may stand in […]"),
    "a field of a text": ("{{ text.size }}", '"text" is a text: it has no field "size"'),
    "a field of a list": ("{{ posts.id }}", '"posts" is a list: it has no field "id"'),
    "an unknown field of the loop": (
        "{% for p in posts %}{{ loop.cycle }}{% endfor %}",
        '"loop" has no "cycle": it has first, index, index0, last, length',
    ),
    "the loop outside of one": ("{{ loop.index }}", 'there is no variable "loop"'),
    "a variable of an inner scope": (
        "{% if is_open %}{% set a = 1 %}{% endif %}{{ a }}",
        'there is no variable "a"',
    ),
    "a variable set again further in": (
        "{% set a = 1 %}{% if is_open %}{% set a = 2 %}{% endif %}",
        '"a" is set already, outside: give this one another name',
    ),
    "too few values for names": (
        "{% for a, b in [(1, 2, 3)] %}{% endfor %}",
        "2 names need as many values",
    ),
    # filters, functions, tests
    "an unknown filter": ("{{ text|titel }}", 'there is no filter "titel": there is bytes, date,'),
    "safe": ("{{ text|safe }}", 'there is no filter "safe"'),
    "a filter of another type": ("{{ text|date }}", "|date takes a time, not a text"),
    "a filter without its argument": (
        "{{ text|truncate }}",
        "|truncate wants an integer in its parentheses",
    ),
    "a filter with an argument too many": (
        "{{ at|date(1) }}",
        "|date wants nothing in its parentheses",
    ),
    "a filter's argument that may be absent": (
        "{{ text|truncate(count) }}",
        "an argument of |truncate may be absent",
    ),
    "label of a text": ("{{ text|label }}", "|label takes a choice, not a text"),
    "length of a boolean": ("{{ is_open|length }}", "a boolean is no text"),
    "an unknown function": (
        "{{ now() }}",
        '"now" is neither a macro nor a function: functions are _, asset, gettext,',
    ),
    "a function that refuses": ('{{ asset("x.css") }}', "asset(…): there is no x.css"),
    "a function of a variable": ("{{ twice(text) }}", "twice(…) takes constants only"),
    "an unknown test": ("{% if number is odd %}{% endif %}", 'there is no test "is odd"'),
    # types
    "a time without a form": ("{{ at }}", "say how a time is to be written: |date,"),
    "a struct": ("{{ post }}", "a struct cannot be printed"),
    "a list": ("{{ posts }}", "a list cannot be printed"),
    "raw JSON": ("{{ raw }}", "nothing a template can use is no text"),
    "a loop over a text": ("{% for c in text %}{% endfor %}", '"text" is a text: a loop needs a list'),
    "a loop with a condition": (
        "{% for p in posts if p.id %}{% endfor %}",
        "a loop with a condition of its own, or a recursive one, is not supported",
    ),
    "an unknown text of a choice": ('{% if state == "onn" %}{% endif %}', '"onn" is none of off, on'),
    "a text compared with an integer": (
        "{% if text == number %}{% endif %}",
        "a text is never equal to an integer",
    ),
    "an order of texts": (
        "{% if text < text %}{% endif %}",
        "only integers and times can be compared by <",
    ),
    "an integer before a time": (
        "{% if number < at %}{% endif %}",
        "an integer cannot be compared with a time",
    ),
    "in a text": ('{% if "a" in text %}{% endif %}', '"in" needs a list of texts'),
    "a sum of texts": ("{{ text + text }}", "a text cannot be calculated with"),
    "a division by a variable": ("{{ 1 // number }}", "a divisor must be a constant above 0"),
    "a division by 0": ("{{ 1 % 0 }}", "a divisor must be a constant above 0"),
    "a floating-point number": ("{{ 1.5 }}", "1.5 is neither a text nor an integer"),
    "alternatives of two types": (
        "{{ text if is_open else at }}",
        "one of two alternatives is a text, the other a time",
    ),
    "an expression that is not supported": (
        "{{ {} }}",
        "an expression such as this (Dict) is not supported",
    ),
    "a statement that is not supported": (
        "{% filter urlencode %}{% endfilter %}",
        "a statement such as this (FilterBlock) is not supported",
    ),
    # translations
    "markup in a translated text": (
        "{% trans %}<b>Yes</b>{% endtrans %}",
        'a translated text is plain text, without markup: "<b>Yes</b>"',
    ),
    "an entity in a translated text": (
        "{{ _('a&nbsp;b') }}",
        'a translated text is plain text, without markup: "a&nbsp;b"',
    ),
    "a translation of a variable": (
        "{{ _(text) }}",
        "only a constant text can be translated (a choice: |label)",
    ),
    "a placeholder without its value": (
        '{{ _("Hello %(name)s") }}',
        "the translated text has no value for name",
    ),
    "a lone per cent sign": ('{{ _("100 %") }}', 'write %% for a per cent sign: "100 %"'),
    "a plural of a text": (
        '{{ ngettext("a", "b", text) }}',
        "a plural goes by an integer, not by a text",
    ),
    "a translation without its plural": (
        '{{ ngettext("a", "b") }}',
        "ngettext(…) has too few or too many arguments",
    ),
    # templates made of others
    "a template that is not there": (
        '{% include "no.html" %}',
        'there is no template "no.html" in site',
    ),
    "a template named by a variable": (
        "{% include text %}",
        "a template is named by a constant text",
    ),
    "a layout that is not there": (
        '{% extends "no.html" %}',
        'there is no template "no.html" in site',
    ),
    "a block that the layout has not": (
        '{% extends "layout.html" %}{% block mian %}{% endblock %}',
        'site/layout.html has no block "mian": it has main',
    ),
    "text outside the blocks": (
        '{% extends "layout.html" %}lost',
        "what stands outside the blocks of a template that extends another is never shown",
    ),
    "super without a block above": (
        "{% block a %}{{ super() }}{% endblock %}",
        'no template above has a block "a"',
    ),
    "super outside a block": ("{{ super() }}", "super() is for blocks"),
    "a block of its own that is not there": ("{{ self.a() }}", 'there is no block "a"'),
    "templates that extend each other": ('{% extends "page.html" %}', "the templates extend each other"),
    "templates that include each other": (
        '{% include "page.html" %}',
        "templates, macros or blocks call each other without end",
    ),
    "an included template with blocks": (
        '{% include "layout.html" %}',
        "site/layout.html extends another or has blocks: it cannot be included",
    ),
    "a macro that is not there": (
        '{% from "macros.html" import filed %}',
        'the template has no "filed": it has field',
    ),
    "a macro without an argument": (
        '{% from "macros.html" import field %}{{ field() }}',
        'the macro is not given its argument "name"',
    ),
    "a macro with an argument too many": (
        '{% from "macros.html" import field %}{{ field(1, 2, 3) }}',
        "the macro takes 2 arguments, not 3",
    ),
    "a macro with an unknown argument": (
        '{% from "macros.html" import field %}{{ field(1, nmae=2) }}',
        'the macro has no argument "nmae" that is not given already',
    ),
    "a macro that calls itself": (
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "templates, macros or blocks call each other without end",
    ),
    "a call of what is no macro": ("{% call text() %}{% endcall %}", '"text" is no macro'),
    "a syntax error": ("{% if %}", "Expected an expression, got 'end of statement block'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(site: Site, name: str) -> None:
    text, sentence = REFUSED[name]
    site.put("page.html", text)
    site.put("layout.html", "{% block main %}{% endblock %} text")
    site.put("macros.html", "{% macro field(name, value='') %}{{ name }}{{ value }}{% endmacro %}")

    said = site.refusal()

    place, _, rest = said.partition(": ")
    assert place == "site/page.html:1"
    assert rest.startswith(sentence), said


def test_says_where_it_is_in_which_file(site: Site) -> None:
    site.put("page.html", '{% extends "layout.html" %}\n{% block main %}\n\n{{ txt }}{% endblock %}')
    site.put("layout.html", "<p>\n{% block main %}{% endblock %}")

    assert site.refusal().startswith("site/page.html:4: ")


def test_blames_the_macro_for_what_is_wrong_in_it(site: Site) -> None:
    site.put("page.html", '{% from "macros.html" import field %}\n\n\n{{ field(at) }}')
    site.put("macros.html", "{% macro field(value) %}\n{{ value }}{% endmacro %}")

    assert site.refusal() == (
        "site/macros.html:2: say how a time is to be written: |date, |time, |datetime or |iso"
    )


def test_refuses_an_imported_template_with_text(site: Site) -> None:
    site.put("page.html", '{% import "text.html" as text %}')
    site.put("text.html", "{% set a = 1 %}\ntext")

    assert site.refusal() == "site/text.html:2: an imported template has macros and variables only"


def test_refuses_a_page_that_is_not_there(site: Site) -> None:
    assert site.refusal() == "site/page.html:1: there is no such template"


def test_refuses_what_is_not_utf_8(site: Site) -> None:
    (site.root / "site/page.html").write_bytes(b"\xff")

    assert site.refusal().startswith("site/page.html:1: is not UTF-8")
