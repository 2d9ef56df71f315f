"""What belongs to which of several faults that one world had, one after another."""

from __future__ import annotations

from dataclasses import dataclass, field

from faults.checker import Verdict
from faults.journal import COMMANDS, Command, Journal
from faults.observation import Observation
from faults.registry import Scene


@dataclass
class Share:
    """Of one fault. `problems` that belong to no fault in particular are every fault's."""

    requests: int = 0  # begun while the fault was there, queries too
    effects: int = 0  # of commands begun from then on, until the next fault came
    problems: list[str] = field(default_factory=list)


def shares(
    scenes: list[Scene], journal: Journal, seen: Observation, verdict: Verdict
) -> dict[str, Share]:
    """By the fault's name."""
    return {
        scene.fault.name: Share(
            requests=sum(_is_begun(each, scene.began, scene.ended) for each in journal.commands),
            effects=sum(
                seen.effects[each.kind, each.marker]
                for each in journal.commands
                if each.kind in COMMANDS and _is_begun(each, scene.began, scene.over)
            ),
            problems=[text for text in verdict.problems if _concerns(scene, scenes, text, verdict)],
        )
        for scene in scenes
    }


def _is_begun(command: Command, since: float, until: float) -> bool:
    return any(since <= answer.started <= until for answer in command.answers)


def _concerns(scene: Scene, scenes: list[Scene], text: str, verdict: Verdict) -> bool:
    """Was it this fault's time, or none's?"""
    moments = verdict.moments.get(text, [])
    times = [each for each in scenes if any(each.began <= moment <= each.over for moment in moments)]
    return not times or scene in times
