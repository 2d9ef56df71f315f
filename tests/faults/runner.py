"""One fault (or several in a row), from a fresh Postroom to a verdict; a process of its own: runner.py CUT SEED RATE OUT NAME…"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from faults.checker import Verdict, check
from faults.driver import Load, kind_of
from faults.http_user import HttpUser
from faults.journal import CONFIRMED, Command, Journal
from faults.observation import Observation, Observer
from faults.registry import Fault, Scene, Surroundings, find
from faults.shares import shares
from faults.world import World, programs_with_failpoints
from support.machine import Machine

CUTS = ("fast", "full")
WARM_UP, COOL_DOWN = {"fast": 2.0, "full": 8.0}, {"fast": 1.0, "full": 8.0}
RECOVERY_SECONDS = {"fast": 20.0, "full": 60.0}  # for every kind of command to succeed again
QUIET_SECONDS = {"fast": 45.0, "full": 120.0}
STATES = 200  # of each run: how many commands with a key are repeated, and how many states asked for


def run(faults: list[Fault], cut: str, seed: str, rate: float, folder: Path) -> dict[str, Any]:
    """The row of the report: `problems` is empty if all is well. All faults fit one world."""
    fault = faults[0]
    with _surroundings(fault, folder) as around:
        journal = Journal(folder / "journal.jsonl")
        machine = around.machine
        if fault.has_failpoints:
            machine = dataclasses.replace(machine, build=programs_with_failpoints(machine))
        world = World(machine, folder / "world", journal, fault.settings)
        try:
            load = Load(world, journal, rate, seed)
            scenes = [_scene(each, world, load, cut, around.extra) for each in faults]
            return _run_in(world, load, scenes, cut)
        finally:
            journal.close()
            world.close()


@contextlib.contextmanager
def _surroundings(fault: Fault, folder: Path) -> Iterator[Surroundings]:
    machine = Machine.from_environment()
    if fault.surroundings is None:
        yield Surroundings(machine)
    else:
        with fault.surroundings(machine, folder) as around:
            yield around


def _scene(fault: Fault, world: World, load: Load, cut: str, extra: Any) -> Scene:
    parameters = dict(fault.fast if cut == "fast" else {**fault.fast, **fault.full})
    return Scene(fault, world, load, random.Random(f"{load.seed} {fault.name}"), parameters, extra)


def _run_in(world: World, load: Load, scenes: list[Scene], cut: str) -> dict[str, Any]:
    observer = Observer(world)
    seen = Observation(world.wait_seconds)
    world.start()
    load.prepare()
    observer.subscribe()
    if scenes[0].fault.prepare is not None:
        scenes[0].fault.prepare(scenes[0])
        for scene in scenes:
            scene.extra = scenes[0].extra
    load.start()
    load.go_on(WARM_UP[cut])
    load.pause()
    seen.usage_before = world.usage()
    load.resume()
    recovery = 0.0
    for scene in scenes:
        load.go_on(WARM_UP[cut] / 2)
        recovery = max(recovery, _play(scene, cut))
    load.stop()
    if not observer.wait_for_quiet(world.journal.commands, QUIET_SECONDS[cut]):
        scenes[0].notes.append("never quiet")
    _look(world, load, observer, seen)
    verdict = check(world.journal, seen)
    for scene in scenes:
        _check_scene(scene, verdict)
    found = shares(scenes, world.journal, seen, verdict)
    own = {name: dataclasses.asdict(share) for name, share in found.items()}
    return _row(scenes, verdict, recovery, world) | {"shares": own}


def _play(scene: Scene, cut: str) -> float:
    """One fault under load; how long it took to recover."""
    scene.began = time.monotonic()
    scene.first_ending = len(scene.world.endings)
    scene.fault.inject(scene)
    scene.ended = time.monotonic()
    recovery = _recover(scene.load, scene, scene.ended, RECOVERY_SECONDS[cut])
    scene.load.go_on(COOL_DOWN[cut])
    scene.over = time.monotonic()
    scene.last_ending = len(scene.world.endings)
    return recovery


def _recover(load: Load, scene: Scene, ended: float, seconds: float) -> float:
    """Wait until each kind that was seen before is done again; how long that took."""
    kinds = set(load.successes_since(0.0))
    while time.monotonic() < ended + seconds:
        firsts = load.successes_since(ended)
        if kinds <= firsts.keys():
            return _recovery_of(load, firsts, ended)
        time.sleep(0.2)
    missing = kinds - load.successes_since(ended).keys()
    scene.problems.append(f"not done again within {seconds:.0f} s: {', '.join(sorted(missing))}")
    return seconds


def _recovery_of(load: Load, firsts: dict[str, float], ended: float) -> float:
    """A kind of which no answer after the fault was bad had nothing to recover from."""
    slow = 0.0
    for command in list(load.journal.commands):
        for answer in list(command.answers):
            kind = kind_of(command)
            is_bad = not answer.is_success and answer.status not in (202, CONFIRMED)
            if is_bad and ended <= answer.started and kind in firsts:
                slow = max(slow, firsts[kind] - ended)
    return slow


def _look(world: World, load: Load, observer: Observer, seen: Observation) -> None:
    """After quiet: effects, states; then each key once more, and the effects again."""
    commands = [each for each in world.journal.commands if each.kind != "query"]
    seen.effects = observer.effects()
    asker = HttpUser(world.stack.listener.getsockname(), world.journal, "", 1, "asker", [])
    for command in commands:
        if command.location:
            seen.states[command.number] = asker.ask(command)
    for command in _sample(commands, load.seed):
        seen.repetitions[command.number] = asker.repeat(command)
    asker.hang_up()
    observer.wait_for_quiet([], 30)
    seen.effects_after = observer.effects()
    observer.fill(seen)
    seen.usage_after = world.usage()


def _sample(commands: list[Command], seed: str) -> list[Command]:
    """All commands with a key whose fate was not told plainly, and some of the others."""
    keyed = [each for each in commands if each.key and not each.is_poison]
    unclear = [each for each in keyed if len(each.answers) != 1 or not each.is_acknowledged]
    plain = [each for each in keyed if len(each.answers) == 1 and each.is_acknowledged]
    return unclear + random.Random(seed).sample(plain, min(len(plain), STATES))


def _check_scene(scene: Scene, verdict: Verdict) -> None:
    wrong = [*scene.problems, *_endings(scene)]
    wrong += [] if scene.fault.may_fail else _failures(scene)
    own = Verdict(wrong=[f"{scene.fault.name}: {problem}" for problem in wrong])
    verdict.add(own, [scene.began])


def _endings(scene: Scene) -> list[str]:
    found = scene.world.endings[scene.first_ending : scene.last_ending]
    return [f"{service} ended with status {status}" for service, status in found
            if status not in scene.fault.endings]  # fmt: skip


def _failures(scene: Scene) -> list[str]:
    """What failed while nothing may."""
    return [
        f"{command.kind} “{command.marker}”: {answer.status} {str(answer.body)[:200]}"
        for command in scene.world.journal.commands
        for answer in command.answers
        if not (answer.is_success or answer.status in (202, CONFIRMED))
        and scene.began <= answer.ended
        and answer.started <= scene.ended
    ]


def _row(scenes: list[Scene], verdict: Verdict, recovery: float, world: World) -> dict[str, Any]:
    notes = [note for scene in scenes for note in scene.notes]
    if verdict.given_up:
        notes.append(f"{len(verdict.given_up)} good commands were given up by the broker after too many"
                     " deaths of their worker, and are dead letters")  # fmt: skip
    return {
        "fault": ", ".join(scene.fault.name for scene in scenes),
        "commands": verdict.commands,
        "effects": verdict.effects,
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "statuses": dict(sorted(verdict.statuses.items())),
        "slowest": round(verdict.slowest, 2),
        "recovery": round(recovery, 1),
        "repeated_mails": verdict.repeated_mails,
        "mails": sum(len(set(each)) for each in world.mail.mails.values()),
        "notes": notes,
        "problems": verdict.problems,
    }


def main() -> int:
    """Writes the row as JSON; status 0 says that there is one, whatever is in it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is cleared away
    cut, seed, rate, out, *names = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="postroom-fault-") as folder:
        Path(folder).chmod(0o711)  # a private database runs as somebody else
        try:
            row = run([find(name) for name in names], cut, seed, float(rate), Path(folder))
        except Exception:  # the report must have its row
            text = f"broken off: {traceback.format_exc()}"
            row = {"fault": ", ".join(names), "problems": [text]}
        if row["problems"]:
            row["logs"] = _logs(Path(folder))
            _keep(Path(folder), names[0])
    Path(out).write_text(json.dumps(row), encoding="utf-8")
    return 0


def _keep(folder: Path, name: str) -> None:
    """Journal and logs of a run that went wrong, for whoever wants to know why."""
    kept = os.environ.get("FAULTS_KEEP")
    if kept:
        target = Path(kept) / re.sub(r"\W+", "-", name)
        ignored = shutil.ignore_patterns("broker*", "database*", "node*", "mnesia", "data")
        shutil.copytree(folder, target, dirs_exist_ok=True, ignore=ignored)


def _logs(folder: Path) -> str:
    """The ends of what the services said."""
    texts = []
    for path in sorted((folder / "world").glob("*.log")):
        texts.append(f"--- {path.name}\n{path.read_text(encoding='utf-8', errors='replace')[-3000:]}")
    return "\n".join(texts)


if __name__ == "__main__":
    sys.exit(main())
