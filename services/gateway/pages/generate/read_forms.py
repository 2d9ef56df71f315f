"""Reads the forms of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Optional

from model import Object

from page_model import Form, FormField, Input, Notice, Page, Piece, SiteError, Value

if TYPE_CHECKING:
    from read_site import Site

FORM_KEYWORDS = {
    "message",
    "local",
    "fields",
    "initial",
    "errors",
    "ignores",
    "redirect",
    "follows_next",
    "notice",
    "unfinished",
}


class FormReader:
    def __init__(self, site: Site) -> None:
        self.site = site

    def forms(self, page: Page, data: dict[str, Any]) -> list[Form]:
        if "form" in data and "forms" in data:
            raise SiteError(page.file, 'has both "form" and "forms"')
        if "form" in data:
            return [self.form(page, None, data["form"])]
        return [self.form(page, name, form) for name, form in data.get("forms", {}).items()]

    def form(self, page: Page, name: Optional[str], data: dict[str, Any]) -> Form:
        self.site.only(page.file, data, FORM_KEYWORDS)
        if ("message" in data) == ("local" in data):
            raise SiteError(page.file, 'a form has either "message" or "local"')
        if "local" in data and page.user != "optional":
            raise SiteError(page.file, 'a form with "local" is for everybody: "user" is optional')
        message = None
        inputs: list[Input] = []
        if "message" in data:
            message = self.site.message(page.file, data["message"], ["command"])
            inputs = self.site.inputs(page, message, data.get("fields", {}), ["path", "query", "form"])
        form = Form(
            name=name,
            message=message,
            local=data.get("local"),
            inputs=inputs,
            fields=[FormField(i.name, i.field, None) for i in inputs if i.source == "form"],
            errors={},
            ignored=[self.site.error(page, code) for code in data.get("ignores", [])],
            redirect=[],
            follows_next=data.get("follows_next", False),
            notices=[],
            unfinished=data.get("unfinished"),
        )
        form.notices = self.notices_of(page, form, data.get("notice"))
        self.unfinished(page, form)
        self.form_errors(page, form, data.get("errors", {}))
        self.initial(page, form, data.get("initial", {}))
        form.redirect = self.redirect(page, form, data.get("redirect"))
        return form

    def form_errors(self, page: Page, form: Form, errors: dict[str, str]) -> None:
        for code, name in errors.items():
            shown = next((each for each in form.fields if each.name == name), None)
            if shown is None or shown.field is None:
                raise SiteError(page.file, f'"errors" names "{name}", which is no field of the form')
            form.errors[self.site.error(page, code)] = shown.field.name

    def initial(self, page: Page, form: Form, initial: dict[str, str]) -> None:
        for name, path in initial.items():
            shown = next((each for each in form.fields if each.name == name), None)
            if shown is None:
                raise SiteError(page.file, f'"initial" names "{name}", which is no field of the form')
            first, _, rest = path.partition(".")
            ask = next((each for each in page.asks if each.name == first), None)
            if ask is None:
                raise SiteError(page.file, f'"initial" begins with no ask: "{path}"')
            value = self.value(page, ask.type, rest)
            shown.initial = Value(page.struct, f"{first}.{rest}", value.field)

    def value(self, page: Page, owner: Object, path: str) -> Value:
        steps = path.split(".")
        place: Any = owner
        for number, step in enumerate(steps):
            known = place.find(step) if isinstance(place, Object) else None
            if known is None:
                raise SiteError(page.file, f'{owner.label} has no "{path}"')
            is_last = number == len(steps) - 1
            if is_last and known.kind in ("string", "integer", "boolean", "enum"):
                return Value(owner.name, path, known)
            if known.kind != "object" or not known.required or known.nullable:
                raise SiteError(page.file, f'"{path}" of {owner.label} is no single value')
            place = known.type
        raise SiteError(page.file, f'"{path}" of {owner.label} is no single value')

    def redirect(self, page: Page, form: Form, pattern: Any) -> list[Piece]:
        if not isinstance(pattern, str) or not pattern.startswith("/"):
            raise SiteError(page.file, f'"redirect" of a form is no path: {pattern!r}')
        pieces = []
        for part in re.split(r"(\{[^}]*\})", pattern):
            if not part.startswith("{"):
                pieces += [Piece("text", part)] if part else []
                continue
            pieces.append(self.piece(page, form, part[1:-1]))
        return pieces

    def piece(self, page: Page, form: Form, text: str) -> Piece:
        kind, _, name = text.partition(".")
        if kind == "path" and name in page.path_names():
            return Piece("path", name)
        if kind == "form" and name in [each.name for each in form.fields]:
            return Piece("form", name)
        if form.message is None or form.message.result is None:
            raise SiteError(page.file, f'"{text}" is no value of the form, nor of its result')
        return Piece("result", text, self.value(page, form.message.result, text))

    def notices_of(self, page: Page, form: Form, data: Any) -> list[Notice]:
        """One, or several of which the first that fits is shown."""
        if data is None:
            return []
        made = []
        for each in data if isinstance(data, list) else [{"is": data}]:
            self.site.only(page.file, each, {"is", "when"})
            code = each.get("is")
            if code not in self.site.notices:
                raise SiteError(page.file, f'"notice" is not in notices.json: "{code}"')
            if made and not made[-1].conditions:
                raise SiteError(page.file, f'"notice" never comes to "{code}"')
            when = each.get("when", {}).items()
            made.append(Notice(code, [self.condition(page, form, *pair) for pair in when]))
        return made

    def condition(self, page: Page, form: Form, name: str, expected: Any) -> tuple[Piece, str]:
        piece = self.piece(page, form, name)
        known = piece.value.field if piece.value is not None else None
        if piece.kind == "form":
            known = next(each.field for each in form.fields if f"form.{each.name}" == name)
        if known is None:
            raise SiteError(page.file, f'"notice" cannot depend on "{name}"')
        return piece, self.site.literal(page, known, expected)

    @staticmethod
    def unfinished(page: Page, form: Form) -> None:
        if form.unfinished is None:
            return
        result = None if form.message is None else form.message.result
        known = None if result is None else result.find(form.unfinished)
        if known is None or known.kind != "array" or page.template is None:
            raise SiteError(
                page.file, f'"unfinished" is no list in a result to be shown: "{form.unfinished}"'
            )
