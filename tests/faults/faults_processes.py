"""Faults of our own processes: killed at random and at the worst moments, stopped, restarted."""

from __future__ import annotations

import contextlib

from faults.registry import Fault, Scene
from faults.world import COPIES, Slot
from support.waiting import wait_for

STUCK = 70  # how a process ends whose workers have not come round for too long
KILLED = (0, -9)
POINTS = {
    "after_receive": "with a delivery in hand",
    "after_begin": "with an identity taken and nothing done",
    "before_commit": "with all done but the commit",
    "after_commit": "with the outcome committed and nobody told",
    "after_reply": "with the reply confirmed and nothing acked",
    "outbox_confirmed": "with messages published that the outbox still has",
}


def _kill(service: str) -> Fault:
    def inject(scene: Scene) -> None:
        for _ in range(scene["times"]):
            scene.load.go_on(scene.random.uniform(*scene["pause"]))
            scene.world.kill(scene.random.choice(scene.world.of(service)))

    return Fault(
        name=f"kill {service}",
        about=f"kill -9 of a {service} at a random moment, again and again",
        inject=inject,
        fast={"times": 2, "pause": (0.2, 1.0)},
        full={"times": 50, "pause": (0.1, 1.2)},
    )


def _die(scene: Scene, slots: list[Slot], rule: str) -> None:
    """Have them run with that rule until they have died so often, then without it."""
    for slot in slots:
        scene.world.restart(slot, FAILPOINTS=rule)
    before = len(scene.world.endings)
    wait_for(
        lambda: len(scene.world.endings) >= before + scene["deaths"],
        f"{scene['deaths']} deaths by {rule}",
        scene["seconds"],
    )
    for slot in slots:
        scene.world.restart(slot, FAILPOINTS=None)


def _kill_at(point: str) -> Fault:
    def inject(scene: Scene) -> None:
        nth = scene.random.randint(*scene["nth"])
        _die(scene, scene.world.of("command-service"), f"{point}=kill@nth:{nth}")

    return Fault(
        name=f"kill at {point}",
        about=f"kill -9 of a command-service {POINTS[point]}, each time it comes to a later message",
        inject=inject,
        fast={"deaths": 2, "nth": (5, 12), "seconds": 20},
        full={"deaths": 30, "nth": (3, 12), "seconds": 300},
        has_failpoints=True,
    )


def _kill_sweep(scene: Scene) -> None:
    """Workers die before they publish, so that the sweep has something to do; then so does it."""
    scene.world.restart(scene.world.of("scheduler")[0], FAILPOINTS="outbox_confirmed=kill@nth:2")
    before = scene.world.endings.count(("scheduler", -9))
    for slot in scene.world.of("command-service"):
        scene.world.restart(slot, FAILPOINTS="after_commit=kill@nth:8")
    wait_for(
        lambda: scene.world.endings.count(("scheduler", -9)) >= before + scene["deaths"],
        "the scheduler's deaths",
        scene["seconds"],
    )
    for slot in [*scene.world.of("command-service"), *scene.world.of("scheduler")]:
        scene.world.restart(slot, FAILPOINTS=None)


def _freeze(service: str) -> Fault:
    def inject(scene: Scene) -> None:
        with contextlib.ExitStack() as stack:
            for slot in scene.world.of(service):
                stack.enter_context(scene.world.frozen(slot))
            scene.load.go_on(scene["seconds"])

    return Fault(
        name=f"stop {service}",
        about=f"SIGSTOP of every {service}, and SIGCONT later",
        inject=inject,
        fast={"seconds": 5},
        full={"seconds": 30},
        endings=(*KILLED, STUCK),
        excused="the gateway's own stop is not an answer's time" if service == "gateway" else "",
    )


def _restart_all(scene: Scene) -> None:
    """Of each process a new one first; the old one goes when that serves."""
    for _ in range(scene["times"]):
        for slot in list(scene.world.slots):
            scene.world.replace(slot)


def _any_order(scene: Scene) -> None:
    """Everything ends under load, and begins again one by one, in no order."""
    for _ in range(scene["times"]):
        slots = list(scene.world.slots)
        scene.random.shuffle(slots)
        scene.world.stop_all()
        for slot in slots:
            scene.world.begin(slot)
            scene.load.go_on(scene["pause"])


FAULTS = [
    *(_kill(service) for service in COPIES),
    *(_kill_at(point) for point in POINTS),
    Fault(
        name="kill the sweep",
        about="kill -9 of the scheduler with messages published that the outbox still has, and of"
        " the command-services that left them there",
        inject=_kill_sweep,
        fast={"deaths": 1, "seconds": 40},
        full={"deaths": 10, "seconds": 240},
        has_failpoints=True,
    ),
    *(_freeze(service) for service in COPIES),
    Fault(
        name="rolling restart",
        about="every process replaced by a new one, one after another, under load",
        inject=_restart_all,
        fast={"times": 1},
        full={"times": 10},
        may_fail=False,
    ),
    Fault(
        name="start in any order",
        about="everything stopped, then started one by one in an order drawn by lot",
        inject=_any_order,
        fast={"times": 1, "pause": 0.3},
        full={"times": 8, "pause": 1.0},
        excused="the time without a gateway",
    ),
]
