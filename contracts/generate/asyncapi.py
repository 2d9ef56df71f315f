"""The AsyncAPI 3.1 document of what goes over the broker."""

from __future__ import annotations

from typing import Any

from load import Schema
from model import Catalogue, Error, Message
from openapi import ID
from openapi import problem as problem_example
from schema import MOMENT, of_object, refer, sample_object, used_schemas

DESCRIPTION = """\
Anyone with credentials for the broker can send commands, ask queries and listen to events. \
Each message has a queue of its own; the routing key is the name of the message. \
Every process declares the exchanges and queues below with these very arguments."""

BODY_MAX = "1 MiB at most."
QUEUE_ARGUMENTS: dict[str, dict[str, Any]] = {
    "command": {
        "x-queue-type": "quorum",
        "x-delivery-limit": 20,
        "x-dead-letter-exchange": "postroom.dead",
        "x-dead-letter-strategy": "at-least-once",
        "x-max-length": 100000,
        "x-overflow": "reject-publish",
    },
    "query": {"x-max-length": 10000, "x-overflow": "reject-publish"},
}

# AMQP properties are described among the headers: AsyncAPI has no other place for them.
PROPERTIES: dict[str, Schema] = {
    "type": {
        "type": "string",
        "description": "Property: the name of the message; absent: the queue's.",
    },
    "message_id": {
        "type": "string",
        "format": "uuid",
        "description": "Property: the command's identity. The same again gets the stored reply.",
    },
    "correlation_id": {
        "type": "string",
        "description": "Property: comes back with the reply; absent: the message_id does.",
    },
    "reply_to": {
        "type": "string",
        "description": "Property: the queue for the reply, when one is wanted.",
    },
}
HEADERS: dict[str, Schema] = {
    "user_id": {
        "type": "integer",
        "minimum": 1,
        "maximum": 2**53 - 1,
        "description": "The user for whom a trusted back end acts. Not together with session.",
    },
    "session": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "SHA-256 of the session's token. Not together with user_id.",
    },
    "new_session": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "Digest of the session to start; without it none is started.",
    },
    "idempotency_key": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "Digest of a key under which this user's command is one and the same,"
        " whatever its message_id.",
    },
    "client_address": {"type": "string"},
    "language": {"type": "string", "description": "As Accept-Language has it."},
    "min_position": {
        "type": "string",
        "maxLength": 32,
        "description": "Reserved for reads from replicas; without effect so far.",
    },
    "traceparent": {"type": "string", "description": "W3C Trace Context."},
    "deadline": {
        "type": "integer",
        "description": "Unix time in ms: work not begun by then is answered `expired`.",
    },
}
REPLY_HEADERS: dict[str, Schema] = {
    "type": {"type": "string", "description": "Property: `<name>.result` or `problem`."},
    "correlation_id": {"type": "string", "description": "Property: that of the request."},
    "replayed": {
        "type": "boolean",
        "description": "The stored reply of an earlier, equal message.",
    },
}


def document(catalogue: Catalogue, version: str) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {"problem": problem(catalogue)}
    for message in catalogue.messages:
        if message.kind == "event":
            messages[message.name] = event(message)
            operations[message.name] = send(message)
        else:
            messages[message.name] = request(message)
            messages[f"{message.name}.result"] = result(message)
            channels[f"{message.name}.reply"] = reply_channel(message)
            operations[message.name] = receive(message)
        channels[message.name] = channel(message)
    return {
        "asyncapi": "3.1.0",
        "id": "urn:postroom",
        "info": {
            "title": "Postroom",
            "version": version,
            "description": DESCRIPTION,
            "contact": {"name": "Postroom"},
            "license": {"name": "MIT"},
            "tags": [{"name": kind} for kind in ("command", "query", "event")],
        },
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "localhost:5672",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "RabbitMQ; AMQP_URL says where.",
            }
        },
        "channels": dict(sorted(channels.items())),
        "operations": operations,
        "components": {
            "schemas": used_schemas(catalogue, messages),
            "messages": dict(sorted(messages.items())),
        },
    }


def channel(message: Message) -> dict[str, Any]:
    exchange_type = "topic" if message.kind == "event" else "direct"
    made: dict[str, Any] = {
        "address": message.name,
        "title": message.title,
        "description": "Bind a queue of your own."
        if message.kind == "event"
        else f"Bound to the queue {message.queue}.",
        "messages": {message.name: {"$ref": f"#/components/messages/{message.name}"}},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": message.exchange,
                    "type": exchange_type,
                    "durable": True,
                    "autoDelete": False,
                    "vhost": "/",
                },
                "bindingVersion": "0.3.0",
            }
        },
    }
    if message.queue is not None:
        made["x-queue"] = {
            "name": message.queue,
            "durable": True,
            "arguments": QUEUE_ARGUMENTS[message.kind],
        }
    return made


def reply_channel(message: Message) -> dict[str, Any]:
    names = [f"{message.name}.result", "problem"]
    return {
        "address": None,
        "title": f"Reply to {message.name}",
        "description": "The queue that reply_to names, through the default exchange.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def receive(message: Message) -> dict[str, Any]:
    reply = f"#/channels/{message.name}.reply"
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{message.name}"},
        "title": message.title,
        "summary": message.title,
        "description": message.description,
        "tags": [{"name": message.kind}],
        "messages": [{"$ref": f"#/channels/{message.name}/messages/{message.name}"}],
        "reply": {
            "address": {
                "location": "$message.header#/reply_to",
                "description": "The AMQP property reply_to; without it there is no reply.",
            },
            "channel": {"$ref": reply},
            "messages": [
                {"$ref": f"{reply}/messages/{message.name}.result"},
                {"$ref": f"{reply}/messages/problem"},
            ],
        },
    }


def send(message: Message) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{message.name}"},
        "title": message.title,
        "summary": message.title,
        "description": message.description,
        "tags": [{"name": message.kind}],
        "messages": [{"$ref": f"#/channels/{message.name}/messages/{message.name}"}],
    }


def common(message: Message, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": message.title,
        "summary": message.title,
        "correlationId": {"location": "$message.header#/correlation_id"},
        "tags": [{"name": message.kind}],
    }


def request(message: Message) -> dict[str, Any]:
    codes = ["invalid_input", *(error.code for error in message.errors), "unavailable", "internal"]
    headers: Schema = {"type": "object", "properties": {**PROPERTIES, **HEADERS}}
    example_headers: dict[str, Any] = {"type": message.name}
    if message.kind == "command":
        headers["required"] = ["message_id"]
        example_headers["message_id"] = ID
    return common(message, message.name) | {
        "description": f"{message.description} {BODY_MAX} May fail with {', '.join(codes)}.",
        "contentType": "application/json",
        "headers": headers,
        "payload": of_object(message.input),
        "bindings": binding(message.name),
        "examples": [{"headers": example_headers, "payload": sample_object(message.input.fields)}],
    }


def result(message: Message) -> dict[str, Any]:
    assert message.result is not None
    name = f"{message.name}.result"
    return common(message, name) | {
        "title": f"Result of {message.name}",
        "summary": f"Result of {message.name}",
        "contentType": "application/json",
        "headers": {"type": "object", "properties": REPLY_HEADERS},
        "payload": of_object(message.result),
        "bindings": binding(name),
        "examples": [
            {"headers": {"type": name}, "payload": sample_object(message.result.fields)},
        ],
    }


def problem(catalogue: Catalogue) -> dict[str, Any]:
    errors: list[Error] = list(catalogue.errors.values())
    return {
        "name": "problem",
        "title": "Problem",
        "summary": "Why a message failed",
        "contentType": "application/problem+json",
        "correlationId": {"location": "$message.header#/correlation_id"},
        "headers": {"type": "object", "properties": REPLY_HEADERS},
        "payload": {"$ref": refer("problem")},
        "bindings": binding("problem"),
        "examples": [
            {"name": error.code, "headers": {"type": "problem"}, "payload": problem_example(error)}
            for error in errors
        ],
    }


def event(message: Message) -> dict[str, Any]:
    """CloudEvents 1.0, structured mode."""
    fixed = {"specversion": "1.0", "source": "urn:postroom", "type": message.name}
    properties: Schema = {
        name: {"type": "string", "const": value} for name, value in fixed.items()
    }
    properties["id"] = {"type": "string", "format": "uuid", "description": "Tells a repeat."}
    properties["time"] = {"type": "string", "format": "date-time"}
    properties["datacontenttype"] = {"type": "string", "const": "application/json"}
    properties["data"] = of_object(message.input)
    example = {
        **fixed,
        "id": ID,
        "time": MOMENT,
        "datacontenttype": "application/json",
        "data": sample_object(message.input.fields),
    }
    return {
        "name": message.name,
        "title": message.title,
        "summary": message.title,
        "description": f"{message.description} At least once; the id tells a repeat.",
        "contentType": "application/cloudevents+json",
        "tags": [{"name": message.kind}],
        "headers": {"type": "object", "properties": {"type": PROPERTIES["type"]}},
        "payload": {"type": "object", "properties": properties, "required": sorted(properties)},
        "bindings": binding(message.name),
        "examples": [{"headers": {"type": message.name}, "payload": example}],
    }


def binding(message_type: str) -> dict[str, Any]:
    return {
        "amqp": {"contentEncoding": "UTF-8", "messageType": message_type, "bindingVersion": "0.3.0"}
    }
