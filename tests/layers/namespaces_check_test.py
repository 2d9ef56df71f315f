"""Whoever may not make network namespaces is told so in one line, before the suites."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support.machine import ROOT


def check(folder: Path, status: int) -> subprocess.CompletedProcess[str]:
    """With programs that take every command, or refuse it."""
    for name in ("ip", "sudo"):
        (folder / name).write_text(f"#!/bin/sh\nexit {status}\n", encoding="ascii")
        (folder / name).chmod(0o755)
    return subprocess.run(
        [ROOT / "scripts/lib/check-namespaces.sh"],
        env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_said_where_they_can_be_made(tmp_path: Path) -> None:
    done = check(tmp_path, 0)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_one_line_is_said_where_they_cannot(tmp_path: Path) -> None:
    done = check(tmp_path, 1)

    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1
    assert "network namespaces" in done.stderr and "sudo" in done.stderr


@pytest.mark.parametrize("verb", ["test", "faults"])
def test_it_is_asked_before_the_suites(verb: str) -> None:
    script = (ROOT / "scripts" / verb).read_text(encoding="utf-8")

    assert 0 < script.find("check-namespaces.sh") < script.find("exec scripts/with-services")
