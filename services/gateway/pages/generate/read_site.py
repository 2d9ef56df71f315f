"""Reads the pages: strict JSON, checked against the contracts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Optional

from load import read_json
from model import Catalogue, Enum, Field, Message, Object

from page_model import Ask, Input, Page, SiteError
from read_forms import FormReader

PAGE_KEYWORDS = {"path", "user", "query", "asks", "form", "forms", "template"}
NAME = re.compile(r"[a-z][a-z0-9_]*")
USERS = ["optional", "required", "staff"]
RESERVED = {"csrf", "once", "next", "form", "errors", "result"}  # names that forms have anyway


class Site:
    """All pages, of two paths that match the one with the fixed segment first, and the notices."""

    def __init__(self, root: Path, folder: str, catalogue: Catalogue) -> None:
        self.root, self.folder, self.catalogue = root, folder, catalogue
        self.notices: dict[str, str] = read_json(root, f"{folder}/notices.json")
        names = sorted(str(file.relative_to(root)) for file in (root / folder).rglob("*.json"))
        self.pages = [self.page(name) for name in names if not name.endswith("/notices.json")]
        self.pages.sort(key=rank)
        self.templates = {
            str(file.relative_to(root / folder)) for file in (root / folder).rglob("*.html")
        }
        self.files = set(names) | {f"{folder}/{name}" for name in self.templates}
        self.check()

    def check(self) -> None:
        seen: dict[str, Page] = {}
        for page in self.pages:
            shape = re.sub(r"\{[^}]*\}", "{}", page.path)
            if shape in seen:
                raise SiteError(page.file, f'"{page.path}" is the path of {seen[shape].file}, too')
            seen[shape] = page
        forms = [form for page in self.pages for form in page.forms]
        used = {notice.code for form in forms for notice in form.notices}
        for code in self.notices:
            if code not in used:
                raise SiteError(f"{self.folder}/notices.json", f'no form has the notice "{code}"')

    def page(self, file: str) -> Page:
        data = read_json(self.root, file)
        name = file.removeprefix(f"{self.folder}/").removesuffix(".json")
        for key in data:
            if key not in PAGE_KEYWORDS:
                raise SiteError(file, f'keyword "{key}" is not supported')
        page = Page(name, file, self.path(file, data), data.get("user", "optional"), None, [], [], [])
        if page.user not in USERS:
            raise SiteError(file, f'"user" is none of {", ".join(USERS)}: "{page.user}"')
        page.template = self.template(page, data)
        for ask_name, ask in data.get("asks", {}).items():
            page.asks.append(self.ask(page, ask_name, ask))
        page.forms = FormReader(self).forms(page, data)
        page.queries = self.queries(page, data.get("query", []))
        self.path_values(page)
        if page.template is None and not page.forms:
            raise SiteError(file, "has neither a template nor a form")
        if page.template is None and page.asks:
            raise SiteError(file, 'has "asks" and no template to show them')
        return page

    def path(self, file: str, data: dict[str, Any]) -> str:
        path = data.get("path")
        pattern = r"/|(/([a-z0-9_.-]+|\{[a-z][a-z0-9_]*\}))+/"
        if not isinstance(path, str) or not re.fullmatch(pattern, path):
            raise SiteError(file, f'"path" is no path with a slash at both ends: "{path}"')
        if path.startswith("/api/"):
            raise SiteError(file, f'"path" is among those of the API: "{path}"')
        return path

    def template(self, page: Page, data: dict[str, Any]) -> Optional[str]:
        named = data.get("template", f"{page.name}.html")
        if (self.root / self.folder / named).is_file():
            return str(named)
        if "template" in data:
            raise SiteError(page.file, f'"template" is no file of {self.folder}: "{named}"')
        return None

    def message(self, file: str, name: str, kinds: list[str]) -> Message:
        for message in self.catalogue.messages:
            if message.name == name and message.kind in kinds and not message.is_background:
                return message
        raise SiteError(file, f'there is no {" or ".join(kinds)} "{name}"')

    def model(self, file: str, name: str) -> Object:
        for known in self.catalogue.objects:
            if known.name == name:
                return known
        raise SiteError(file, f'"model" is no model that a message uses: "{name}"')

    def ask(self, page: Page, name: str, data: dict[str, Any]) -> Ask:
        if not NAME.fullmatch(name):
            raise SiteError(page.file, f'"{name}" cannot be the name of an ask')
        if "local" in data:
            self.only(page.file, data, {"local", "model"})
            model = self.model(page.file, data.get("model", ""))
            return Ask(name, None, data["local"], model, [])
        self.only(page.file, data, {"message", "fields"})
        message = self.message(page.file, data.get("message", ""), ["query"])
        assert message.result is not None
        inputs = self.inputs(page, message, data.get("fields", {}), ["path", "query"])
        return Ask(name, message, None, message.result, inputs)

    @staticmethod
    def only(file: str, data: dict[str, Any], known: set[str]) -> None:
        for key in data:
            if key not in known:
                raise SiteError(file, f'keyword "{key}" is not supported here')

    def inputs(
        self, page: Page, message: Message, fields: dict[str, Any], sources: list[str]
    ) -> list[Input]:
        made = []
        for name, source in fields.items():
            known = message.input.find(name)
            if known is None:
                raise SiteError(page.file, f'{message.name} has no field "{name}"')
            made.append(self.input(page, known, source, sources))
        for known in message.input.fields:
            if known.required and known.name not in fields:
                raise SiteError(
                    page.file, f'"fields" lacks "{known.name}", which {message.name} requires'
                )
        return made

    def input(self, page: Page, known: Field, source: Any, sources: list[str]) -> Input:
        match = re.fullmatch(r"(path|query|form)\.([a-z][a-z0-9_]*)", str(source))
        if match is None:
            return Input(known, "literal", self.literal(page, known, source))
        kind, name = match.groups()
        if kind not in sources:
            raise SiteError(page.file, f'"{source}" cannot be used here')
        if kind == "path" and name not in page.path_names():
            raise SiteError(page.file, f'"path" has no "{{{name}}}"')
        if kind == "form" and name in RESERVED:
            raise SiteError(page.file, f'a field of a form cannot have the name "{name}"')
        if known.kind == "array":
            element = known.type
            assert isinstance(element, Object)
            if kind != "form" or [each.name for each in element.fields] != ["id"]:
                raise SiteError(page.file, f'"{known.name}" is no list of ids from a form')
        elif known.kind in ("object", "raw"):
            raise SiteError(page.file, f'"{known.name}" is no single value')
        return Input(known, kind, name)

    @staticmethod
    def literal(page: Page, known: Field, value: Any) -> str:
        fits = {"boolean": bool, "integer": int, "string": str, "enum": str}.get(known.kind)
        if fits is None or type(value) is not fits:
            raise SiteError(page.file, f'{value!r} cannot be the value of "{known.name}"')
        if isinstance(known.type, Enum) and value not in known.type.values:
            raise SiteError(page.file, f'"{value}" is no value of "{known.name}"')
        return str(value).lower() if known.kind == "boolean" else str(value)

    def error(self, page: Page, code: str) -> str:
        if code not in self.catalogue.errors:
            raise SiteError(page.file, f'there is no error "{code}"')
        return self.catalogue.errors[code].name

    def queries(self, page: Page, more: list[str]) -> list[str]:
        inputs = [each for ask in page.asks for each in ask.inputs]
        inputs += [each for form in page.forms for each in form.inputs]
        return sorted({each.name for each in inputs if each.source == "query"} | set(more))

    @staticmethod
    def path_values(page: Page) -> None:
        inputs = [each for ask in page.asks for each in ask.inputs]
        inputs += [each for form in page.forms for each in form.inputs]
        used = {each.name for each in inputs if each.source == "path"}
        for name in page.path_names():
            if name not in used:
                raise SiteError(page.file, f'no message takes "{{{name}}}" of the path')


def rank(page: Page) -> list[tuple[bool, str]]:
    return [(part.startswith("{"), part) for part in page.path.split("/")]
