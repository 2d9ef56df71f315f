"""One program at the other end of AMQP: publishes with confirms, takes replies and repeats."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from typing import Any

import pika
import pika.exceptions
from pika.adapters.utils.connection_workflow import AMQPConnectorException

from faults.journal import CONFIRMED, Answer, Command, Journal

REPEATS_SECONDS = 20.0
# What pika says of a connection that has gone; ValueError: while it was being made.
BROKEN = (
    OSError,
    pika.exceptions.AMQPError,
    ValueError,
    AMQPConnectorException,
)


class AmqpUser(threading.Thread):
    """Creates posts as a trusted back end does, `rate` a second, until `stop`."""

    def __init__(
        self, url: str, journal: Journal, author: tuple[int, str], rate: float, seed: str
    ) -> None:
        super().__init__(daemon=True)
        self.url = url + "?heartbeat=4&blocked_connection_timeout=5&socket_timeout=5"
        self.journal = journal
        self.user_id, self.email = author
        self.pause_seconds = 1 / rate
        self.random = random.Random(seed)
        self.name = seed
        self.is_stopped = threading.Event()
        self.is_paused = threading.Event()
        self.is_idle = False
        self._count = 0
        self._again: list[tuple[float, Command]] = []  # until when, and what to publish again
        self._sent: dict[str, tuple[Command, float]] = {}  # by correlation id
        self._waiting: set[str] = set()  # for a reply
        self._connection: pika.BlockingConnection | None = None
        self._channel: Any = None
        self._reply_to = ""

    def run(self) -> None:
        due = time.monotonic() + self.random.random() * self.pause_seconds
        while not self.is_stopped.is_set():
            self._listen(max(0.01, due - time.monotonic()))
            if time.monotonic() < due:
                continue
            due = max(due + self.pause_seconds, time.monotonic() - 1)
            self.is_idle = self.is_paused.is_set()
            if not self.is_idle:
                self.publish(self._next())
        self._finish()

    def publish(self, command: Command) -> None:
        """One try; what fails is tried again later, by most of us."""
        copies = 2 if self.random.random() < 0.1 else 1  # a publisher that is unsure sends twice
        for _ in range(copies):
            started = time.monotonic()
            status = self._send(command)
            self.journal.answer(command, Answer(started, time.monotonic(), status))
        if status != CONFIRMED and command.number % 5:
            self._again.append((time.monotonic() + REPEATS_SECONDS, command))

    def _next(self) -> Command:
        if self._again:
            until, command = self._again.pop(0)
            if time.monotonic() < until:
                return command
        self._count += 1
        marker = f"{self.name} {self._count} create"
        return self.journal.intend(
            "create",
            "amqp",
            marker,
            message_id=str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            fields={"title": marker, "content": "y" * 200, "status": "published"},
            wants_reply=self._count % 2 == 0,
            user=self.email,
        )

    def _send(self, command: Command) -> str:
        try:
            self._connect()
            correlation_id = f"{command.number}"
            properties = pika.BasicProperties(
                type="posts.create",
                content_type="application/json",
                message_id=command.message_id,
                headers={"user_id": self.user_id},
                delivery_mode=2,
                correlation_id=correlation_id,
                reply_to=self._reply_to if command.wants_reply else None,
            )
            if command.wants_reply:
                self._sent[correlation_id] = (command, time.monotonic())
                self._waiting.add(correlation_id)
            body = json.dumps(command.fields).encode()
            self._channel.basic_publish(
                "postroom.commands", "posts.create", body, properties, mandatory=True
            )
            return CONFIRMED
        except pika.exceptions.NackError:
            return "nacked"
        except pika.exceptions.UnroutableError:
            return "returned"
        except BROKEN:
            self._drop()
            return "lost"

    def _connect(self) -> None:
        if self._connection is not None and self._connection.is_open:
            return
        self._drop()
        self._connection = pika.BlockingConnection(pika.URLParameters(self.url))
        self._channel = self._connection.channel()
        self._channel.confirm_delivery()
        self._reply_to = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.basic_consume(self._reply_to, self._take, auto_ack=True)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None and connection.is_open:
                connection.close()
        except BROKEN:
            pass

    def _listen(self, seconds: float) -> None:
        if self._connection is None:
            self.is_stopped.wait(seconds)
            return
        try:
            self._connection.process_data_events(seconds)
        except BROKEN:
            self._drop()

    def _take(self, _: Any, __: Any, properties: pika.BasicProperties, body: bytes) -> None:
        if properties.correlation_id not in self._sent:
            self.journal.strays.append(f"{self.name} was sent a reply to somebody else: {body!r}")
            return
        command, started = self._sent[properties.correlation_id]
        self._waiting.discard(properties.correlation_id)
        fields = json.loads(body)
        status = "ok" if properties.type == "posts.create.result" else fields["code"]
        if status == "ok" and fields["post"]["title"] != command.marker:
            command.wrong = f"{command.marker}: the reply is to {fields['post']['title']}"
        is_replayed = (properties.headers or {}).get("replayed") is True
        answer = Answer(started, time.monotonic(), status, fields, is_replayed=is_replayed)
        self.journal.answer(command, answer)

    def _finish(self) -> None:
        """Take the replies that are still under way."""
        until = time.monotonic() + 3
        while self._waiting and time.monotonic() < until and self._connection is not None:
            self._listen(0.1)
        self._drop()
        self.is_idle = True
