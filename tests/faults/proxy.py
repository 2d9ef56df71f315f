"""A TCP proxy between Postroom and what it talks to, whose behaviour changes while it runs.

Each proxy is a process of its own (relay.py), so that it takes nothing from the driver's threads; it
ends with this one, for its standard input does.

pass        bytes go through
black_hole  connections are accepted, and what comes vanishes: no answer, no FIN, no RST
reset       every connection is reset, and each new one
half_open   what the server sends vanishes; what the client sends goes through
latency     200 ms each way, give or take half of it
trickle     one byte a write

A connection that has lost bytes stays silent when the behaviour changes back, as one does whose
router forgot it: only the two ends can find out.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

RELAY = Path(__file__).with_name("relay.py")
BEHAVIOURS = ("black_hole", "reset", "half_open", "latency", "trickle")


class Proxy:
    """`to` are the upstreams, "host:port": of several the first that accepts, in turn."""

    def __init__(self, *to: str) -> None:
        self._lock = threading.Lock()
        self._child = subprocess.Popen(
            [sys.executable, str(RELAY), *to],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the driver
        )
        self.port = int(self._child.stdout.readline())

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def switch(self, behaviour: str) -> None:
        """From now on behave like that; returns when it does."""
        answer = self._ask(behaviour)
        assert answer.split()[0] == behaviour, answer

    def lead_to(self, upstreams: Sequence[str]) -> None:
        """Where new connections go."""
        self._ask(f"to {' '.join(upstreams)}")

    def links(self) -> int:
        """How many connections there are."""
        return int(self._ask("status").split()[1])

    def url(self, url: str) -> str:
        """The same address, by way of this proxy."""
        parts = urlsplit(url)
        user, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{user}{at}{self.address}"))

    def close(self) -> None:
        """End it, and with it all its connections."""
        self._child.stdin.close()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()

    def _ask(self, line: str) -> str:
        with self._lock:
            self._child.stdin.write(line + "\n")
            self._child.stdin.flush()
            return self._child.stdout.readline()


def proxy_for(url: str) -> Proxy:
    """A proxy to the server of a URL."""
    return Proxy(urlsplit(url).netloc.rpartition("@")[2])
