"""The same command many times: at once, and again when its identity has been forgotten."""

from __future__ import annotations

import json
import threading
import time
import uuid

import pika

from faults.http_user import HttpUser
from faults.journal import CONFIRMED, Answer, Command
from faults.registry import Fault, Scene
from support.http_client import PASSWORD

COPIES = 10


def _user_of(scene: Scene, number: int) -> HttpUser:
    """Another browser of the same person."""
    owner = scene.load.people[0]
    return HttpUser(owner.address, scene.load.journal, owner.email, 1, f"copy {number}", [])


def _intend(scene: Scene, kind: str) -> Command:
    owner = scene.load.people[0]
    marker = f"{kind} {uuid.UUID(int=scene.random.getrandbits(128), version=4)}"
    key = f"again {scene.random.getrandbits(64):x}"
    if kind == "register":
        marker = f"{marker.replace(' ', '-')}@example.com"
        fields = {"email": marker, "password1": PASSWORD, "password2": PASSWORD}
        return scene.load.journal.intend(
            kind, "http", marker, method="POST", path="/api/register", fields=fields, key=key
        )
    fields = {"title": marker, "content": "z", "status": "draft"}
    return scene.load.journal.intend(
        kind, "http", marker, method="POST", path="/api/posts", fields=fields, key=key,
        token=owner.token, user=owner.email,
    )  # fmt: skip


def _send_all(users: list[HttpUser], command: Command) -> list[Answer]:
    """From all of them at once."""
    answers: list[Answer] = []
    barrier = threading.Barrier(len(users))

    def send(user: HttpUser) -> None:
        barrier.wait()
        answers.append(user.send(command))

    threads = [threading.Thread(target=send, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _compare(scene: Scene, command: Command, answers: list[Answer]) -> None:
    """All are told the same, and all but one that it is a repetition."""
    bodies = {json.dumps(each.body, sort_keys=True) for each in answers if each.is_success}
    if len(bodies) != 1:
        scene.problems.append(f"{command.marker}: {len(bodies)} different outcomes: {bodies}")
    first = sum(each.is_success and not each.is_replayed for each in answers)
    if first != 1:
        scene.problems.append(f"{command.marker}: {first} answers say that they are no repetition")


def _at_once(scene: Scene) -> None:
    users = [_user_of(scene, number) for number in range(COPIES)]
    for number in range(scene["count"]):
        command = _intend(scene, "register" if number % 5 == 4 else "create")
        _compare(scene, command, _send_all(users, command))
        _publish_all(scene)
    for user in users:
        user.hang_up()


def _publish_all(scene: Scene) -> None:
    """The same over AMQP, from one publisher that waits for no confirm in between."""
    program = scene.load.programs[0]
    marker = f"copies {uuid.UUID(int=scene.random.getrandbits(128), version=4)}"
    command = scene.load.journal.intend(
        "create", "amqp", marker, user=program.email,
        message_id=str(uuid.UUID(int=scene.random.getrandbits(128), version=4)),
    )  # fmt: skip
    body = json.dumps({"title": marker, "content": "z", "status": "draft"}).encode()
    properties = pika.BasicProperties(
        message_id=command.message_id, headers={"user_id": program.user_id}, delivery_mode=2
    )
    url = pika.URLParameters(scene.world.stack.virtual_host.url)
    with pika.BlockingConnection(url) as connection:
        channel = connection.channel()
        started = time.monotonic()
        for _ in range(COPIES):
            channel.basic_publish("postroom.commands", "posts.create", body, properties)
        channel.confirm_delivery()
        channel.basic_publish("postroom.commands", "posts.create", body, properties)
    scene.load.journal.answer(command, Answer(started, time.monotonic(), CONFIRMED))


def _after_window(scene: Scene) -> None:
    """Forgotten identities make new commands, but only one each, however many copies come."""
    users = [_user_of(scene, number) for number in range(COPIES)]
    commands = [_intend(scene, "create") for _ in range(scene["count"])]
    for command in commands:
        command.lives = 2
        _compare(scene, command, _send_all(users, command))
    for command in commands:
        _forget(scene, command)
    for command in commands:
        _compare(scene, command, _send_all(users, command))
    for user in users:
        user.hang_up()


def _forget(scene: Scene, command: Command) -> None:
    """As the scheduler does with what is older than IDENTITY_LIFETIME_HOURS."""
    post = next(each.body["id"] for each in command.answers if each.is_success)
    scene.world.stack.database.run(
        "DELETE FROM inbox WHERE name = 'posts.create' AND error IS NULL"
        f" AND (body::json -> 'post' ->> 'id')::bigint = {post}"
    )


FAULTS = [
    Fault(
        name="ten copies at once",
        about="the same command ten times at once, by HTTP under one Idempotency-Key and by AMQP"
        " under one message_id",
        inject=_at_once,
        fast={"count": 5},
        full={"count": 100},
    ),
    Fault(
        name="ten copies after the window",
        about="the same key ten times at once, and ten times again when its outcome is no longer kept:"
        " then it is a new command, done once more",
        inject=_after_window,
        fast={"count": 4},
        full={"count": 60},
    ),
]
