"""What the clients meant to do and what they were told: each intent and each answer, in order."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

LOST = 0  # the "status" of a connection that failed before its answer
CONFIRMED = "confirmed"  # of an AMQP publication: the broker has it
COMMANDS = ("create", "update", "delete", "register", "login")


@dataclass
class Answer:
    """One try and how it ended. Times are monotonic seconds of this machine."""

    started: float
    ended: float
    status: int | str  # HTTP's, LOST, or what an AMQP client got: CONFIRMED, "nacked", "ok", a code
    body: Any = None
    location: str = ""
    token: str = ""  # of the session that it started
    is_replayed: bool = False

    @property
    def is_success(self) -> bool:
        return self.status in (200, 201, 204, "ok")

    @property
    def is_unknown(self) -> bool:
        """May or may not have happened, as far as this answer tells."""
        return self.status in (LOST, 202, CONFIRMED, "lost", "nacked")


@dataclass
class Command:
    """One thing to be done once, however often it is asked for. Its marker is in its effect."""

    number: int
    kind: str  # of COMMANDS, or "query"
    channel: str  # "http" or "amqp"
    marker: str  # title or e-mail, in this command only
    method: str = ""
    path: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    key: str = ""  # Idempotency-Key; "": none
    message_id: str = ""  # of an AMQP command
    wants_reply: bool = False
    is_poison: bool = False  # is to end as a dead letter, with no effect
    lives: int = 1  # how often its identity has been new, on purpose: each may have one effect
    token: str = ""  # of the session it came with
    user: str = ""  # e-mail of the sender
    answers: list[Answer] = field(default_factory=list)
    wrong: str = ""  # why an answer cannot have been meant for this command

    @property
    def is_acknowledged(self) -> bool:
        return any(each.is_success for each in self.answers)

    @property
    def is_confirmed(self) -> bool:
        return any(each.status == CONFIRMED for each in self.answers)

    @property
    def is_refused(self) -> bool:
        """Each try has been told that nothing was done."""
        if self.channel == "amqp":
            told = [each.status for each in self.answers]
            replies = sum(each not in (CONFIRMED, "lost", "nacked", "returned") for each in told)
            is_all = replies >= told.count(CONFIRMED) and not {"lost", "nacked"} & set(told)
            return bool(told) and is_all and not self.is_acknowledged
        return bool(self.answers) and not any(
            each.is_success or each.is_unknown for each in self.answers
        )

    @property
    def address(self) -> str:
        """Its message_id, as far as anybody knows: a state's address begins with it."""
        return self.message_id or self.location.rpartition("/")[2].partition(".")[0]

    @property
    def location(self) -> str:
        """Where its state can be asked for, if anybody said."""
        return next((each.location for each in self.answers if each.status == 202), "")


class Journal:
    """All commands of one run, in memory and, line by line, in a file. Any thread."""

    def __init__(self, path: Path) -> None:
        self.commands: list[Command] = []
        self.stops: list[tuple[float, float]] = []  # when the gateway itself was stopped
        self.strays: list[str] = []  # replies that came to somebody who had not asked
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def intend(self, kind: str, channel: str, marker: str, **details: Any) -> Command:
        """A new command; noted before anything of it is sent."""
        with self._lock:
            command = Command(len(self.commands), kind, channel, marker, **details)
            self.commands.append(command)
            self._write({"intent": asdict(command)})
        return command

    def answer(self, command: Command, answer: Answer) -> None:
        with self._lock:
            command.answers.append(answer)
            self._write({"answer": command.number, **asdict(answer)})

    @contextmanager
    def gateway_stopped(self) -> Iterator[None]:
        """The gateway answers nobody meanwhile: that time is not held against it."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.stops.append((started, time.monotonic()))

    def close(self) -> None:
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, default=str) + "\n")
