"""Clocks that jump: each service in turn is an hour ahead, then an hour behind (libfaketime)."""

from __future__ import annotations

from pathlib import Path

from faults.registry import Fault, Scene
from faults.world import COPIES

LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"


def _clock_file(scene: Scene) -> Path:
    return scene.world.folder / "clock"


def _set(scene: Scene, offset: str) -> None:
    """By rename, so that nobody reads half of it."""
    path = _clock_file(scene)
    path.with_suffix(".new").write_text(f"{offset}\n", encoding="ascii")
    path.with_suffix(".new").rename(path)


def _step(service: str) -> Fault:
    def inject(scene: Scene) -> None:
        library = next(Path("/").glob(LIBRARIES.lstrip("/")), None)
        assert library is not None, "libfaketime is missing: packages.txt names it"
        _set(scene, "+0")
        for slot in scene.world.of(service):
            scene.world.replace(
                slot,
                LD_PRELOAD=str(library),
                FAKETIME_TIMESTAMP_FILE=str(_clock_file(scene)),
                FAKETIME_DONT_FAKE_MONOTONIC="1",
                FAKETIME_CACHE_DURATION="1",
            )
        for offset in ("+3600", "-3600", "+0"):
            _set(scene, offset)
            scene.load.go_on(scene["seconds"])
        for slot in scene.world.of(service):
            scene.world.replace(slot)

    return Fault(
        name=f"clock of {service}",
        about=f"the clock of every {service} steps an hour ahead, then behind, then back",
        inject=inject,
        fast={"seconds": 2},
        full={"seconds": 15},
    )


FAULTS = [_step(service) for service in COPIES]
