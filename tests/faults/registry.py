"""What a fault is, and all of them: each module `faults_*.py` of this folder has a list FAULTS."""

from __future__ import annotations

import dataclasses
import importlib
import random
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faults.driver import Load
    from faults.world import World
    from support.machine import Machine

SHARED = "shared"  # the lane of faults that stand on the shared broker and database: any number at once


@dataclass(frozen=True)
class Surroundings:
    """What a world stands on. `extra` is whatever the fault's module wants handed to `inject`."""

    machine: Machine
    extra: Any = None


@dataclass(frozen=True)
class Fault:
    """One fault. `inject` returns when it is over; what it does lies between load before and after."""

    name: str
    about: str  # one sentence for the report: what is done
    inject: Callable[[Scene], None]
    fast: Mapping[str, Any] = field(default_factory=dict)  # parameters in ./dev test …
    full: Mapping[str, Any] = field(default_factory=dict)  # … and in ./dev faults
    lane: str = SHARED  # faults of any other lane run one after another
    settings: Mapping[str, str] = field(default_factory=dict)  # for all services
    has_failpoints: bool = False  # runs the programs of build-faults
    # Makes what the world stands on: (the shared machine, a folder) → Surroundings. None: shared.
    surroundings: Callable[[Machine, Path], AbstractContextManager[Surroundings]] | None = None
    # What is special about the world, once it is there and before load: e.g. prepare(scene).
    prepare: Callable[[Scene], None] | None = None
    endings: tuple[int, ...] = (0, -9)  # how a service may end that nobody asked to
    may_fail: bool = True  # False: not one request may fail meanwhile
    excused: str = ""  # what is not held against Postroom here, and why; printed in the report


@dataclass
class Scene:
    """What `inject` works with."""

    fault: Fault
    world: World
    load: Load
    random: random.Random
    parameters: dict[str, Any]
    extra: Any = None
    notes: list[str] = field(default_factory=list)  # for the report
    problems: list[str] = field(default_factory=list)  # what the fault itself found wrong
    began: float = 0.0  # when `inject` was called, and when it returned
    ended: float = 0.0
    over: float = 0.0  # when all was well again
    first_ending: int = 0  # of the world's `endings`: those meanwhile
    last_ending: int = 0

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]


def all_faults() -> list[Fault]:
    """In the order of the report."""
    faults: list[Fault] = []
    for path in sorted(Path(__file__).parent.glob("faults_*.py")):
        faults += importlib.import_module(f"faults.{path.stem}").FAULTS
    names = [each.name for each in faults]
    assert len(names) == len(set(names)), "two faults of one name"
    return faults


def find(name: str) -> Fault:
    """The fault of that name; with ", … broken" at its end, on a Postroom that is."""
    base, comma, breakage = name.partition(", ")
    fault = next(each for each in all_faults() if each.name == (base if comma else name))
    return broken(fault, breakage.removesuffix(" broken")) if comma else fault


def broken(fault: Fault, breakage: str) -> Fault:
    """The same on a Postroom that is broken on purpose (BREAKAGE)."""
    return dataclasses.replace(
        fault,
        name=f"{fault.name}, {breakage} broken",
        settings=dict(fault.settings) | {"BREAKAGE": breakage},
        has_failpoints=True,
    )


def groups(faults: list[Fault], at_most: int) -> list[list[Fault]]:
    """Those that fit one world together, in their order, so many at most."""
    by_kind: dict[Any, list[list[Fault]]] = {}
    for fault in faults:
        kind = (fault.lane, fault.surroundings, fault.prepare, fault.has_failpoints,
                tuple(sorted(fault.settings.items())))  # fmt: skip
        found = by_kind.setdefault(kind, [[]])
        if len(found[-1]) == at_most:
            found.append([])
        found[-1].append(fault)
    return [each for found in by_kind.values() for each in found]
