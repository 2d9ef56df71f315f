"""What the compiler of templates refuses, sentence by sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support.machine import ROOT

sys.path.insert(0, str(ROOT))

from common.template.compile import Compiler, Filter, Function, TemplateError
from common.template.compile.contract_shapes import shape_of
from common.template.compile.shapes import (
    Boolean,
    Choice,
    Field,
    Html,
    Integer,
    List,
    Opaque,
    Struct,
    Text,
    Time,
)

POST = Struct("post", {"id": Field(Integer()), "title": Field(Text()), "at": Field(Time())})
PAGE = Struct(
    "page",
    {
        "text": Field(Text()),
        "html": Field(Html()),
        "number": Field(Integer()),
        "count": Field(Integer(), optional=True),
        "at": Field(Time()),
        "is_open": Field(Boolean()),
        "state": Field(Choice("state", ["on", "off"])),
        "post": Field(POST),
        "posts": Field(List(POST)),
        "words": Field(List(Text())),
        "raw": Field(Opaque("it is raw JSON")),
    },
)


def no_asset(name: str) -> str:
    raise ValueError(f"there is no {name}")


class Site:
    """Templates of a test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "site").mkdir()

    def put(self, name: str, text: str) -> None:
        (self.root / "site" / name).write_text(text, encoding="utf-8")

    def compile(self, kind: str = "html", variables: Struct = PAGE) -> str:
        functions = {"asset": Function(no_asset), "twice": Function(lambda text: 2 * text)}
        filters = {"loud": Filter(Text(), Text(), "loud", include="loud.h")}
        compiler = Compiler(self.root, ["site"], kind, functions, filters)
        return compiler.compile("page.html", variables, "render_it").code

    def refusal(self, kind: str = "html") -> str:
        with pytest.raises(TemplateError) as caught:
            self.compile(kind)
        return str(caught.value)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


HERE = "a value cannot stand here:"
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
    "join of structs": ("{{ posts|join }}", "|join takes a list of texts, not a list"),
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
        "{% filter upper %}{% endfilter %}",
        "a statement such as this (FilterBlock) is not supported",
    ),
    # where a value stands
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


def test_tells_what_was_used_and_read(site: Site) -> None:
    site.put("page.html", '{% include "part.html" %}{{ post.title }}')
    site.put("part.html", "{% for each in posts %}{{ each.id }}{% endfor %}")

    made = Compiler(site.root, ["site"]).compile("page.html", PAGE, "render_it")

    assert made.used == {"post", "post.title", "posts", "posts[]", "posts[].id"}
    assert sorted(made.files) == ["site/page.html", "site/part.html"]
    assert made.prototype == "void render_it(struct render *render, const struct page *page)"


def test_reads_shapes_from_contracts() -> None:
    class Contract:
        """As in contracts/generate/model.py."""

        def __init__(self, **values: object) -> None:
            self.__dict__.update(values)

    def field(name: str, kind: str, **values: object) -> Contract:
        known = {"required": True, "nullable": False, "type": None}
        return Contract(name=name, kind=kind, **(known | values))

    state = Contract(name="state", values=["on", "off"])
    inner = Contract(name="inner", fields=[field("at", "time", nullable=True)])
    fields = [
        field("title", "string"),
        field("state", "enum", type=state),
        field("inner", "object", required=False, type=inner),
        field("all", "array", type=inner),
        field("raw", "raw"),
    ]

    shape = shape_of(Contract(name="outer", fields=fields))

    known = Struct("inner", {"at": Field(Time(), optional=True)})
    assert shape == Struct(
        "outer",
        {
            "title": Field(Text()),
            "state": Field(Choice("state", ["on", "off"])),
            "inner": Field(known, optional=True),
            "all": Field(List(known)),
            "raw": Field(Opaque("it is raw JSON")),
        },
    )
