"""C from the site: the structs of the templates' variables, the templates, the table of pages."""

from __future__ import annotations

import textwrap
from typing import Optional

from model import Message

from c_code import INDENT, c_struct, c_table, c_text, contract, index, inputs, piece, pointer, value
from page_model import Ask, Form, FormField, Input, Page
from read_site import Site
from templates import PROBLEM, Templates

USERS = {"optional": "PAGE_ANYBODY", "required": "PAGE_USER", "staff": "PAGE_STAFF"}


class PageCode:
    """The tables of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines: list[str] = []

    def name(self, *parts: Optional[str]) -> str:
        return "_".join([self.page.struct, *[part for part in parts if part]])

    def structs(self) -> None:
        """The variables of the template: those of everybody, then the page's own."""
        page = self.page
        members = [f"{INDENT}struct {ask.type.name} {ask.name};" for ask in page.asks]
        if page.queries:
            texts = " ".join(f"const char *{name};" for name in page.queries)
            self.lines.append(f"struct {self.name('query')} {{ {texts} }};")
            members.append(f"{INDENT}struct {self.name('query')} query;")
        for form in page.forms:
            fields = " ".join(f"struct form_field {each.name};" for each in form.fields)
            errors = "const char *const *errors; size_t errors_count;"
            name = self.name(form.name, "form")
            self.lines.append(f"struct {name} {{ {fields} {errors} {result(form)}}};")
        members += self.form_members()
        self.lines += [f"struct {page.struct} {{", f"{INDENT}PAGE_STRUCT;", *members, "};"]

    def form_members(self) -> list[str]:
        forms = self.page.forms
        if not forms:
            return []
        if forms[0].name is None:
            return [f"{INDENT}struct {self.name('form')} form;"]
        rows = " ".join(f"struct {self.name(form.name, 'form')} {form.name};" for form in forms)
        self.lines.append(f"struct {self.name('forms')} {{ {rows} }};")
        return [f"{INDENT}struct {self.name('forms')} forms;"]

    def asks(self) -> None:
        for ask in self.page.asks:
            if ask.message is not None:
                self.lines += inputs(self.name(ask.name, "inputs"), ask.message, ask.inputs)
        rows = [self.ask(ask) for ask in self.page.asks]
        self.lines += c_table(f"struct page_ask {self.name('asks')}", rows)

    def ask(self, ask: Ask) -> str:
        return c_struct(
            {
                "contract": contract(ask.message),
                "local": "NULL" if ask.local is None else f"local_{ask.local}",
                "inputs": pointer(self.name(ask.name, "inputs"), ask.inputs),
                "input_count": str(len(ask.inputs)),
                "offset": f"offsetof(struct {self.page.struct}, {ask.name})",
            }
        )

    def form_place(self, form: Form, member: str) -> str:
        place = "form" if form.name is None else f"forms.{form.name}"
        return f"offsetof(struct {self.page.struct}, {place}.{member})"

    def forms(self) -> None:
        for form in self.page.forms:
            self.form_tables(form)
        rows = [self.form(form) for form in self.page.forms]
        self.lines += c_table(f"struct page_form {self.name('forms_table')}", rows)

    def form_tables(self, form: Form) -> None:
        name = form.name or "form"
        if form.message is not None:
            self.lines += inputs(self.name(name, "inputs"), form.message, form.inputs)
        rows = [self.form_field(form, each) for each in form.fields]
        self.lines += c_table(f"struct page_field {self.name(name, 'fields')}", rows)
        rows = [
            c_struct({"err": f"ERR_{err}", "field": c_text(field)})
            for err, field in form.errors.items()
        ]
        self.lines += c_table(f"struct page_form_error {self.name(name, 'errors')}", rows)
        rows = [f"ERR_{err}" for err in form.ignored]
        self.lines += c_table(f"enum err {self.name(name, 'ignored')}", rows)
        rows = [piece(each) for each in form.redirect]
        self.lines += c_table(f"struct page_piece {self.name(name, 'redirect')}", rows)
        self.notices(name, form)

    def notices(self, name: str, form: Form) -> None:
        rows = []
        for number, notice in enumerate(form.notices):
            table = self.name(name, "conditions", str(number))
            conditions = [
                c_struct({"piece": piece(each), "text": c_text(text)})
                for each, text in notice.conditions
            ]
            self.lines += c_table(f"struct page_condition {table}", conditions)
            parts = {
                "code": c_text(notice.code),
                "conditions": pointer(table, conditions),
                "condition_count": str(len(conditions)),
            }
            rows.append(c_struct(parts))
        self.lines += c_table(f"struct page_form_notice {self.name(name, 'notices')}", rows)

    def form_field(self, form: Form, field: FormField) -> str:
        assert form.message is not None and field.field is not None
        parts = {
            "name": c_text(field.name),
            "field": index(form.message, field.field.name),
            "offset": self.form_place(form, field.name),
        }
        if field.initial is not None:
            parts |= {"has_initial": "true", "initial": value(field.initial)}
        return c_struct(parts)

    def form(self, form: Form) -> str:
        name = form.name or "form"
        parts = {
            "name": c_text(form.name),
            "contract": contract(form.message),
            "submit": "NULL" if form.local is None else f"submit_{form.local}",
            "inputs": pointer(self.name(name, "inputs"), form.inputs),
            "input_count": str(len(form.inputs)),
            "fields": pointer(self.name(name, "fields"), form.fields),
            "field_count": str(len(form.fields)),
            "errors_offset": self.form_place(form, "errors"),
            "errors_count_offset": self.form_place(form, "errors_count"),
            "errors": pointer(self.name(name, "errors"), list(form.errors)),
            "error_count": str(len(form.errors)),
            "ignored": pointer(self.name(name, "ignored"), form.ignored),
            "ignored_count": str(len(form.ignored)),
            "redirect": self.name(name, "redirect"),
            "piece_count": str(len(form.redirect)),
            "follows_next": "true" if form.follows_next else "false",
            "notices": pointer(self.name(name, "notices"), form.notices),
            "notice_count": str(len(form.notices)),
        }
        if form.unfinished is not None and form.message is not None:
            counted = f"struct {form.message.result.name}, {form.unfinished}_count"
            parts |= {
                "has_unfinished": "true",
                "unfinished_offset": f"offsetof({counted})",
                "result_offset": self.form_place(form, "result"),
            }
        return c_struct(parts)

    def rest(self) -> None:
        """Parameters of query string and path."""
        page = self.page
        rows = [
            c_struct(
                {"name": c_text(name), "offset": f"offsetof(struct {page.struct}, query.{name})"}
            )
            for name in page.queries
        ]
        self.lines += c_table(f"struct page_query {self.name('queries')}", rows)
        rows = [self.path_field(name) for name in page.path_names()]
        self.lines += c_table(f"struct page_path_field {self.name('path_fields')}", rows)

    def path_field(self, name: str) -> str:
        """The first message that takes it says what it may be."""
        pairs: list[tuple[Optional[Message], Input]] = []
        for part in [*self.page.asks, *self.page.forms]:
            pairs += [(part.message, each) for each in part.inputs]
        for message, each in pairs:
            if message is not None and each.source == "path" and each.name == name:
                field = index(message, each.field.name)
                return c_struct(
                    {"name": c_text(name), "contract": contract(message), "field": field}
                )
        raise AssertionError(name)

    def render(self) -> None:
        page = self.page
        self.lines += textwrap.dedent(
            f"""
            static void {page.prefix}_show(struct render *render, const void *variables)
            {{
                {page.prefix}_render(render, variables);
            }}
            """
        ).splitlines()

    def row(self) -> str:
        page = self.page
        parts = {
            "path": c_text(page.path),
            "user": USERS[page.user],
            "size": f"sizeof(struct {page.struct})",
            "path_fields": pointer(self.name("path_fields"), page.path_names()),
            "path_field_count": str(len(page.path_names())),
            "queries": pointer(self.name("queries"), page.queries),
            "query_count": str(len(page.queries)),
            "asks": pointer(self.name("asks"), page.asks),
            "ask_count": str(len(page.asks)),
            "forms": pointer(self.name("forms_table"), page.forms),
            "form_count": str(len(page.forms)),
            "render": "NULL" if page.template is None else f"{page.prefix}_show",
        }
        return c_struct(parts)


def result(form: Form) -> str:
    """What a form's struct holds of a command that left something undone."""
    if form.unfinished is None or form.message is None or form.message.result is None:
        return ""
    return f"const struct {form.message.result.name} *result; "


def messages(site: Site) -> list[str]:
    parts = [part for page in site.pages for part in [*page.asks, *page.forms]]
    return sorted({part.message.prefix for part in parts if part.message is not None})


def preamble(site: Site, templates: Templates) -> list[str]:
    includes = {f"contracts/{prefix}.h" for prefix in messages(site)}
    for made in templates.functions.values():
        includes |= made.includes
    includes |= {"services/gateway/pages/local.h", "common/core/attributes.h"}
    return [
        "/* The pages. Generated from services/gateway/pages/site. */",
        "",
        '#include "services/gateway/pages/page.h"',
        "",
        *[f'#include "{each}"' for each in sorted(includes)],
        "",
        "#define PAGE_STRUCT union { struct page_variables common; struct { PAGE_VARIABLES; }; }",
        "",
        "struct problem_page_variables {",
        f"{INDENT}PAGE_STRUCT;",
        "};",
    ]


def emit(site: Site, templates: Templates) -> str:
    lines = preamble(site, templates)
    rows = []
    for page in site.pages:
        code = PageCode(page)
        code.structs()
        if page.template is not None:
            code.lines += ["", "static " + templates.functions[page.prefix].code]
            code.render()
        code.asks()
        code.forms()
        code.rest()
        lines += ["", f"/* {page.file} */", *code.lines]
        rows.append(code.row())
    lines += ["", "static " + templates.functions[PROBLEM].code]
    lines += textwrap.dedent(
        """
        static void problem_show(struct render *render, const void *variables)
        {
            problem_render(render, variables);
        }

        const struct page problem_page = {
            .path = "",
            .size = sizeof(struct problem_page_variables),
            .render = problem_show,
        };
        """
    ).splitlines()
    lines += ["", "const struct page pages[] = {", *[f"{INDENT}{row}," for row in rows], "};"]
    lines += [f"const size_t page_count = {len(rows)};", ""]
    notices = [
        c_struct({"code": c_text(code), "text": c_text(text)})
        for code, text in site.notices.items()
    ]
    lines += ["const struct page_notice page_notices[] = {"]
    lines += [*[f"{INDENT}{row}," for row in notices], "};"]
    lines += [f"const size_t page_notice_count = {len(notices)};", ""]
    return "\n".join(lines)
