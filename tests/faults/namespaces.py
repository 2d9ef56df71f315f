"""Network namespaces on a bridge: hosts of their own on this machine, that can be cut off each other.

Names and addresses are drawn for each network, so that two runs do not meet. Whatever was made is
removed when this process ends, however it ends, and so are the processes inside.
"""

from __future__ import annotations

import os
import random
import secrets
import subprocess
from collections.abc import Mapping, Sequence

from faults.cleaner import Cleaner

# A namespace lives on while a connection of its dead waits for answers; its cable must not.
CLEAR_UP = """bridge=$1; shift
for name; do
    ip netns pids "$name" 2>/dev/null | xargs -r kill -9
    ip netns delete "$name" 2>/dev/null
    ip link delete "${bridge}v${name##*-}" 2>/dev/null
done
ip link delete "$bridge" 2>/dev/null
true"""


class Unavailable(Exception):
    """This machine, or this user, has no namespaces to give."""


class Host:
    """One namespace; `address` is its own on the bridge."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address

    def command(self, words: Sequence[str], environment: Mapping[str, str]) -> list[str]:
        """That command in here, as ourselves, with this environment alone."""
        assignments = [f"{name}={value}" for name, value in environment.items()]
        become = [] if os.geteuid() == 0 else [
            "setpriv", f"--reuid={os.getuid()}", f"--regid={os.getgid()}", "--clear-groups"
        ]  # fmt: skip
        inside = ["ip", "netns", "exec", self.name, *become, "env", "-i", *assignments]
        return [*_as_root(), *inside, *words]


class Network:
    """Hosts that reach each other, and this machine them."""

    def __init__(self, count: int) -> None:
        _ip("netns", "list")  # may we?
        token = secrets.token_hex(3)
        subnet = _free_subnet()
        self.bridge = f"pr{token}"
        self.hosts = [
            Host(f"postroom-{token}-{number}", f"{subnet}.{number + 10}") for number in range(count)
        ]
        names = [host.name for host in self.hosts]
        self._cleaner = Cleaner(CLEAR_UP, self.bridge, *names, prefix=_as_root())
        try:
            _ip("link", "add", self.bridge, "type", "bridge")
            _ip("address", "add", f"{subnet}.1/24", "dev", self.bridge)
            _ip("link", "set", self.bridge, "up")
            for number, host in enumerate(self.hosts):
                self._connect(host, f"{self.bridge}v{number}")
        except Unavailable:
            self.close()
            raise

    def close(self) -> None:
        """Kill what runs inside, and remove everything."""
        self._cleaner.close()

    def cut(self, host: Host) -> None:
        """The others and this host do not reach each other any more; this machine reaches all."""
        for other in self.hosts:
            if other is not host:
                _ip("-n", host.name, "route", "add", "blackhole", other.address)
                _ip("-n", other.name, "route", "add", "blackhole", host.address)

    def unplug(self, host: Host) -> None:
        """Nobody reaches this host any more."""
        _ip("-n", host.name, "link", "set", "eth0", "down")

    def heal(self) -> None:
        """Everybody reaches everybody again."""
        for host in self.hosts:
            _ip("-n", host.name, "link", "set", "eth0", "up")
            _ip("-n", host.name, "route", "flush", "type", "blackhole")

    def _connect(self, host: Host, port: str) -> None:
        _ip("netns", "add", host.name)
        _ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", host.name)
        _ip("link", "set", port, "master", self.bridge, "up")
        _ip("-n", host.name, "address", "add", f"{host.address}/24", "dev", "eth0")
        _ip("-n", host.name, "link", "set", "lo", "up")
        _ip("-n", host.name, "link", "set", "eth0", "up")


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


def _ip(*words: str) -> str:
    command = [*_as_root(), "ip", *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    except OSError as error:
        raise Unavailable(f"{error.filename}: {error.strerror}") from None
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def _free_subnet() -> str:
    """Three bytes of a private network that this machine has nothing to do with."""
    known = subprocess.run(
        ["ip", "-o", "route", "show", "table", "all"], capture_output=True, text=True, check=False
    ).stdout
    while True:
        subnet = f"10.{random.randrange(64, 128)}.{random.randrange(1, 255)}"
        if f" {subnet}." not in f" {known}":
            return subnet
