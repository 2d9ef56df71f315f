"""Three RabbitMQ nodes, each on a host of its own (namespaces.py), that form a cluster.

Who uses it gets one address, that of a proxy which takes the first node that accepts, as a load
balancer does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import processes
import requests
from broker import SERVER, USER
from faults.namespaces import Host, Network
from faults.private_broker import PrivateBroker
from faults.proxy import Proxy
from support.waiting import wait_for

NODES = 3
PORT, MANAGEMENT_PORT, DISTRIBUTION_PORT, EPMD_PORT = 5672, 15672, 25672, 4369
# Seconds after which a silent peer counts as gone, give or take a quarter; RabbitMQ has 60.
TICK_SECONDS = 4
START_SECONDS = 180


class Node(PrivateBroker):
    """One of them."""

    def __init__(self, folder: Path, host: Host, hosts: list[Host]) -> None:
        folder.mkdir()
        super().__init__(folder)
        self.host = host
        self.hosts = hosts
        self.port, self.management_port = PORT, MANAGEMENT_PORT
        self.distribution_port, self.epmd_port = DISTRIBUTION_PORT, EPMD_PORT

    @property
    def management_url(self) -> str:
        """Where the management API answers."""
        return f"http://{USER}:{self.password}@{self.host.address}:{MANAGEMENT_PORT}"

    def prepare(self, password: str, cookie: str) -> None:
        """Give it the secrets that all share."""
        self.folder.mkdir(mode=0o700)
        self.password = password
        for name, secret in (("password", password), (".erlang.cookie", cookie)):
            path = self.folder / name
            path.touch(mode=0o600)
            path.write_text(secret, encoding="ascii")
            path.chmod(0o400)

    def begin(self) -> None:
        """Start it, without waiting."""
        self._starter.submit(self.restart).result()

    def start_again(self) -> None:
        """Kill it, and start it where it was, without waiting."""
        processes.stop_all(self.children(), 0)
        self.begin()

    def restart(self) -> None:
        """Start the node and its port mapper on their host."""
        self._write_configuration()
        environment = self._environment()
        with self.log.open("ab") as log:
            for name, words in (("epmd", ["epmd"]), ("server", [str(SERVER)])):
                child = processes.spawn(self.host.command(words, environment), output=log)
                setattr(self, name, child)

    def _node(self) -> str:
        return _node_of(self.host)

    def _write_configuration(self) -> None:
        super()._write_configuration()
        configuration = self.folder / "rabbitmq.conf"
        text = configuration.read_text(encoding="ascii").replace("127.0.0.1", self.host.address)
        nodes = "\n".join(
            f"cluster_formation.classic_config.nodes.{number} = {_node_of(host)}"
            for number, host in enumerate(self.hosts, 1)
        )
        text += f"cluster_partition_handling = pause_minority\n{nodes}\n"
        configuration.write_text(text, encoding="ascii")

    def _environment(self) -> dict[str, str]:
        interface = self.host.address.replace(".", ",")
        arguments = (
            f"-start_epmd false -kernel inet_dist_use_interface {{{interface}}}"
            f" -kernel net_ticktime {TICK_SECONDS}"
        )
        wanted = ("RABBITMQ_", "PATH", "LANG")
        made = {name: value for name, value in super()._environment().items()
                if name.startswith(wanted)}  # fmt: skip
        return made | {
            "HOME": str(self.folder),
            "RABBITMQ_USE_LONGNAME": "true",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": arguments,
            "RUNNING_UNDER_SYSTEMD": "true",
        }


class Cluster:
    """`url` and `management_url` lead to whichever node accepts."""

    def __init__(self, folder: Path) -> None:
        self.network = Network(NODES)
        self.proxies: list[Proxy] = []
        hosts = self.network.hosts
        self.nodes = [
            Node(folder / f"node-{number}", host, hosts) for number, host in enumerate(hosts)
        ]

    def serve(self) -> Cluster:
        """Start all at once, and wait until they are a cluster."""
        password, cookie = os.urandom(16).hex(), os.urandom(16).hex()
        for node in self.nodes:
            node.prepare(password, cookie)
            node.begin()
        self.wait_until_whole(START_SECONDS)
        for port in (PORT, MANAGEMENT_PORT):
            self.proxies.append(Proxy(*(f"{node.host.address}:{port}" for node in self.nodes)))
        return self

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self.nodes[0].password}@{self.proxies[0].address}/"

    @property
    def management_url(self) -> str:
        return f"http://{USER}:{self.nodes[0].password}@{self.proxies[1].address}"

    def wait_until_whole(self, seconds: float) -> None:
        """Until each node sees all of them running."""

        def is_whole() -> bool:
            ended = [node for node in self.nodes if not node.is_alive()]
            assert not ended, f"a node has ended: {ended[0].last_words()}"
            return all(self.running_as_seen_by(node) == NODES for node in self.nodes)

        try:
            wait_for(is_whole, "the nodes to form a cluster", seconds)
        except AssertionError as error:
            seen = [
                f"{node.host.address} sees {self.running_as_seen_by(node)} running:"
                f" {node.last_words()}"
                for node in self.nodes
            ]
            raise AssertionError("\n".join([str(error), *seen])) from None

    def running_as_seen_by(self, node: Node) -> int:
        """How many nodes run, as that one sees it; 0 if it says nothing."""
        try:
            return sum(each["running"] for each in _ask(node, "nodes"))
        except (requests.RequestException, ValueError, KeyError, TypeError):
            return 0

    def leader_of(self, virtual_host: str, queue: str) -> Node:
        """On which node a quorum queue has its leader now."""

        def find() -> Node | None:
            for node in self.nodes:
                try:
                    name = _ask(node, f"queues/{virtual_host}/{queue}").get("leader")
                except (requests.RequestException, ValueError):
                    continue
                return next((each for each in self.nodes if _node_of(each.host) == name), None)
            return None

        return wait_for(find, f"a leader of {queue}")

    def members_of(self, virtual_host: str, queue: str) -> int:
        """How many nodes have a copy of a quorum queue."""
        return len(_ask(self.nodes[0], f"queues/{virtual_host}/{queue}")["members"])

    @contextmanager
    def in_halves(self, node: Node, is_unplugged: bool = False) -> Iterator[None]:
        """That node on one side, the others on the other. Unplugged: we do not reach it either."""
        (self.network.unplug if is_unplugged else self.network.cut)(node.host)
        try:
            yield
        finally:
            self.network.heal()

    def close(self) -> None:
        """For good, without ceremony."""
        for proxy in self.proxies:
            proxy.close()
        self.network.close()
        for node in self.nodes:
            node.close()


def _node_of(host: Host) -> str:
    return f"rabbit@{host.address}"


def _ask(node: Node, path: str) -> Any:
    with requests.Session() as session:
        session.trust_env = False
        response = session.get(f"{node.management_url}/api/{path}", timeout=3)
        response.raise_for_status()
        return response.json()
