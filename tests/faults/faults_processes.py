"""Faults of our own processes: killed at random and at the worst moments, stopped, restarted."""

from __future__ import annotations

from faults.registry import Fault, Scene
from faults.world import COPIES


def _kill(service: str) -> Fault:
    def inject(scene: Scene) -> None:
        for _ in range(scene["times"]):
            scene.load.go_on(scene.random.uniform(*scene["pause"]))
            scene.world.kill(scene.random.choice(scene.world.of(service)))

    return Fault(
        name=f"kill {service}",
        about=f"kill -9 of a {service} at a random moment, again and again",
        inject=inject,
        fast={"times": 2, "pause": (0.2, 1.5)},
        full={"times": 50, "pause": (0.1, 1.2)},
    )


FAULTS = [_kill(service) for service in COPIES]
