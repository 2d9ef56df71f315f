"""Many faults: several worlds at a time, each in a process of its own; see Fault.lane."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from faults.registry import SHARED, Fault, groups
from support.machine import ROOT

Row = dict[str, Any]
LANES_AT_ONCE = 4
GROUPS = {"fast": 5, "full": 1}  # faults that share a world, one after another
LONGEST_SECONDS = {"fast": 300, "full": 900}  # for one world; what takes longer hangs


class Suite:
    """`start` returns at once; `row` waits for a fault's result. `stop` ends what still runs."""

    def __init__(
        self, faults: list[Fault], cut: str, seed: str, rate: float, lanes: int = LANES_AT_ONCE
    ) -> None:
        self.cut, self.seed, self.rate = cut, seed, rate
        self.rows: dict[str, Row] = {}
        self._done = threading.Condition()
        self._waiting = _by_lane(groups(faults, GROUPS[cut]))
        self._busy: set[str] = set()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._is_stopped = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(lanes)]
        self.told: Callable[[Row], None] = lambda row: None

    def start(self) -> Suite:
        for thread in self._threads:
            thread.start()
        return self

    def row(self, fault: Fault) -> Row:
        with self._done:
            self._done.wait_for(lambda: fault.name in self.rows)
            return self.rows[fault.name]

    def stop(self) -> None:
        """Let nothing new begin, end what runs, and wait for that."""
        with self._done:
            self._is_stopped = True
            for child in self._children:
                child.terminate()
        for thread in self._threads:
            thread.join(60)

    def _work(self) -> None:
        while (group := self._next()) is not None:
            try:
                row = self._run(group)
            except Exception:  # somebody waits for the row
                text = f"broken off: {traceback.format_exc()}"
                row = {"fault": ", ".join(fault.name for fault in group), "problems": [text]}
            with self._done:
                for fault in group:
                    self.rows[fault.name] = row
                    self._busy.discard(fault.lane)
                self._done.notify_all()
            self.told(row)

    def _next(self) -> list[Fault] | None:
        """From the longest of the lanes that are free; None when nothing is left."""
        while True:
            with self._done:
                if self._is_stopped or not any(self._waiting.values()):
                    return None
                free = [lane for lane, left in self._waiting.items() if left and lane not in self._busy]
                if free:
                    lane = max(free, key=lambda name: (name != SHARED, len(self._waiting[name])))
                    if lane != SHARED:
                        self._busy.add(lane)
                    return self._waiting[lane].pop(0)
            time.sleep(0.1)

    def _run(self, group: list[Fault]) -> Row:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="postroom-row-") as folder:
            out = Path(folder) / "row.json"
            names = [fault.name for fault in group]
            words = [self.cut, self.seed, str(self.rate), str(out), *names]
            with self._done:
                child = subprocess.Popen(
                    [sys.executable, "-m", "faults.runner", *words], env=_environment()
                )
                self._children.add(child)
            try:
                child.wait(LONGEST_SECONDS[self.cut])
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            self._children.discard(child)
            if out.exists():
                row = json.loads(out.read_text(encoding="utf-8"))
            else:
                text = f"no result: status {child.returncode}"
                row = {"fault": ", ".join(names), "problems": [text]}
        return row | {"seconds": round(time.monotonic() - started, 1)}


def _by_lane(found: list[list[Fault]]) -> dict[str, list[list[Fault]]]:
    lanes: dict[str, list[list[Fault]]] = {}
    for group in found:
        lanes.setdefault(group[0].lane, []).append(group)
    return lanes


def _environment() -> dict[str, str]:
    path = f"{ROOT / 'tests'}:{ROOT / 'scripts/lib'}"
    return os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
