"""The load: a steady mix of commands and queries by people (HTTP) and programs (AMQP)."""

from __future__ import annotations

import time
import uuid

from faults.amqp_user import AmqpUser
from faults.http_user import HttpUser
from faults.journal import Command, Journal
from faults.world import World
from support.http_client import PASSWORD
from support.waiting import wait_for

PEOPLE, PROGRAMS = 8, 2
LOGINS = 400  # users of whom each logs in once
PROGRAMS_SHARE = 0.25  # of the rate


class Load:
    """`rate` requests a second in all; each thread waits for its answer before it goes on."""

    def __init__(self, world: World, journal: Journal, rate: float, seed: str) -> None:
        self.world = world
        self.journal = journal
        self.rate = rate
        self.seed = seed
        self.people: list[HttpUser] = []
        self.programs: list[AmqpUser] = []

    def prepare(self) -> None:
        """Make the users and sign them in; what that did counts for nothing."""
        users = self._make_users(PEOPLE + PROGRAMS + LOGINS)
        address = self.world.stack.listener.getsockname()
        rate = self.rate * (1 - PROGRAMS_SHARE) / PEOPLE
        logins = [email for _, email in users[PEOPLE + PROGRAMS :]]
        for number, (_, email) in enumerate(users[:PEOPLE]):
            mine = logins[number::PEOPLE]
            user = HttpUser(address, self.journal, email, rate, f"{self.seed} p{number}", mine)
            user.sign_in()
            self.people.append(user)
        rate = self.rate * PROGRAMS_SHARE / PROGRAMS
        url = self.world.stack.virtual_host.url
        for number, user in enumerate(users[PEOPLE : PEOPLE + PROGRAMS]):
            self.programs.append(AmqpUser(url, self.journal, user, rate, f"{self.seed} a{number}"))
        database = self.world.stack.database
        wait_for(lambda: not database.rows("SELECT 1 FROM outbox"), "an empty outbox")
        database.run("TRUNCATE fault_effects")

    def start(self) -> None:
        for thread in self._threads():
            thread.start()

    def go_on(self, seconds: float) -> None:
        """Nothing but load for so long."""
        time.sleep(seconds)

    def pause(self) -> None:
        """No new request, and wait until those on their way are answered."""
        for thread in self._threads():
            thread.is_paused.set()
        wait_for(lambda: all(each.is_idle for each in self._threads()), "the clients to rest", 90)

    def resume(self) -> None:
        for thread in self._threads():
            thread.is_idle = False
            thread.is_paused.clear()

    def stop(self) -> None:
        for thread in self._threads():
            thread.is_stopped.set()
        for thread in self._threads():
            thread.join(90)
            assert not thread.is_alive(), f"{thread.name} hangs"
            assert thread.is_idle, f"{thread.name} has died of an error of its own: see above"

    def successes_since(self, moment: float) -> dict[str, float]:
        """When each kind of command was first done that was begun after that moment."""
        firsts: dict[str, float] = {}
        for command in list(self.journal.commands):
            for answer in list(command.answers):
                if answer.is_success and answer.started >= moment:
                    kind = kind_of(command)
                    firsts[kind] = min(firsts.get(kind, answer.ended), answer.ended)
        return firsts

    def _threads(self) -> list[HttpUser | AmqpUser]:
        return [*self.people, *self.programs]

    def _make_users(self, count: int) -> list[tuple[int, str]]:
        """One by registration, the others with a copy of its password hash: hashing takes time."""
        name = uuid.uuid4().hex[:12]
        first = self.world.stack.visitor().register(f"{name}@example.com", PASSWORD)
        database = self.world.stack.database
        database.run(
            "INSERT INTO users (email, password_hash)"
            f" SELECT '{name}-' || number || '@example.com', password_hash"
            f" FROM users, generate_series(1, {count}) number WHERE users.id = {first.id}"
        )
        rows = database.rows(f"SELECT id, email FROM users WHERE id > {first.id} ORDER BY id")
        return [(row["id"], row["email"]) for row in rows]


def kind_of(command: Command) -> str:
    """What has to succeed again after a fault. Logins and registrations are rare: either will do."""
    kind = "session" if command.kind in ("login", "register") else command.kind
    return f"{command.channel} {kind}"
