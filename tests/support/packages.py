"""The npm packages of the tests: a browser's driver, and what checks pages and API documents."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

from support.machine import ROOT

FOLDER = ROOT / "tests/browser"
INSTALL = ROOT / "scripts/lib/npm-install.sh"


@functools.cache
def browser_folder() -> Path:
    """The folder whose scripts find those packages; they are installed at the first call."""
    done = subprocess.run([INSTALL, FOLDER], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr.strip()
    return FOLDER
