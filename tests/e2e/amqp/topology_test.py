"""The exchanges, queues and bindings that every process declares, and always the same way."""

from __future__ import annotations

import pytest
from pika.exceptions import UnroutableError

from support.amqp_client import AmqpClient
from support.contracts import Contracts
from support.stack import Stack

EXCHANGES = {
    "postroom.commands": "direct",
    "postroom.queries": "direct",
    "postroom.events": "topic",
    "postroom.dead": "fanout",
    "postroom.retried": "direct",
    "postroom.reports": "fanout",
    "postroom.retry.1": "fanout",
    "postroom.retry.2": "fanout",
    "postroom.retry.3": "fanout",
    "postroom.retry.4": "fanout",
    "postroom.retry.5": "fanout",
}
COMMAND = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 20,
    "x-dead-letter-exchange": "postroom.dead",
    "x-dead-letter-strategy": "at-least-once",
    "x-max-length": 100000,
    "x-overflow": "reject-publish",
}
QUERY = {"x-max-length": 10000, "x-overflow": "reject-publish"}
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
def queues(contracts: Contracts) -> dict[str, dict[str, object]]:
    """Each queue that there should be, with its arguments."""
    commands = {each.queue: COMMAND for each in contracts.of_kind("command")}
    queries = {each.queue: QUERY for each in contracts.of_kind("query")}
    return commands | queries | {"dead.intake": DEAD} | RETRIES


def test_the_exchanges_are_durable_and_of_these_kinds(stack: Stack) -> None:
    exchanges = stack.virtual_host.exchanges()

    assert {name: each["type"] for name, each in exchanges.items()} == EXCHANGES
    assert all(each["durable"] and not each["auto_delete"] for each in exchanges.values())


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
    amqp: AmqpClient, contracts: Contracts, queues: dict[str, dict[str, object]]
) -> None:
    for name, kind in EXCHANGES.items():
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
