"""A template to a C function."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Optional

from jinja2 import nodes

from .errors import TemplateError
from .filters import FILTERS, Filter, Function
from .scope import MacroPlace
from .shapes import Struct
from .sources import Sources
from .walker import Walker


@dataclass(frozen=True)
class Compiled:
    code: str  # one function definition
    prototype: str  # without ";"
    includes: set[str]
    files: list[str]  # that were read, from the root of the source
    used: set[str]  # of the variables and their fields: found.post.title, posts.posts[].id
    labels: set[str]  # the choices whose labels it shows
    macros: set[MacroPlace]  # of those files
    expanded: set[MacroPlace]  # those of them that are called


class Compiler:
    """See docs/templates.md. `kind`: html, text (no escaping), line (text of one line)."""

    def __init__(
        self,
        root: Path,
        folders: list[str],
        kind: str = "html",
        functions: Optional[dict[str, Function]] = None,
        filters: Optional[dict[str, Filter]] = None,
    ) -> None:
        self.root, self.folders, self.kind = Path(root), folders, kind
        self.functions, self.filters = functions or {}, FILTERS | (filters or {})

    def compile(self, name: str, variables: Struct, function: str) -> Compiled:
        """Raises TemplateError."""
        sources = Sources(self.root, self.folders)
        walker = Walker(sources, self.filters, self.functions, self.kind, variables)
        walker.run(name)
        walker.output.flush()
        if self.kind == "line":
            walker.output.line("render_line_end(render);")
        prototype = (
            f"void {function}(struct render *render, UNUSED const struct {variables.name} *page)"
        )
        code = "\n".join([prototype, "{", *walker.output.lines, "}", ""])
        files = [each.file for each in sources.templates.values()]
        prototype = prototype.replace("UNUSED ", "")
        macros = {
            MacroPlace(each.file, macro.lineno, macro.name)
            for each in sources.templates.values()
            for macro in each.tree.find_all(nodes.Macro)
        }
        return Compiled(
            code,
            prototype,
            walker.includes,
            files,
            walker.used,
            walker.labels,
            macros,
            walker.expanded,
        )


def check_called(compiled: Iterable[Compiled]) -> None:
    """A macro that nothing calls is never compiled: whatever is wrong in it would stay there."""
    made = list(compiled)
    called = {place for each in made for place in each.expanded}
    for place in sorted({place for each in made for place in each.macros} - called):
        raise TemplateError(place.file, place.line, f'nothing calls the macro "{place.name}"')


