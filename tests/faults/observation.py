"""What became of it all, as the database, the broker and the mail server have it."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pika
import pika.exceptions

from faults.journal import Answer, Command
from faults.world import World
from support.waiting import wait_for

QUIET_SECONDS = 1.5  # nothing to do and nothing new for so long: quiet
DEAD_SECONDS = 20.0  # nothing new for so long, though something is missing: it will not come
EVENTS_QUEUE = "faults.events"
Effects = Counter[tuple[str, str]]  # (kind, marker) → how often it happened


@dataclass
class Observation:
    """All that the checker looks at besides the journal."""

    wait_seconds: float
    effects: Effects = field(default_factory=Counter)
    effects_after: Effects = field(default_factory=Counter)  # once each key has been used again
    letters: dict[str, str] = field(default_factory=dict)  # message_id → code
    failures: dict[str, str] = field(default_factory=dict)  # message_id → code in the inbox
    sessions: dict[str, str] = field(default_factory=dict)  # hex digest → e-mail
    mails: dict[str, list[str]] = field(default_factory=dict)  # recipient → Message-IDs
    events: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # effect → event ids
    states: dict[int, Answer] = field(default_factory=dict)  # of commands that were answered 202
    repetitions: dict[int, Answer] = field(default_factory=dict)  # of commands with a key
    outbox: int = 0
    queued: dict[str, int] = field(default_factory=dict)
    usage_before: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    usage_after: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)


class Observer:
    """Looks on from the start (events), waits for quiet, and looks at everything then."""

    def __init__(self, world: World) -> None:
        self.world = world

    def subscribe(self) -> None:
        """Keep a copy of every event from now on."""
        with _channel(self.world) as channel:
            channel.queue_declare(
                EVENTS_QUEUE, durable=True, arguments={"x-queue-type": "quorum"}
            )
            channel.queue_bind(EVENTS_QUEUE, "postroom.events", "#")

    def wait_for_quiet(self, commands: list[Command], seconds: float) -> bool:
        """Until nothing is under way; False: there still is something after so many seconds."""
        since: tuple[float, Any] = (time.monotonic(), None)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            state = self._look_around(commands)
            if state["busy"] or state != since[1]:
                since = (time.monotonic(), state) if state != since[1] else since
            elif time.monotonic() - since[0] > QUIET_SECONDS:
                return True
            if time.monotonic() - since[0] > DEAD_SECONDS:
                return False  # whatever is missing is not under way
            time.sleep(0.25)
        return False

    def effects(self) -> Effects:
        rows = self.world.stack.database.rows(
            "SELECT kind, marker, count(*) AS count FROM fault_effects GROUP BY kind, marker"
        )
        return Counter({(row["kind"], row["marker"]): row["count"] for row in rows})

    def fill(self, ret: Observation) -> None:
        """Everything but effects, states and repetitions."""
        database = self.world.stack.database
        for row in database.rows("SELECT message_id, code FROM dead_letters"):
            ret.letters[row["message_id"]] = row["code"]
        for row in database.rows("SELECT message_id, error FROM inbox WHERE error IS NOT NULL"):
            ret.failures[row["message_id"]] = row["error"]
        query = (
            "SELECT encode(digest, 'hex') AS digest, email"
            " FROM sessions JOIN users ON users.id = user_id"
        )
        for row in database.rows(query):
            ret.sessions[row["digest"]] = row["email"]
        ret.outbox = database.rows("SELECT count(*) AS count FROM outbox")[0]["count"]
        ret.mails = dict(self.world.mail.mails)
        ret.queued = {name: count for name, count in self._depths().items() if count}
        ret.events = self._take_events()

    def _look_around(self, commands: list[Command]) -> dict[str, Any]:
        counts = self.world.stack.database.rows(
            "SELECT (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM inbox) AS inbox,"
            " (SELECT count(*) FROM dead_letters) AS letters,"
            " (SELECT count(*) FROM fault_effects) AS effects"
        )[0]
        busy = counts["outbox"] or any(self._depths().values())
        if not busy:
            busy = bool(self._unsettled(commands))
        return counts | {"busy": bool(busy), "mails": sum(map(len, self.world.mail.mails.values()))}

    def _unsettled(self, commands: list[Command]) -> set[str]:
        """Of what the broker confirmed, that of which the database has heard nothing."""
        wanted = {each.message_id for each in commands if each.is_confirmed and each.message_id}
        known = self.world.stack.database.rows(
            "SELECT message_id FROM inbox UNION SELECT message_id FROM dead_letters"
        )
        return wanted - {row["message_id"] for row in known}

    def _depths(self) -> dict[str, int]:
        with _channel(self.world) as channel:
            names = [name for name in self._queues() if name != EVENTS_QUEUE]
            declared = (channel.queue_declare(name, passive=True).method for name in names)
            return {each.queue: each.message_count for each in declared}

    def _queues(self) -> list[str]:
        """The queues that are there for good; asked for once."""
        if not hasattr(self, "_names"):
            found = self.world.stack.virtual_host.queues()
            self._names = [name for name, each in found.items() if each.get("durable")]
        return self._names

    def _take_events(self) -> dict[tuple[str, str], list[str]]:
        events: dict[tuple[str, str], list[str]] = {}
        with _channel(self.world) as channel:
            while True:
                method, _, body = channel.basic_get(EVENTS_QUEUE, auto_ack=True)
                if method is None:
                    return events
                event = json.loads(body)
                events.setdefault(_effect_of(method.routing_key, event["data"]), []).append(
                    event["id"]
                )


def _effect_of(name: str, data: dict[str, Any]) -> tuple[str, str]:
    """The effect that an event tells of, by kind and marker."""
    if name == "posts.deleted":
        return "delete", str(data["post_id"])
    if name == "users.registered":
        return "register", data["user"]["email"]
    return ("create" if name == "posts.created" else "update"), data["post"]["title"]


class _channel:  # pylint: disable=invalid-name
    """A channel of a connection of its own; waits for the broker to be back."""

    def __init__(self, world: World) -> None:
        self.url = world.stack.virtual_host.url

    def __enter__(self) -> Any:
        self.connection = wait_for(self._open, "the broker", 60)
        return self.connection.channel()

    def __exit__(self, *_: object) -> None:
        if self.connection.is_open:
            self.connection.close()

    def _open(self) -> pika.BlockingConnection | None:
        try:
            return pika.BlockingConnection(pika.URLParameters(self.url))
        except (OSError, pika.exceptions.AMQPError):
            return None


def digest_of(token: str) -> str:
    """As the database has a session."""
    return hashlib.sha256(token.encode()).hexdigest()


