"""Two writers of the outbox, of whom the first commits last: the sweep must not pass it by."""

from __future__ import annotations

import subprocess
import uuid

from faults.registry import Fault, Scene
from support.waiting import wait_for

NOTIFICATION = "users.send_registration_notification"


def _insert(scene: Scene, user_id: int) -> subprocess.Popen[str]:
    """A transaction that has written to the outbox and is left open."""
    session = subprocess.Popen(
        ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", scene.world.stack.database.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    message_id = uuid.UUID(int=scene.random.getrandbits(128), version=4)
    session.stdin.write(
        "BEGIN;\n"
        "INSERT INTO outbox (message_id, created_at, name, body) VALUES"
        f" ('{message_id}', now(), '{NOTIFICATION}', '{{\"user_id\": {user_id}}}');\n"
        "\\echo written\n"
    )
    session.stdin.flush()
    assert session.stdout.readline() == "written\n"
    return session


def _hold_back(scene: Scene) -> None:
    database = scene.world.stack.database
    users = database.rows(
        # Those made before the load: whoever registers meanwhile gets an e-mail anyway.
        f"SELECT id, lower(email) AS email FROM users ORDER BY id OFFSET 1 LIMIT {scene['count']}"
    )
    sessions = [_insert(scene, user["id"]) for user in users]
    scene.load.go_on(scene["seconds"])  # longer than the sweep lets a message rest
    for session in sessions:
        session.communicate("COMMIT;\n", timeout=30)
    mails = scene.world.mail.mails
    try:
        wait_for(lambda: all(mails.get(each["email"]) for each in users), "their e-mails", 30)
    except AssertionError as error:
        scene.problems.append(f"lost: a message of the writer that committed last: {error}")
    for user in users:
        if len(set(mails.get(user["email"], []))) > 1:
            scene.problems.append(f"doubled: the e-mail to {user['email']}")


FAULTS = [
    Fault(
        name="two outbox writers the first committing last",
        about="transactions that wrote to the outbox early and commit long after later ones",
        inject=_hold_back,
        fast={"count": 5, "seconds": 6},
        full={"count": 50, "seconds": 20},
    )
]
