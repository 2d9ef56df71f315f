"""Those who know OpenAPI and AsyncAPI best find nothing wrong with our documents."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts.project import Project
from support.packages import browser_folder


def lint_openapi(document: Path) -> subprocess.CompletedProcess[str]:
    tools = browser_folder()
    return subprocess.run(
        [tools / "node_modules/.bin/spectral", "lint", "--fail-severity=warn", "--quiet",
         "--ruleset", tools / "tools/openapi_rules.yaml", document],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def parse_asyncapi(document: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", browser_folder() / "tools/parse_asyncapi.js", document],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def changed(document: Path, folder: Path, *path: str) -> Path:
    """A copy without what is at this path."""
    whole: Any = json.loads(document.read_text(encoding="utf-8"))
    place = whole
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    copy = folder / document.name
    copy.write_text(json.dumps(whole), encoding="utf-8")
    return copy


def test_spectral_finds_neither_errors_nor_warnings(project: Project) -> None:
    done = lint_openapi(project.output / "openapi.json")

    assert done.returncode == 0, done.stdout + done.stderr


def test_asyncapi_s_own_parser_finds_neither_errors_nor_warnings(project: Project) -> None:
    done = parse_asyncapi(project.output / "asyncapi.json")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "path",
    [
        ("info", "contact"),  # a warning
        ("paths", "/api/posts", "get", "operationId"),  # a warning
        ("info", "title"),  # an error
    ],
)
def test_spectral_would_find_them(
    project: Project, tmp_path: Path, path: tuple[str, ...]
) -> None:
    done = lint_openapi(changed(project.output / "openapi.json", tmp_path, *path))

    assert done.returncode == 1, done.stdout + done.stderr
    assert path[-1] in done.stdout


def test_asyncapi_s_own_parser_would_find_them(project: Project, tmp_path: Path) -> None:
    done = parse_asyncapi(changed(project.output / "asyncapi.json", tmp_path, "info", "title"))

    assert done.returncode == 1, done.stdout + done.stderr
    assert "title" in done.stdout
