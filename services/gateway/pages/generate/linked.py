"""Every page is reached: some template other than its own leads to it, or sends a form there."""

from __future__ import annotations

import re
from pathlib import Path

from page_model import Page, SiteError
from read_site import Site

# What stands for {id}: an expression, or one that is joined to the texts around it.
VALUE = r'(?:\{\{[^{}]*\}\}|" ~ [\w.]+ ~ ")'
END = r'["?#{]'


def pattern(page: Page) -> str:
    parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", page.path)]
    return '"' + VALUE.join(parts) + END


def check_linked(root: Path, site: Site) -> None:
    texts = {
        name: (root / site.folder / name).read_text(encoding="utf-8") for name in site.templates
    }
    for page in site.pages:
        others = [text for name, text in texts.items() if name != page.template]
        if not any(re.search(pattern(page), text) for text in others):
            raise SiteError(page.file, f'no template leads to "{page.path}"')
