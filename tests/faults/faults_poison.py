"""Messages that no handler survives, among good ones: each becomes a dead letter, alone."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pika

from faults.http_user import HttpUser
from faults.journal import CONFIRMED, Answer, Command
from faults.registry import Fault, Scene
from support.waiting import wait_for

POISON = "POISON"
UNREADABLE = [b"\xff\xfe\x00", b'{"title": "x', b"[1, 2]", b"", b'{"title": 7}', b'{"\xed\xa0\x80": 1}']
CRASHED, STUCK = -6, 70


def _intend(scene: Scene) -> Command:
    return scene.load.journal.intend(
        "create",
        "amqp",
        f"{POISON} {uuid.UUID(int=scene.random.getrandbits(128), version=4)}",
        message_id=str(uuid.UUID(int=scene.random.getrandbits(128), version=4)),
        is_poison=True,
    )


def _publish(scene: Scene, body_of: Callable[[Command], bytes]) -> None:
    """Publish one, as somebody who wants no reply."""
    command = _intend(scene)
    author = scene.load.programs[0].user_id
    url = pika.URLParameters(scene.world.stack.virtual_host.url)
    with pika.BlockingConnection(url) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        properties = pika.BasicProperties(
            message_id=command.message_id, headers={"user_id": author}, delivery_mode=2
        )
        started = time.monotonic()
        body = body_of(command)
        channel.basic_publish("postroom.commands", "posts.create", body, properties, mandatory=True)
    scene.load.journal.answer(command, Answer(started, time.monotonic(), CONFIRMED))


def _good_looking(command: Command) -> bytes:
    title = command.marker.encode()
    return b'{"title": "%s", "content": "x", "status": "published"}' % title


def _spread(scene: Scene, body_of: Callable[[Command], bytes]) -> None:
    """One among `among` other messages."""
    for _ in range(scene["count"]):
        before = len(scene.load.journal.commands)
        until = time.monotonic() + 30
        while len(scene.load.journal.commands) < before + scene["among"]:
            assert time.monotonic() < until, "no load to hide the poison in"
            time.sleep(0.05)
        _publish(scene, body_of)


def _inject_unreadable(scene: Scene) -> None:
    _spread(scene, lambda command: scene.random.choice(UNREADABLE))


def _send(scene: Scene) -> Command:
    """The same over HTTP, by somebody who does not wait."""
    person = scene.load.people[0]
    marker = f"{POISON} {uuid.UUID(int=scene.random.getrandbits(128), version=4)}"
    command = scene.load.journal.intend(
        "create", "http", marker, method="POST", path="/api/posts", token=person.token,
        fields={"title": marker, "content": "x", "status": "published"},
        headers={"Prefer": "respond-async"}, is_poison=True,
    )  # fmt: skip
    sender = HttpUser(person.address, scene.load.journal, person.email, 1, "poisoner", [])
    sender.send(command)
    sender.hang_up()
    return command


def _spread_deadly(rule: str, settings: dict[str, str]) -> Callable[[Scene], None]:
    """The services run with that rule until all poison is where it belongs."""

    def inject(scene: Scene) -> None:
        for slot in scene.world.of("command-service"):
            scene.world.restart(slot, FAILPOINTS=rule, **settings)
        before = _letters(scene)
        _spread(scene, _good_looking)
        _send(scene)
        wanted = before + scene["count"] + 1
        try:
            wait_for(lambda: _letters(scene) >= wanted, "the dead letters", scene["seconds"])
        except AssertionError as error:
            scene.problems.append(f"{error}: {_letters(scene) - before} of {wanted - before}")
        for slot in scene.world.of("command-service"):
            scene.world.restart(slot, FAILPOINTS=None, **dict.fromkeys(settings))

    return inject


def _letters(scene: Scene) -> int:
    return scene.world.stack.database.rows("SELECT count(*) AS count FROM dead_letters")[0]["count"]


FAULTS = [
    Fault(
        name="poison: unreadable bytes",
        about="messages that are no JSON, or not the message's, 1 among 200",
        inject=_inject_unreadable,
        fast={"count": 6, "among": 10},
        full={"count": 15, "among": 200},
    ),
    Fault(
        name="poison: a crash",
        about="messages at which the handler crashes its process, 1 among 200",
        inject=_spread_deadly(f"handler=crash@text:{POISON}", {}),
        fast={"count": 1, "among": 20, "seconds": 40},
        full={"count": 10, "among": 200, "seconds": 120},
        has_failpoints=True,
        endings=(0, CRASHED),
    ),
    Fault(
        name="poison: a hang",
        about="messages at which the handler never returns, 1 among 200",
        inject=_spread_deadly(f"handler=hang@text:{POISON}", {"STUCK_AFTER_MS": "2000"}),
        fast={"count": 1, "among": 20, "seconds": 40},
        full={"count": 8, "among": 200, "seconds": 120},
        has_failpoints=True,
        endings=(0, STUCK),
    ),
]
