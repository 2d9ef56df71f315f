"""The README's tour works, word for word."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from support.clone import DevRun

BLOCK = re.compile(r"^```(sh|python) tour\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _script(readme: Path) -> str:
    """All blocks as one script: what one sets, the next may use."""
    blocks = BLOCK.findall(readme.read_text(encoding="utf-8"))
    assert {language for language, _ in blocks} == {"sh", "python"}
    wrapped = {"sh": "{}", "python": "/usr/bin/python3 - <<'END_OF_PYTHON'\n{}END_OF_PYTHON\n"}
    return "set -eu\n" + "".join(wrapped[language].format(text) for language, text in blocks)


def test_the_tour_does_what_the_readme_says(dev_run: DevRun) -> None:
    folder = dev_run.clone.folder

    done = subprocess.run(
        ["sh", "-c", _script(folder / "README.md")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for expected in ("Hello again", "Successful registration", "From a queue", "From Python"):
        assert expected in done.stdout
    # What goes wrong on purpose, and nothing else.
    assert set(re.findall(r'"code":"(\w+)"', done.stdout)) == {"not_found", "invalid_input"}
