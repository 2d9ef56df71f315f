"""A database that is restarted, killed, frozen, full, or cut off in mid-COMMIT: a private one."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.private_database import PrivateDatabase
from faults.registry import Fault, Scene, Surroundings
from support.machine import Machine

LANE = "database"
HANGING = "waiting for"  # in the title of a server process: its COMMIT is written, not answered
OPEN = "in transaction"


@contextmanager
def _private_database(machine: Machine, folder: Path) -> Iterator[Surroundings]:
    database = PrivateDatabase(folder)
    try:
        database.serve()
        url = database.superuser_url
        yield Surroundings(dataclasses.replace(machine, database_url=url), database)
    finally:
        database.close()


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


def _cut_commits(scene: Scene) -> None:
    """Some commits are written and never answered, some transactions never get so far."""
    name = scene.world.stack.name
    cut = rolled_back = 0
    until = time.monotonic() + scene["seconds"]
    while time.monotonic() < until:
        with scene.extra.commits_hang():
            scene.load.go_on(scene.random.uniform(0.1, 0.6))
            cut += scene.extra.terminate(name, HANGING)
            rolled_back += scene.extra.terminate(name, OPEN)
        scene.load.go_on(scene.random.uniform(0.2, 0.8))
    scene.notes.append(f"{cut} commits cut off when written, {rolled_back} transactions before")
    if cut == 0:
        scene.problems.append("no COMMIT was cut off")


def _take_slots(scene: Scene) -> None:
    with scene.extra.slots_taken(scene.world.stack.name):
        scene.load.go_on(scene["seconds"])


def _freeze(scene: Scene) -> None:
    with scene.extra.frozen():
        scene.load.go_on(scene["seconds"])


FAULTS = [
    Fault(
        name="database restarted",
        about="PostgreSQL shut down without waiting for its clients, and started again at once",
        inject=_restart,
        fast={"times": 1, "pause": 0},
        full={"times": 5, "pause": 8},
        lane=LANE,
        surroundings=_private_database,
    ),
    Fault(
        name="database killed",
        about="kill -9 of PostgreSQL's postmaster, started again at once on its data",
        inject=_kill,
        fast={"times": 1, "pause": 0},
        full={"times": 5, "pause": 8},
        lane=LANE,
        surroundings=_private_database,
    ),
    Fault(
        name="connections cut in mid-COMMIT",
        about="connections terminated whose COMMIT is written and not answered, and others before it",
        inject=_cut_commits,
        fast={"seconds": 5},
        full={"seconds": 60},
        lane=LANE,
        surroundings=_private_database,
    ),
    Fault(
        name="all connections taken",
        about="every connection that PostgreSQL allows is somebody else's, ours are ended",
        inject=_take_slots,
        fast={"seconds": 5},
        full={"seconds": 30},
        lane=LANE,
        surroundings=_private_database,
    ),
    Fault(
        name="database stops",
        about="SIGSTOP of all of PostgreSQL, and SIGCONT later",
        inject=_freeze,
        fast={"seconds": 5},
        full={"seconds": 30},
        lane=LANE,
        surroundings=_private_database,
        endings=(0, 70),
    ),
]
