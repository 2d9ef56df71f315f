"""Handlers and their rules cannot reach infrastructure: the build refuses to compile one that tries."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.machine import ROOT

CREATE = "services/command/handlers/posts/create.c"
RETRIEVE = "services/query/handlers/posts/retrieve.c"
RULE = "services/command/rules/own_post.c"
RULE_HEADER = "services/command/rules/own_post.h"
PORT = "services/command/ports/mailer.h"

SEE = {
    "handler": 'handlers and rules see only "contracts/…", "ctx.h", "ports.h", "mails.h" and "rules/…"',
    "port": 'ports see only "contracts/…", "ctx.h" and "ports/…"',
}


def made_things(folder: str, names: list[str]) -> list[str]:
    """What is no source: for shutil.copytree."""
    made = [name for name in names if name in ("__pycache__", "node_modules")]
    if Path(folder) == ROOT:
        made += [name for name in names if name == "build" or name.startswith((".", "build-"))]
    return made


class Tree:
    """A copy of the sources, to be spoilt."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.spoilt: dict[Path, bytes] = {}
        shutil.copytree(ROOT, root, ignore=made_things)

    def include(self, file: str, line: str) -> int:
        """Put the line in after the last include; its number."""
        path = self.root / file
        self.spoilt.setdefault(path, path.read_bytes())
        lines = path.read_text(encoding="utf-8").split("\n")
        last = max(number for number, text in enumerate(lines) if text.startswith("#include"))
        lines.insert(last + 1, line)
        path.write_text("\n".join(lines), encoding="utf-8")
        return last + 2

    def restore(self) -> None:
        for path, text in self.spoilt.items():
            path.write_bytes(text)
        self.spoilt.clear()

    def check(self, service: str = "services/command") -> subprocess.CompletedProcess[str]:
        """What the build runs, without the build."""
        sources = [*(self.root / service).glob("handlers/*/*.c"), *(self.root / service).glob("rules/*.c")]
        script = ROOT / "scripts/check-handler-includes"
        return run([script, "--root", self.root, "--service", service, *sources], self.root)


def run(command: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


@pytest.fixture(scope="module")
def shared_tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(tmp_path_factory.mktemp("layers") / "tree")


@pytest.fixture
def tree(shared_tree: Tree) -> Iterator[Tree]:
    yield shared_tree
    shared_tree.restore()


@pytest.fixture(scope="module")
def configured(shared_tree: Tree) -> Tree:
    """The copy, ready for ninja."""
    done = run(["meson", "setup", "build"], shared_tree.root)
    assert done.returncode == 0, done.stdout
    return shared_tree


def build(tree: Tree, service: str) -> subprocess.CompletedProcess[str]:
    library = f"services/{service}/handlers/lib{service}_handlers.a"
    return run(["ninja", "-C", "build", "-j", "2", library], tree.root)


@pytest.mark.parametrize("service", ["command", "query"])
def test_the_handlers_build(configured: Tree, tree: Tree, service: str) -> None:
    done = build(tree, service)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("service", "file", "include"),
    [
        ("command", CREATE, "#include <amqp.h>"),
        ("command", RULE, "#include <libpq-fe.h>"),
        ("query", RETRIEVE, "#include <cjson/cJSON.h>"),
    ],
)
def test_the_build_stops_at_an_include_of_infrastructure(
    configured: Tree, tree: Tree, service: str, file: str, include: str
) -> None:
    assert build(tree, service).returncode == 0
    number = tree.include(file, include)

    done = build(tree, service)

    assert done.returncode != 0
    operand = include.removeprefix("#include ")
    assert f"{file}:{number}: {operand} is out of bounds: {SEE['handler']}\n" in done.stdout


@pytest.mark.parametrize(
    "operand",
    [
        "<amqp.h>",
        "<libpq-fe.h>",
        "<microhttpd.h>",
        "<cjson/cJSON.h>",
        "<sodium.h>",
        "<curl/curl.h>",
        "<sys/socket.h>",
        "<stdio.h>",
        "<fcntl.h>",
        "<unistd.h>",
        "<stdlib.h>",
        '"amqp.h"',
        '"common/bus/bus.h"',
        '"common/core/log.h"',
        '"common/json/json.h"',
        '"adapters/smtp_mailer.h"',
        '"services/command/adapters/smtp_mailer.h"',
        '"unit.h"',
        '"contracts/../common/bus/bus.h"',
        '"rules/../adapters/smtp_mailer.h"',
        '"../command_executor.h"',
        "INFRASTRUCTURE",
    ],
)
def test_nothing_else_is_in_bounds(tree: Tree, operand: str) -> None:
    number = tree.include(CREATE, f"#include {operand}")

    done = tree.check()

    assert done.returncode == 1
    assert done.stdout == f"{CREATE}:{number}: {operand} is out of bounds: {SEE['handler']}\n"


@pytest.mark.parametrize(
    "line",
    [
        "#include<amqp.h>",
        "  #  include <amqp.h>",
        "/* here */ #include <amqp.h>",
        "#/* here */include/* it is */ <amqp.h>",
        "#include <amqp.h> /* harmless */",
        "%:include <amqp.h>",
        "#include_next <amqp.h>",
        "#import <amqp.h>",
        "#inc\\\nlude <amqp.h>",
        "#include \\\n<amqp.h>",
    ],
)
def test_no_way_of_writing_hides_an_include(tree: Tree, line: str) -> None:
    tree.include(CREATE, line)

    done = tree.check()

    assert done.returncode == 1
    assert "<amqp.h> is out of bounds" in done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "#include <string.h>",
        "#include <inttypes.h>",
        '#include "contracts/posts_created.h"',
        '#include "rules/own_post.h"',
        "/* #include <amqp.h> */",
        "/*\n#include <amqp.h>\n*/",
        "// #include <amqp.h>",
        'static const char *const text UNUSED = "/*";',
    ],
)
def test_the_rest_is_left_alone(tree: Tree, line: str) -> None:
    tree.include(CREATE, line)

    done = tree.check()

    assert done.returncode == 0, done.stdout
    assert done.stdout == ""


def test_a_header_of_a_rule_is_held_to_it_too(tree: Tree) -> None:
    number = tree.include(RULE_HEADER, "#include <amqp.h>")

    assert f"{RULE_HEADER}:{number}: <amqp.h> is out of bounds: {SEE['handler']}" in tree.check().stdout


def test_a_port_is_held_to_it_too(tree: Tree) -> None:
    number = tree.include(PORT, "#include <curl/curl.h>")

    assert f"{PORT}:{number}: <curl/curl.h> is out of bounds: {SEE['port']}" in tree.check().stdout


def test_a_header_beside_a_handler_does_not_hide_the_real_one(tree: Tree) -> None:
    impostor = tree.root / "services/command/handlers/posts/ports.h"
    impostor.write_text("#include <amqp.h>\n", encoding="utf-8")

    done = tree.check()

    impostor.unlink()
    assert done.returncode == 1
    assert f'{CREATE}:7: "ports.h" would be the file beside it, which hides the real one' in done.stdout


def test_every_fault_is_said_at_once(tree: Tree) -> None:
    tree.include(CREATE, "#include <amqp.h>")
    tree.include(RULE, "#include <libpq-fe.h>")

    lines = tree.check().stdout.splitlines()

    assert len(lines) == 2
