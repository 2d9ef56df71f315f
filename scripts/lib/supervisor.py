"""Keeps a set of processes running: whatever ends is started again, sooner at first than later."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import processes

# Seconds before the first, second, … start in a row; one that lived for a while starts anew.
WAITS = (0.0, 0.5, 1.0, 2.0, 5.0)
LIVED = 30.0


@dataclass
class Charge:
    """One process to keep running; `start` starts it and returns it."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    deaths: int = 0
    last_status: int | None = None

    def is_alive(self) -> bool:
        """Is it running now?"""
        return self.child is not None and self.child.poll() is None


class Supervisor:
    """Watches its charges. `changed` is called after each start and death."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.charges: list[Charge] = []
        self.changed = changed

    def tend(self) -> float:
        """Start what has to run and does not; returns the seconds until it should be called again."""
        for charge in self.charges:
            if charge.child is not None and charge.child.poll() is not None:
                self._bury(charge)
            if charge.child is None and time.monotonic() >= charge.due:
                charge.child = charge.start()
                charge.started = time.monotonic()
                self.changed()
        waiting = [charge.due for charge in self.charges if charge.child is None]
        return max(0.0, min(waiting, default=time.monotonic() + 60) - time.monotonic())

    def _bury(self, charge: Charge) -> None:
        now = time.monotonic()
        if now - charge.started > LIVED:
            charge.deaths = 0
        wait = WAITS[min(charge.deaths, len(WAITS) - 1)]
        charge.deaths += 1
        charge.due = now + wait
        when = f"in {wait} s" if wait else "now"
        processes.say(
            f"postroom: {charge.name} (pid {charge.child.pid}) {ending(charge.child.returncode)}: "
            f"starting it again {when}"
        )
        charge.last_status = charge.child.returncode
        processes.signal_group(charge.child, processes.signal.SIGKILL)
        charge.child = None
        self.changed()


def ending(status: int) -> str:
    """How a process ended, in words."""
    return f"ended with status {status}" if status >= 0 else f"was killed by signal {-status}"
