"""Dead letters handled again by `postroom dead retry`, killed half-way."""

from __future__ import annotations

import json
import time
import uuid

import pika

from faults.journal import CONFIRMED, Answer, Command
from faults.registry import Fault, Scene
from support.waiting import wait_for


def _bury(scene: Scene) -> list[Command]:
    """Posts of somebody who may not write for a while, with nobody to tell of it."""
    database = scene.world.stack.database
    author = scene.load.programs[1].user_id
    reserve = database.rows(f"SELECT max(id) AS id FROM users WHERE id <> {author}")[0]["id"]
    database.run(f"UPDATE users SET is_active = false WHERE id = {reserve}")
    commands = [_publish(scene, reserve) for _ in range(scene["count"])]
    wait_for(lambda: _letters(scene) >= len(commands), "the dead letters", 60)
    database.run(f"UPDATE users SET is_active = true WHERE id = {reserve}")
    return commands


def _publish(scene: Scene, user_id: int) -> Command:
    marker = f"letter {uuid.UUID(int=scene.random.getrandbits(128), version=4)}"
    command = scene.load.journal.intend(
        "create", "amqp", marker,
        message_id=str(uuid.UUID(int=scene.random.getrandbits(128), version=4)),
    )  # fmt: skip
    url = pika.URLParameters(scene.world.stack.virtual_host.url)
    with pika.BlockingConnection(url) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        properties = pika.BasicProperties(
            message_id=command.message_id, headers={"user_id": user_id}, delivery_mode=2
        )
        body = json.dumps({"title": marker, "content": "x", "status": "draft"}).encode()
        started = time.monotonic()
        channel.basic_publish("postroom.commands", "posts.create", body, properties, mandatory=True)
    scene.load.journal.answer(command, Answer(started, time.monotonic(), CONFIRMED))
    return command


def _letters(scene: Scene) -> int:
    return scene.world.stack.database.rows("SELECT count(*) AS count FROM dead_letters")[0]["count"]


def _retry(scene: Scene) -> None:
    commands = _bury(scene)
    deaths = 0
    until = time.monotonic() + scene["seconds"]
    while _letters(scene) and time.monotonic() < until:
        rule = f"dead_published=kill@nth:{scene.random.randint(1, 3)}"
        done = scene.world.stack.postroom("dead", "retry", "--all", FAILPOINTS=rule)
        if done.returncode not in (0, -9):
            scene.problems.append(f"postroom dead retry: {done.returncode} {done.stderr}")
            break
        deaths += done.returncode == -9
        if deaths >= len(commands):  # each may be killed once; then let it come to an end
            scene.world.stack.postroom("dead", "retry", "--all")
    scene.notes.append(f"`postroom dead retry` was killed {deaths} times over {len(commands)} letters")
    if deaths == 0:
        scene.problems.append("postroom dead retry was not killed")


FAULTS = [
    Fault(
        name="kill the replay of dead letters",
        about="kill -9 of `postroom dead retry` with a letter published and not yet deleted",
        inject=_retry,
        fast={"count": 6, "seconds": 30},
        full={"count": 60, "seconds": 180},
        has_failpoints=True,
    )
]
