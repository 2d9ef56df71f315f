"""A broker that is restarted, killed, away for a while, or in alarm: a private one each time."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.private_broker import PrivateBroker
from faults.registry import Fault, Scene, Surroundings
from support.machine import Machine

LANE = "broker"  # they share one in the fast cut
NOTICED_SECONDS = 2.0  # an alarm or a stop is known to everybody after that
REFUSAL_SECONDS = 1.0 + 0.5  # "within a second", on a machine that is busy


@contextmanager
def _private_broker(machine: Machine, folder: Path) -> Iterator[Surroundings]:
    broker = PrivateBroker(folder)
    try:
        broker.serve()
        urls = {"amqp_url": broker.url, "management_url": broker.management_url}
        yield Surroundings(dataclasses.replace(machine, **urls), broker)
    finally:
        broker.close()


def _keep_definitions(scene: Scene) -> None:
    """RabbitMQ confirms a declaration some seconds before it is on disk; that is not our subject."""
    scene.extra.keep_definitions()


def _restart(scene: Scene) -> None:
    for _ in range(scene["times"]):
        scene.extra.end()
        scene.extra.again()
        scene.load.go_on(scene["pause"])


def _kill(scene: Scene) -> None:
    for _ in range(scene["times"]):
        scene.extra.kill()
        scene.extra.again()
        scene.load.go_on(scene["pause"])


def _stop(scene: Scene) -> None:
    scene.extra.end()
    with _nobody_waits(scene):
        scene.load.go_on(scene["seconds"])
    scene.extra.again()


def _alarm(which: str, scene: Scene) -> None:
    with getattr(scene.extra, which)(), _nobody_waits(scene):
        scene.load.go_on(scene["seconds"])


@contextmanager
def _nobody_waits(scene: Scene) -> Iterator[None]:
    """What nobody can take is refused within a second, as soon as that can be known."""
    began = time.monotonic() + NOTICED_SECONDS
    yield
    ended = time.monotonic()
    for command in list(scene.world.journal.commands):
        for answer in list(command.answers):
            seconds = answer.ended - answer.started
            is_within = began <= answer.started and answer.started + REFUSAL_SECONDS <= ended
            if command.channel == "http" and is_within and seconds > REFUSAL_SECONDS:
                text = f"{command.kind} “{command.marker}”: {answer.status} after {seconds:.1f} s"
                scene.problems.append(f"not refused within a second: {text}")


FAULTS = [
    Fault(
        name="broker restarted",
        about="SIGTERM of RabbitMQ, which is started again at once",
        inject=_restart,
        fast={"times": 1, "pause": 0},
        full={"times": 3, "pause": 10},
        lane=LANE,
        surroundings=_private_broker,
        prepare=_keep_definitions,
    ),
    Fault(
        name="broker killed",
        about="kill -9 of RabbitMQ, which is started again at once on its data",
        inject=_kill,
        fast={"times": 1, "pause": 0},
        full={"times": 5, "pause": 10},
        lane=LANE,
        surroundings=_private_broker,
        prepare=_keep_definitions,
    ),
    Fault(
        name="broker away",
        about="RabbitMQ stopped, and started again a minute later",
        inject=_stop,
        fast={"seconds": 5},
        full={"seconds": 60},
        lane=LANE,
        surroundings=_private_broker,
        prepare=_keep_definitions,
    ),
    Fault(
        name="broker: memory alarm",
        about="RabbitMQ takes its memory for exhausted and blocks who publishes",
        inject=lambda scene: _alarm("memory_alarm", scene),
        fast={"seconds": 5},
        full={"seconds": 60},
        lane=LANE,
        surroundings=_private_broker,
        prepare=_keep_definitions,
    ),
    Fault(
        name="broker: disk alarm",
        about="RabbitMQ takes its disk for full and blocks who publishes",
        inject=lambda scene: _alarm("disk_alarm", scene),
        fast={"seconds": 5},
        full={"seconds": 60},
        lane=LANE,
        surroundings=_private_broker,
        prepare=_keep_definitions,
    ),
]
