"""The verbs of ./dev work in a checkout that belongs to somebody else, as in a container."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.machine import ROOT

NEEDED = ["dev", "packages.txt", ".clang-format", "scripts/format", "scripts/lib/install-packages.sh"]
# So that git takes the checkout for another user's.
FOREIGN = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "ugly.c").write_text("int  main (void) {return 0;}\n", encoding="ascii")
    return tmp_path


def own_environment() -> dict[str, str]:
    """Without what the ./dev that runs this has told git."""
    return {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}


def test_another_owners_files_are_formatted(checkout: Path) -> None:
    environment = own_environment() | FOREIGN

    done = subprocess.run(["./dev", "format"], cwd=checkout, env=environment, check=False)

    assert done.returncode == 0
    assert "int main(void)" in (checkout / "ugly.c").read_text(encoding="ascii")


def test_what_git_was_told_before_is_kept(checkout: Path) -> None:
    (checkout / "scripts/told").write_text("#!/bin/sh\ngit config some.thing\n", encoding="ascii")
    (checkout / "scripts/told").chmod(0o755)
    told = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "some.thing", "GIT_CONFIG_VALUE_0": "kept"}

    done = subprocess.run(
        ["./dev", "told"],
        cwd=checkout,
        env=own_environment() | FOREIGN | told,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "kept\n", done.stderr


def test_files_that_git_does_not_tell_are_an_error(checkout: Path) -> None:
    shutil.rmtree(checkout / ".git")

    done = subprocess.run(
        ["./dev", "format"],
        cwd=checkout,
        env=own_environment() | {"GIT_CEILING_DIRECTORIES": str(checkout.parent)},
        capture_output=True,
        check=False,
    )

    assert done.returncode != 0
