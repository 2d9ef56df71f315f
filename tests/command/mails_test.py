"""The generator of mails refuses what is wrong with one, in a sentence."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.machine import ROOT

MAILS = "services/command/mails"
PARTS = (MAILS, "contracts", "common/template/compile", "common/core/err.h")
COMMANDS = "users/send_registration_notification,users/send_dead_letter_report,posts/create"
NAME = "users/send_registration_notification"

Generate = Callable[[], subprocess.CompletedProcess[str]]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What the generator reads, to be changed."""
    for part in PARTS:
        target = tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, target)
    return tmp_path


@pytest.fixture
def generate(tree: Path) -> Generate:
    def run() -> subprocess.CompletedProcess[str]:
        words = ["/usr/bin/python3", "-B", tree / MAILS / "generate", "--commands", COMMANDS]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    return run


def test_the_mails_are_right(generate: Generate) -> None:
    done = generate()

    assert (done.returncode, done.stderr) == (0, "")


def _refuses(generate: Generate, *words: str) -> None:
    done = generate()
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def test_a_macro_that_nothing_calls(tree: Path, generate: Generate) -> None:
    place = tree / MAILS / f"{NAME}.txt"
    text = place.read_text(encoding="utf-8")
    place.write_text("{% macro idle() %}{{ nobody }}{% endmacro %}\n" + text, encoding="utf-8")

    _refuses(generate, f'{MAILS}/{NAME}.txt:1: nothing calls the macro "idle"')


@pytest.mark.parametrize("suffix", ["subject", "txt", "html"])
def test_a_field_that_the_contract_does_not_have(
    tree: Path, generate: Generate, suffix: str
) -> None:
    (tree / MAILS / f"{NAME}.{suffix}").write_text("{{ command.letters }}\n", encoding="utf-8")

    _refuses(generate, f"{MAILS}/{NAME}.{suffix}:1: ", "letters")


@pytest.mark.parametrize("suffix", ["subject", "txt", "html"])
def test_a_file_that_is_missing(tree: Path, generate: Generate, suffix: str) -> None:
    (tree / MAILS / f"{NAME}.{suffix}").unlink()

    _refuses(generate, f"{MAILS}/{NAME}.{suffix}: ", "missing")


def test_a_mail_without_a_command(tree: Path, generate: Generate) -> None:
    (tree / MAILS / "users/send_greetings.txt").touch()

    _refuses(generate, f"{MAILS}/users/send_greetings.txt: ", "users.send_greetings")


def test_a_part_that_is_left_over(tree: Path, generate: Generate) -> None:
    (tree / MAILS / "_footer.html").touch()

    _refuses(generate, f"{MAILS}/_footer.html: ", "used by no mail")
