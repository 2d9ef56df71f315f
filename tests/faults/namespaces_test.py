"""Hosts in namespaces reach each other until they are cut, and are gone in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from faults.namespaces import Host, Network
from support.waiting import wait_for

CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], 9), timeout=1)"
ENVIRONMENT = {"PATH": os.environ.get("PATH", "")}


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network(3)
    yield made
    made.close()
    _expect_nothing_of(made.bridge)


def _expect_nothing_of(bridge: str) -> None:
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True).stdout
    names = subprocess.run(["ip", "netns"], capture_output=True, text=True, check=True).stdout
    assert bridge not in links and bridge.removeprefix("pr") not in names


def _reaches(host: Host, other: Host) -> bool:
    """Refused is reached."""
    words = [sys.executable, "-c", CONNECT, other.address]
    done = subprocess.run(
        host.command(words, ENVIRONMENT), capture_output=True, text=True, check=False
    )
    assert "Error" in done.stderr
    return "ConnectionRefusedError" in done.stderr


def _expect_reach(network: Network, is_first_cut_off: bool) -> None:
    first, second, third = network.hosts
    assert _reaches(second, third)
    assert _reaches(first, second) is not is_first_cut_off
    assert _reaches(third, first) is not is_first_cut_off


def test_a_network_is_cut_in_halves_and_healed(network: Network) -> None:
    _expect_reach(network, False)
    network.cut(network.hosts[0])
    _expect_reach(network, True)
    network.heal()
    _expect_reach(network, False)
    network.unplug(network.hosts[0])
    _expect_reach(network, True)
    network.heal()
    _expect_reach(network, False)


def test_a_network_goes_with_the_process_that_made_it() -> None:
    code = "from faults.namespaces import Network; n = Network(1); print(n.bridge, flush=True); input()"
    environment = os.environ | {"PYTHONPATH": ":".join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as maker:
        bridge = maker.stdout.readline().strip()
        assert bridge
        maker.send_signal(signal.SIGKILL)

    def has_gone() -> bool:
        try:
            _expect_nothing_of(bridge)
            return True
        except AssertionError:
            return False

    wait_for(has_gone, "the namespaces to go")
