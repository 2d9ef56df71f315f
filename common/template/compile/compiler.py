"""A template to a C function."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .filters import FILTERS, Filter, Function
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
        return Compiled(code, prototype, walker.includes, files, walker.used, walker.labels)


