"""Any AMQP client: publishes messages as the wire contract has them, and judges the replies."""

from __future__ import annotations

import json
import struct
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pika
import pika.data
import pika.exceptions
from pika.spec import Basic, BasicProperties

from support import secrets_used
from support.contracts import Contracts, loads
from support.waiting import wait_for

AUTO: Any = object()  # as a well-behaved client would have it


@dataclass(frozen=True)
class Typed:
    """A header's value in one of the forms that AMQP has for it."""

    kind: bytes
    value: Any

    FORMATS = {b"b": "b", b"B": "B", b"s": "h", b"u": "H", b"I": "i", b"i": "I", b"l": "q",
               b"f": "f", b"d": "d", b"t": "?"}  # fmt: skip

    def encode(self) -> bytes:
        if self.kind == b"S":  # text, whatever its bytes
            return self.kind + struct.pack(">I", len(self.value)) + self.value
        return self.kind + struct.pack(">" + self.FORMATS[self.kind], self.value)


_encode_value = pika.data.encode_value


def _encode_typed_value(pieces: list[bytes], value: Any) -> int:
    if not isinstance(value, Typed):
        return _encode_value(pieces, value)
    pieces.append(value.encode())
    return len(pieces[-1])


pika.data.encode_value = _encode_typed_value


@dataclass(frozen=True)
class Reply:
    """One reply, as it came."""

    properties: BasicProperties
    body: bytes

    @property
    def type(self) -> str:
        return self.properties.type

    @property
    def fields(self) -> Any:
        return loads(self.body)

    @property
    def code(self) -> str | None:
        """The problem's code; None: success."""
        return self.fields["code"] if self.type == "problem" else None

    @property
    def is_replayed(self) -> bool:
        return (self.properties.headers or {}).get("replayed") is True


class AmqpClient:
    """One connection with a reply queue of its own."""

    def __init__(self, url: str, contracts: Contracts) -> None:
        self.contracts = contracts
        parameters = pika.URLParameters(url)
        parameters.heartbeat = 0  # it may be left alone for longer than the broker would bear
        self.connection = pika.BlockingConnection(parameters)
        self.channel = self.connection.channel()
        self.reply_to = self.channel.queue_declare("", exclusive=True).method.queue
        self._replies: dict[str | None, list[Reply]] = defaultdict(list)
        self.channel.basic_consume(self.reply_to, self._keep, auto_ack=True)

    def close(self) -> None:
        if self.connection.is_open:
            self.connection.close()

    def send(
        self,
        name: str,
        fields: Any = None,
        *,
        body: Any = AUTO,
        headers: dict[str, Any] | None = None,
        message_id: Any = AUTO,
        correlation_id: Any = AUTO,
        reply_to: Any = AUTO,
        **properties: Any,
    ) -> str | None:
        """Publish a message and return what its replies are known by; None leaves a property out."""
        secrets_used.note_fields(fields)
        body = json.dumps(fields or {}).encode() if body is AUTO else body
        message_id = str(uuid.uuid4()) if message_id is AUTO else message_id
        correlation_id = uuid.uuid4().hex if correlation_id is AUTO else correlation_id
        made = BasicProperties(
            **({"type": name, "content_type": "application/json"} | properties),
            headers=headers,
            message_id=message_id,
            correlation_id=correlation_id,
            reply_to=self.reply_to if reply_to is AUTO else reply_to,
        )
        self.channel.basic_publish(self.contracts[name].exchange, name, body, made)
        return correlation_id or message_id

    def call(self, name: str, fields: Any = None, **options: Any) -> Reply:
        """Publish a message and wait for its reply; options as `send` has them."""
        return self.replies(name, self.send(name, fields, **options))[0]

    def replies(self, name: str, key: str | None, count: int = 1) -> list[Reply]:
        """Wait for replies to what `send` has published; each is held against the contract."""

        def have_come() -> bool:
            if len(self._replies[key]) < count:
                self.listen()
            return len(self._replies[key]) >= count

        wait_for(have_come, f"{count} replies of {name}", seconds=60)
        replies = self._replies.pop(key)
        for reply in replies:
            properties = reply.properties
            self.contracts.check_reply(name, properties.content_type, reply.type, reply.body)
        return replies

    def listen(self) -> None:
        """Take what has arrived."""
        self.connection.process_data_events(0.02)

    def use_direct_replies(self) -> None:
        """From now on replies come by RabbitMQ's pseudo-queue and not by a queue of ours."""
        self.reply_to = "amq.rabbitmq.reply-to"
        self.channel.basic_consume(self.reply_to, self._keep, auto_ack=True)

    def subscribe(self, routing_key: str) -> list[tuple[str, dict[str, Any]]]:
        """Events that are published from now on, with their routing keys; `listen` adds to them."""
        queue = self.channel.queue_declare("", exclusive=True).method.queue
        self.channel.queue_bind(queue, "postroom.events", routing_key)
        events: list[tuple[str, dict[str, Any]]] = []

        def keep(_: Any, how: Basic.Deliver, properties: BasicProperties, body: bytes) -> None:
            self.contracts.check_event(how.routing_key, properties.content_type, body)
            events.append((how.routing_key, loads(body)))

        self.channel.basic_consume(queue, keep, auto_ack=True)
        return events

    def consumers_of(self, queue: str) -> int:
        with self.connection.channel() as channel:
            return channel.queue_declare(queue, passive=True).method.consumer_count

    def has_consumers(self, queue: str) -> bool:
        """Of a queue that is perhaps not there."""
        try:
            return self.consumers_of(queue) > 0
        except pika.exceptions.ChannelClosedByBroker:
            return False

    def depth_of(self, queue: str) -> int:
        """How many messages wait to be delivered."""
        with self.connection.channel() as channel:
            return channel.queue_declare(queue, passive=True).method.message_count

    def _keep(self, _: Any, __: Basic.Deliver, properties: BasicProperties, body: bytes) -> None:
        self._replies[properties.correlation_id].append(Reply(properties, body))
