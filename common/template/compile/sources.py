"""Template files, each read and parsed once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import jinja2
from jinja2 import nodes

from .errors import TemplateError


@dataclass(frozen=True)
class Template:
    file: str  # from the root of the source
    tree: nodes.Template


def environment() -> jinja2.Environment:
    """The syntax. Nothing is ever rendered by it."""
    made = jinja2.Environment(
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.policies["ext.i18n.trimmed"] = True
    return made


class Sources:
    def __init__(self, root: Path, folders: list[str]) -> None:
        self.root, self.folders = root, folders
        self.environment = environment()
        self.templates: dict[str, Template] = {}

    def path(self, name: str) -> Path | None:
        places = (self.root / folder / name for folder in self.folders)
        return next((place for place in places if place.is_file()), None)

    def has(self, name: str) -> bool:
        return self.path(name) is not None

    def template(self, name: str) -> Template:
        if name not in self.templates:
            self.templates[name] = self.parse(name)
        return self.templates[name]

    def parse(self, name: str) -> Template:
        place = self.path(name)
        if place is None:
            raise TemplateError(f"{self.folders[0]}/{name}", 1, "there is no such template")
        file = place.relative_to(self.root).as_posix()
        try:
            return Template(file, self.environment.parse(place.read_text(encoding="utf-8")))
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(file, error.lineno, str(error.message)) from error
        except UnicodeDecodeError as error:
            raise TemplateError(file, 1, f"is not UTF-8 ({error})") from error
