"""A browser that plays scenarios: tests/browser/harness/driver.js, running."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import uuid
from pathlib import Path
from typing import Any

from support.packages import browser_folder
from support.process import pids_with

PATIENCE_SECONDS = 180  # more than the driver has with a scenario
VARIANTS = {
    "desktop": {"width": 1280, "height": 800, "script": True},
    "desktop_no_script": {"width": 1280, "height": 800, "script": False},
    "phone": {"width": 390, "height": 844, "script": True},
    "phone_no_script": {"width": 390, "height": 844, "script": False},
}


class Driver:
    """One browser, in which each scenario gets people of its own. One that hangs is ended; the next
    scenario gets another.
    """

    def __init__(self, log: Path, *command: str, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.log = log.open("w+", encoding="utf-8")
        self.command = command or ("node", str(browser_folder() / "harness/driver.js"))
        self.patience_seconds = patience_seconds
        self.marker = f"driver-{uuid.uuid4().hex}"  # in the environment of all that belongs to it
        self.child = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command,
            env=os.environ | {"POSTROOM_DRIVER": self.marker},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def play(self, **order: Any) -> str | None:
        """What went wrong, if anything did."""
        if self.child.poll() is not None:
            self.child = self._start()
        assert self.child.stdin is not None and self.child.stdout is not None
        try:
            self.child.stdin.write(json.dumps(order) + "\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            pass  # the next line says why
        if not select.select([self.child.stdout], [], [], self.patience_seconds)[0]:
            self._kill()
            return f"the browser's driver says nothing for {self.patience_seconds} s: {self._said()}"
        answer = self.child.stdout.readline()
        if not answer:
            self._kill()
            return f"the browser's driver has ended: {self._said()}"
        return json.loads(answer)["failure"]

    def _said(self) -> str:
        self.log.flush()
        return Path(self.log.name).read_text(encoding="utf-8")[-4000:]

    def _kill(self) -> None:
        """Its browser, too, which is in a group of its own."""
        for pid in pids_with(self.marker):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.child.communicate()

    def close(self) -> None:
        try:
            self.child.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self._kill()
            raise
        finally:
            self.log.close()
