"""A network that misbehaves: between us and the broker, then the database; or before the gateway."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from faults.proxy import Proxy, proxy_for
from faults.registry import Fault, Scene, Surroundings
from support.machine import Machine
from support.stack import address_of

ABOUT = {
    "black_hole": "connections are accepted and what comes vanishes, without FIN or RST",
    "reset": "every connection is reset, and each new one",
    "half_open": "what the server sends vanishes, what is sent to it arrives",
    "latency": "200 ms each way, give or take 100",
    "trickle": "one byte a packet",
}
GOES_ON = ("latency", "trickle")  # nothing is lost: it is only slow
CLIENT_PATIENCE_SECONDS = 4.5


@contextmanager
def _server_proxies(machine: Machine, folder: Path) -> Iterator[Surroundings]:
    """All of Postroom and its AMQP clients reach both servers by proxies."""
    with ExitStack() as stack:
        broker, database = proxy_for(machine.amqp_url), proxy_for(machine.database_url)
        stack.callback(broker.close)
        stack.callback(database.close)
        urls = {
            "amqp_url": broker.url(machine.amqp_url),
            "database_url": database.url(machine.database_url),
        }
        extra = {"broker": broker, "database": database}
        yield Surroundings(dataclasses.replace(machine, **urls), extra)


@contextmanager
def _client_proxies(machine: Machine, folder: Path) -> Iterator[Surroundings]:
    """A place for the proxy before the gateway, whose address is not known yet."""
    with ExitStack() as stack:
        yield Surroundings(machine, stack)


def _stand_before_gateway(scene: Scene) -> None:
    """People reach the gateway by a proxy, and wait no longer than it should take."""
    proxy = Proxy(address_of(scene.world.stack.listener))
    scene.extra.callback(proxy.close)
    scene.extra = {"clients": proxy}
    for person in scene.load.people:
        person.hang_up()
        person.address = ("127.0.0.1", proxy.port)
        person.patience_seconds = CLIENT_PATIENCE_SECONDS


def _inject(behaviour: str, scene: Scene) -> None:
    """On each side in turn, and back to normal before the next."""
    for number, (side, proxy) in enumerate(scene.extra.items()):
        if number > 0:
            _wait_until_well(scene)
        proxy.switch(behaviour)
        scene.load.go_on(scene["seconds"])
        proxy.switch("pass")
        scene.notes.append(f"{side}: {scene['seconds']} s")


def _wait_until_well(scene: Scene) -> None:
    """Until each kind of request that was seen before is answered well again."""
    kinds = set(scene.load.successes_since(0.0))
    since = time.monotonic()
    while not kinds <= scene.load.successes_since(since).keys():
        if time.monotonic() > since + scene["recovery"]:
            scene.problems.append(f"not well again within {scene['recovery']} s")
            return
        scene.load.go_on(0.2)


def _of_servers(behaviour: str) -> Fault:
    return Fault(
        name=f"network to the servers: {behaviour.replace('_', ' ')}",
        about=f"between us and the broker, then the database: {ABOUT[behaviour]}",
        inject=lambda scene: _inject(behaviour, scene),
        fast={"seconds": 5, "recovery": 25},
        full={"seconds": 30, "recovery": 60},
        surroundings=_server_proxies,
        endings=(0, 70),
    )


def _of_clients(behaviour: str) -> Fault:
    return Fault(
        name=f"network to the clients: {behaviour.replace('_', ' ')}",
        about=f"between HTTP clients and the gateway: {ABOUT[behaviour]}",
        inject=lambda scene: _inject(behaviour, scene),
        fast={"seconds": 5},
        full={"seconds": 30},
        surroundings=_client_proxies,
        prepare=_stand_before_gateway,
        excused="" if behaviour in GOES_ON else "answers that the network swallowed",
    )


FAULTS = [
    *(_of_servers(behaviour) for behaviour in ABOUT),
    *(_of_clients(behaviour) for behaviour in ABOUT),
]
