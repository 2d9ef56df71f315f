#!/usr/bin/python3
"""The house rules a compiler does not know, each as file:line and what to do instead.

A name is a path, dependencies point one way, comments are /* */: docs/ says why.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOP = set(
    "meson.build meson_options.txt dev scripts services common config contracts migrations tests docs "
    "docker-compose.yml Dockerfile packages.txt README.md CONTRIBUTING.md LICENSE .ci "
    ".clang-format .clang-tidy .dockerignore .editorconfig .gitattributes .gitignore "
    ".pre-commit-config.yaml".split()
)
INCLUDE = re.compile(r'\s*#\s*include\s+[<"]([^">]+)[">]')
# String and character literals, then comments: neither is code.
LITERAL = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Spelt so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w./$}])/(?:wor[k]|roo[t]|hom[e]/\w+)/")
REGISTRY = re.compile(r"\b(?:ghcr|docker|quay|gcr)\.i[o]\b|\bregistr[y]\.[\w-]+\.\w+", re.IGNORECASE)
LINES_A_FILE, LINES_A_FUNCTION = 400, 60

Finding = tuple[str, int, str]


def tracked_files() -> list[str]:
    """Files under version control or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def without_comments(text: str) -> str:
    """The same lines, with literals and comments blanked out."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match.group().count("\n")

    return COMMENT.sub(blank, LITERAL.sub(blank, text))


def check_tree(files: list[str]) -> Iterator[Finding]:
    """Nothing new at the top."""
    for name in sorted({file.split("/")[0] for file in files} - TOP):
        yield name, 1, "does not belong at the top: put it into a folder, or add it to TOP in layout.py"


def check_contracts(files: list[str]) -> Iterator[Finding]:
    """The name is the path: every message has its handler, its test and a word in the reference."""
    known = set(files)
    pages = [file for file in files if file == "README.md" or re.match(r"docs/.*\.md$", file)]
    docs = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in pages)
    for file in files:
        match = re.fullmatch(r"contracts/(.+)\.json", file)
        if not match or file.startswith("contracts/models/"):
            continue
        kind = json.loads((ROOT / file).read_text(encoding="utf-8")).get("x-kind")
        if kind not in ("command", "query"):
            continue
        path = match.group(1)
        for wanted in (f"services/{kind}/handlers/{path}.c", f"tests/{kind}/{path}_test.c"):
            if wanted not in known:
                yield file, 1, f"write {wanted}"
        message = path.replace("/", ".")
        if not re.search(rf"(?<![\w.]){re.escape(message)}(?![\w])", docs):
            yield file, 1, f"mention {message} in docs/"


def check_includes(file: str, lines: list[str]) -> Iterator[Finding]:
    """Dependencies point one way. (What a handler may include, the build itself checks.)"""
    owner = re.match(r"services/(\w+)/", file)
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        if "../" in target:
            yield file, number, "include from the root of the library, not by ../"
        other = re.match(r"services/(\w+)/", target)
        if owner and other and other.group(1) != owner.group(1):
            yield file, number, f"services do not include each other: move {target} to common/"
        if file.startswith("common/") and target.startswith(("services/", "contracts/")):
            yield file, number, f"common/ knows no service and no message: {target}"


def check_c(file: str, text: str) -> Iterator[Finding]:
    """What reviewers would say again and again."""
    lines = text.splitlines()
    if not text.startswith("/*"):
        yield file, 1, "open with one /* line of purpose */"
    if file.endswith(".h") and "#pragma once" not in text:
        yield file, 1, "add #pragma once"
    yield from check_includes(file, lines)
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        if "//" in line:
            yield file, number, "write comments as /* */"
        if re.search(r"\bgoto\b", line):
            yield file, number, "leave early or split the function instead of goto"


def check_size(file: str, text: str) -> Iterator[Finding]:
    """Only a warning: what grows beyond a screen or two hides something with a name."""
    lines = text.splitlines()
    if len(lines) > LINES_A_FILE:
        yield file, len(lines), f"warning: over {LINES_A_FILE} lines: split it"
    start = 0
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            if number - start > LINES_A_FUNCTION:
                yield file, start, f"warning: a function over {LINES_A_FUNCTION} lines: split it"
            start = 0


def check_text(file: str, text: str) -> Iterator[Finding]:
    """Nothing of the machine it was written on."""
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATH.search(line):
            yield file, number, "no path of one machine: derive it, or take it from a setting"
        if REGISTRY.search(line):
            yield file, number, "no registry's host name: leave the choice to the user's configuration"


def main() -> int:
    """1 if anything but a warning was found."""
    files = tracked_files()
    findings = [*check_tree(files), *check_contracts(files)]
    for file in files:
        try:
            text = (ROOT / file).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        findings.extend(check_text(file, text))
        if file.endswith((".c", ".h")):
            findings.extend(check_c(file, text))
            findings.extend(check_size(file, text))
    for file, line, advice in findings:
        print(f"{file}:{line}: {advice}")
    return 1 if any(not advice.startswith("warning:") for _, _, advice in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
