"""A small site of its own, for the generator of pages to judge; with Postroom's contracts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from support.machine import ROOT

GENERATOR = ROOT / "services/gateway/pages/generate"
LAYOUT = (
    '<html lang="{{ language }}"><title>x</title><link href="{{ asset("style.css") }}">'
    '<link href="{{ asset("icon.svg") }}"><a href="/">x</a>{% block main %}{% endblock %}</html>\n'
)
PROBLEM = '{% extends "layout.html" %}{% block main %}{{ problem.detail }}{% endblock %}\n'
LIST = {"path": "/", "asks": {"found": {"message": "posts.list", "fields": {"cursor": "query.cursor"}}}}
LIST_HTML = (
    "{% for post in found.posts %}"
    '<a href="/posts/{{ post.id }}/edit/">{{ post.status|label }}</a>'
    "{% endfor %}{{ query.cursor }}\n"
)
EDIT: dict[str, Any] = {
    "path": "/posts/{id}/edit/",
    "user": "required",
    "asks": {"found": {"message": "posts.retrieve", "fields": {"post_id": "path.id", "only_owner": True}}},
    "form": {
        "message": "posts.update",
        "fields": {"post_id": "path.id", "title": "form.title"},
        "initial": {"title": "found.post.title"},
        "redirect": "/posts/{post.id}/",
        "notice": "changed",
    },
}
EDIT_HTML = "{{ found.post.id }}{{ form.title.value }}{% for error in form.errors %}{{ error }}{% endfor %}\n"


def listed(kind: str) -> str:
    text = (ROOT / "contracts/meson.build").read_text(encoding="utf-8")
    match = re.search(rf"^{kind} = \[(.*?)\]", text, re.DOTALL | re.MULTILINE)
    assert match is not None
    return ",".join(re.findall(r"'([^']+)'", match.group(1)))


class SiteProject:
    """Files by name in `site`, to be changed before `generate`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        models = (ROOT / "contracts/models").glob("*.json")
        self.labels = {
            each.stem: each.stem == "post_status"
            for each in models
            if '"x-label"' in each.read_text(encoding="utf-8")
        }
        self.site: dict[str, Any] = {
            "layout.html": LAYOUT,
            "problem.html": PROBLEM,
            "notices.json": {"changed": "It has been changed."},
            "list.json": json.loads(json.dumps(LIST)),
            "list.html": LIST_HTML,
            "edit.json": json.loads(json.dumps(EDIT)),
            "edit.html": EDIT_HTML,
        }

    def write(self) -> Path:
        """The generator finds the site from its own place: a tree of links stands for the source."""
        root = self.folder / "source"
        pages = root / "services/gateway/pages"
        pages.mkdir(parents=True)
        shutil.copytree(GENERATOR, pages / "generate", ignore=shutil.ignore_patterns("__pycache__"))
        (pages / "assets").mkdir()
        for name in ("style.css", "icon.svg"):  # those that the layout shows
            (pages / "assets" / name).symlink_to(ROOT / "services/gateway/pages/assets" / name)
        (root / "common").symlink_to(ROOT / "common")
        shutil.copytree(ROOT / "contracts", root / "contracts")
        for name, has_labels in self.labels.items():
            model = root / f"contracts/models/{name}.json"
            schema = json.loads(model.read_text(encoding="utf-8"))
            schema.pop("x-label", None)
            model.write_text(json.dumps(schema | ({"x-label": True} if has_labels else {})))
        for name, content in self.site.items():
            place = pages / "site" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else json.dumps(content)
            place.write_text(text, encoding="utf-8")
        return pages / "generate"

    def generate(self, *more: str) -> subprocess.CompletedProcess[str]:
        command = ["/usr/bin/python3", "-B", str(self.write())]
        command += ["--commands", listed("commands"), "--queries", listed("queries")]
        command += ["--output", str(self.output), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)
