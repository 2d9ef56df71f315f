"""The exchanges, queues and bindings that every process declares, and always the same way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pika.exceptions import UnroutableError

from support.amqp_client import AmqpClient
from support.contracts import Contracts
from support.machine import Machine
from support.stack import Stack

INNER_EXCHANGES = {
    "postroom.dead": "fanout",
    "postroom.retried": "direct",
    "postroom.reports": "fanout",
    "postroom.retry.1": "fanout",
    "postroom.retry.2": "fanout",
    "postroom.retry.3": "fanout",
    "postroom.retry.4": "fanout",
    "postroom.retry.5": "fanout",
}
DEAD = {"x-queue-type": "quorum"}
RETRIES = {
    f"retry.{number}": {
        "x-queue-type": "quorum",
        "x-message-ttl": wait_ms,
        "x-dead-letter-exchange": "postroom.retried",
        "x-dead-letter-strategy": "at-least-once",
        "x-max-length": 100000,
        "x-overflow": "reject-publish",
    }
    for number, wait_ms in enumerate((2000, 10000, 60000, 300000, 900000), 1)
}


@pytest.fixture
def channels(machine: Machine) -> list[dict[str, Any]]:
    """What the document that third parties go by says of each message."""
    text = (machine.build / "contracts/asyncapi.json").read_text(encoding="utf-8")
    return [each for each in json.loads(text)["channels"].values() if each["address"] is not None]


@pytest.fixture
def exchanges(channels: list[dict[str, Any]]) -> dict[str, str]:
    """Each exchange that there should be, with its kind."""
    named = [each["bindings"]["amqp"]["exchange"] for each in channels]
    assert all(each["durable"] and not each["autoDelete"] for each in named)
    return {each["name"]: each["type"] for each in named} | INNER_EXCHANGES


@pytest.fixture
def queues(contracts: Contracts, channels: list[dict[str, Any]]) -> dict[str, dict[str, object]]:
    """Each queue that there should be, with its arguments."""
    named = [each["x-queue"] for each in channels if "x-queue" in each]
    messages = contracts.of_kind("command") + contracts.of_kind("query")
    assert {each["name"] for each in named} == {each.queue for each in messages}
    assert all(each["durable"] for each in named)
    return {each["name"]: each["arguments"] for each in named} | {"dead.intake": DEAD} | RETRIES


def test_the_exchanges_are_durable_and_of_these_kinds(
    stack: Stack, exchanges: dict[str, str]
) -> None:
    found = stack.virtual_host.exchanges()

    assert {name: each["type"] for name, each in found.items()} == exchanges
    assert all(each["durable"] and not each["auto_delete"] for each in found.values())


def test_each_message_has_a_durable_queue_of_its_own(
    stack: Stack, queues: dict[str, dict[str, object]]
) -> None:
    found = {
        name: each for name, each in stack.virtual_host.queues().items() if not each["exclusive"]
    }

    assert {name: each["arguments"] for name, each in found.items()} == queues
    assert all(each["durable"] and not each["auto_delete"] for each in found.values())


def test_the_routing_key_is_the_messages_name(stack: Stack, contracts: Contracts) -> None:
    bindings = {
        (each["source"], each["routing_key"], each["destination"])
        for each in stack.virtual_host.bindings()
        if each["source"] != "postroom.reports"  # bound by gateways, to queues of their own
    }

    messages = contracts.of_kind("command") + contracts.of_kind("query")
    expected = {(each.exchange, each.name, each.queue) for each in messages}
    ladder = {(f"postroom.{queue}", "", queue) for queue in RETRIES}
    ladder |= {("postroom.retried", each.queue, each.queue) for each in contracts.of_kind("command")}
    assert bindings == expected | ladder | {("postroom.dead", "", "dead.intake")}


def test_anybody_may_declare_the_same_again(
    amqp: AmqpClient,
    contracts: Contracts,
    exchanges: dict[str, str],
    queues: dict[str, dict[str, object]],
) -> None:
    for name, kind in exchanges.items():
        arguments = {"alternate-exchange": "postroom.dead"} if name == "postroom.retried" else {}
        amqp.channel.exchange_declare(name, kind, durable=True, arguments=arguments)
    for name, arguments in queues.items():
        amqp.channel.queue_declare(name, durable=True, arguments=arguments)
    for message in contracts.of_kind("command") + contracts.of_kind("query"):
        amqp.channel.queue_bind(message.queue, message.exchange, message.name)


def test_a_routing_key_without_a_queue_is_returned(amqp: AmqpClient) -> None:
    channel = amqp.connection.channel()
    channel.confirm_delivery()

    for exchange in ("postroom.commands", "postroom.queries"):
        with pytest.raises(UnroutableError):
            channel.basic_publish(exchange, "posts.burn", b"{}", mandatory=True)
