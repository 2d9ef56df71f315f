"""Counts: whether what was promised is what happened. A pure function; see checker_test.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from faults.journal import COMMANDS, Answer, Command, Journal
from faults.observation import Observation, digest_of

SLACK_SECONDS = 1.0
MEMORY_SLACK_KB, DESCRIPTOR_SLACK = 12_000, 24
EVENTS = ("create", "update", "delete", "register")  # kinds of effects that are told of


@dataclass
class Verdict:
    """What the check found. Clean: `problems` is empty."""

    commands: int = 0
    effects: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # answers that contradict what happened, leaks, …
    statuses: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    repeated_mails: int = 0
    given_up: list[str] = field(default_factory=list)  # good commands that ended as dead letters
    moments: dict[str, list[float]] = field(default_factory=dict)  # of a problem: when it was asked for

    @property
    def problems(self) -> list[str]:
        return [
            f"{word}: {text}"
            for word in ("lost", "doubled", "slow", "wrong")
            for text in getattr(self, word)
        ]

    def add(self, other: Verdict, moments: list[float]) -> None:
        """What was found of one command, which was sent then."""
        self.moments |= {problem: moments for problem in other.problems}
        self.commands += other.commands
        self.effects += other.effects
        for word in ("lost", "doubled", "slow", "wrong", "given_up"):
            getattr(self, word).extend(getattr(other, word))
        self.statuses += other.statuses
        self.slowest = max(self.slowest, other.slowest)


def check(journal: Journal, seen: Observation) -> Verdict:
    """Hold every command of the journal against what was seen."""
    verdict = Verdict()
    for command in journal.commands:
        own = Verdict()
        _count_answers(command, journal.stops, seen.wait_seconds, own)
        if command.wrong:
            own.wrong.append(command.wrong)
        if command.kind in COMMANDS:
            own.commands = 1
            own.effects = seen.effects[_effect(command)]
            _check_command(command, seen, own)
        verdict.add(own, [answer.started for answer in command.answers])
    verdict.wrong += journal.strays
    _check_mails(seen, verdict)
    _check_events(seen, verdict)
    _check_rest(seen, verdict)
    return verdict


def _effect(command: Command) -> tuple[str, str]:
    return command.kind, command.marker


def _name(command: Command) -> str:
    told = ", ".join(str(each.status) for each in command.answers) or "nothing"
    return f"{command.channel} {command.kind} “{command.marker}” (was told: {told})"


def _check_command(command: Command, seen: Observation, verdict: Verdict) -> None:
    count = seen.effects[_effect(command)]
    after = seen.effects_after[_effect(command)]
    is_letter = command.address in seen.letters
    if max(count, after) > command.lives:
        verdict.doubled.append(f"{_name(command)}: {max(count, after)} effects")
    if command.is_acknowledged and count < command.lives:
        verdict.lost.append(f"{_name(command)}: {count} effects of {command.lives}")
    elif command.is_refused and count > 0:
        verdict.doubled.append(f"{_name(command)}: was done although refused")
    elif command.is_confirmed and count == 0 and not is_letter and not command.is_refused:
        verdict.lost.append(f"{_name(command)}: confirmed, but neither effect nor dead letter")
    if is_letter and not command.is_poison:
        verdict.given_up.append(_name(command))
    if is_letter and count > 0:
        verdict.doubled.append(f"{_name(command)}: an effect and a dead letter")
    if command.is_poison and command.channel == "amqp" and not is_letter:
        verdict.lost.append(f"{_name(command)}: poison that is no dead letter")
    _check_session(command, seen, verdict)
    _check_state(command, count, seen.states.get(command.number), verdict)
    _check_repetition(command, seen, verdict)


def _check_session(command: Command, seen: Observation, verdict: Verdict) -> None:
    """The last session that somebody was given is there, and is theirs."""
    tokens = [each.token for each in command.answers if each.is_success and each.token]
    if command.kind in ("login", "register") and command.is_acknowledged:
        owner = seen.sessions.get(digest_of(tokens[-1])) if tokens else None
        if owner is None or owner.lower() != command.marker.lower():
            verdict.lost.append(f"{_name(command)}: its session belongs to {owner or 'nobody'}")


def _check_state(command: Command, count: int, answer: Answer | None, verdict: Verdict) -> None:
    if answer is None:
        return
    state = answer.body.get("state") if isinstance(answer.body, dict) else None
    if answer.status != 200 or state not in ("done", "failed", "pending"):
        verdict.wrong.append(f"{_name(command)}: asked for its state: {answer.status} {answer.body}")
    elif state == "pending":
        verdict.lost.append(f"{_name(command)}: pending for ever, {count} effects")
    elif state == "done" and count == 0:
        verdict.lost.append(f"{_name(command)}: state done, no effect")
    elif state == "done" and command.is_poison:
        verdict.wrong.append(f"{_name(command)}: poison that is done")
    elif state == "failed" and count > 0:
        verdict.wrong.append(f"{_name(command)}: state failed, {count} effects")


def _check_repetition(command: Command, seen: Observation, verdict: Verdict) -> None:
    """The same key again, once all is quiet: the outcome that agrees with what happened."""
    answer = seen.repetitions.get(command.number)
    if answer is None:
        return
    count, after = seen.effects[_effect(command)], seen.effects_after[_effect(command)]
    if count > 0 and not answer.is_success:
        verdict.wrong.append(f"{_name(command)}: done, but repeated: {answer.status} {answer.body}")
    if answer.is_success and after == 0:
        verdict.lost.append(f"{_name(command)}: repeated: {answer.status}, but no effect")
    if not answer.is_success and after > count:
        verdict.doubled.append(f"{_name(command)}: repeated: {answer.status}, but done")
    if command.is_acknowledged and answer.is_success and not answer.is_replayed:
        verdict.doubled.append(f"{_name(command)}: repeated: done again, not replayed")
    state = seen.states.get(command.number)
    has_failed = state is not None and state.status == 200 and state.body.get("state") == "failed"
    if answer.status in (422, 503) or (answer.status == 500 and not has_failed):
        verdict.wrong.append(f"{_name(command)}: repeated: {answer.status} {answer.body}")


def _count_answers(
    command: Command, stops: list[tuple[float, float]], wait_seconds: float, verdict: Verdict
) -> None:
    for answer in command.answers:
        if command.channel == "amqp":
            continue
        verdict.statuses[str(answer.status)] += 1
        taken = answer.ended - answer.started - _overlap(answer, stops)
        verdict.slowest = max(verdict.slowest, taken)
        if taken > wait_seconds + SLACK_SECONDS:
            verdict.slow.append(f"{_name(command)}: {answer.status} after {taken:.1f} s")
        if answer.status == 504 or answer.status == 422:
            verdict.wrong.append(f"{_name(command)}: {answer.status} {answer.body}")


def _overlap(answer: Answer, stops: list[tuple[float, float]]) -> float:
    """How long the gateway was stopped meanwhile."""
    return sum(
        max(0.0, min(answer.ended, ended) - max(answer.started, started))
        for started, ended in _merged(stops)
    )


def _merged(stops: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The same time, without overlaps."""
    current: tuple[float, float] | None = None
    for stop in sorted(stops):
        if current is not None and stop[0] <= current[1]:
            current = (current[0], max(current[1], stop[1]))
            continue
        if current is not None:
            yield current
        current = stop
    if current is not None:
        yield current


def _check_mails(seen: Observation, verdict: Verdict) -> None:
    """Each registration has one notification, told by its Message-ID; repeats are counted."""
    for kind, email in seen.effects_after:
        if kind != "register":
            continue
        mails = seen.mails.get(email.lower(), [])
        verdict.repeated_mails += max(0, len(mails) - len(set(mails)))
        if not mails:
            verdict.lost.append(f"the e-mail to {email}")
        elif len(set(mails)) > 1:
            verdict.doubled.append(f"the e-mail to {email}: {len(set(mails))} different ones")


def _check_events(seen: Observation, verdict: Verdict) -> None:
    for (kind, marker), count in seen.effects_after.items():
        ids = set(seen.events.get((kind, marker), []))
        if kind in EVENTS and not ids:
            verdict.lost.append(f"the event of {kind} “{marker}”")
        elif kind in EVENTS and len(ids) > count:
            verdict.doubled.append(f"the event of {kind} “{marker}”: {len(ids)} for {count}")
    for effect in seen.events.keys() - seen.effects_after.keys():
        verdict.wrong.append(f"an event of what did not happen: {effect}")


def _check_rest(seen: Observation, verdict: Verdict) -> None:
    if seen.outbox:
        verdict.lost.append(f"{seen.outbox} messages are left in the outbox")
    for queue, count in seen.queued.items():
        verdict.lost.append(f"{count} messages are left in {queue}")
    for process in seen.usage_before.keys() & seen.usage_after.keys():
        memory, descriptors = seen.usage_before[process]
        memory_after, descriptors_after = seen.usage_after[process]
        if memory_after > memory * 1.5 + MEMORY_SLACK_KB:
            verdict.wrong.append(f"{process} grew from {memory} to {memory_after} kB")
        if descriptors_after > descriptors + DESCRIPTOR_SLACK:
            verdict.wrong.append(f"{process} had {descriptors} descriptors, now {descriptors_after}")
