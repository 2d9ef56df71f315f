"""A browser that plays scenarios: tests/browser/harness/driver.js, running."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from support.packages import browser_folder

VARIANTS = {
    "desktop": {"width": 1280, "height": 800, "script": True},
    "desktop_no_script": {"width": 1280, "height": 800, "script": False},
    "phone": {"width": 390, "height": 844, "script": True},
    "phone_no_script": {"width": 390, "height": 844, "script": False},
}


class Driver:
    """One browser, in which each scenario gets people of its own."""

    def __init__(self, log: Path) -> None:
        self.log = log.open("w+", encoding="utf-8")
        self.child = subprocess.Popen(
            ["node", browser_folder() / "harness/driver.js"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def play(self, **order: Any) -> str | None:
        """What went wrong, if anything did."""
        assert self.child.stdin is not None and self.child.stdout is not None
        try:
            self.child.stdin.write(json.dumps(order) + "\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            pass  # the next line says why
        answer = self.child.stdout.readline()
        if not answer:
            self.log.seek(0)
            return f"the browser's driver has ended: {self.log.read()[-4000:]}"
        return json.loads(answer)["failure"]

    def close(self) -> None:
        self.child.communicate(timeout=60)
        self.log.close()
