"""Which queues the contracts ask for, and whether each has somebody at its end."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pika
import pika.exceptions

logging.getLogger("pika").setLevel(logging.CRITICAL)  # a failed attempt is not worth a traceback


def queues_of(contracts: Path) -> list[str]:
    """The queue of every command and query: `<kind>.<name>`."""
    queues = []
    for path in sorted(contracts.glob("*/*.json")):
        kind = json.loads(path.read_text(encoding="utf-8")).get("x-kind")
        if kind in ("command", "query"):
            queues.append(f"{kind}.{path.parent.name}.{path.stem}")
    return queues


def are_served(url: str, queues: list[str]) -> bool:
    """Does each of them have a consumer?"""
    try:
        connection = pika.BlockingConnection(pika.URLParameters(url))
    except (OSError, pika.exceptions.AMQPError):
        return False
    try:
        channel = connection.channel()
        declared = (channel.queue_declare(queue, passive=True) for queue in queues)
        return all(answer.method.consumer_count > 0 for answer in declared)
    except pika.exceptions.AMQPError:
        return False
    finally:
        if connection.is_open:
            connection.close()
