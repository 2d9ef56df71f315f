"""Postroom, running: the services under test with a virtual host and a database of their own."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
import socket
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

from support import secrets_used
from support.amqp_client import AmqpClient
from support.contracts import Contracts
from support.database import Database
from support.http_client import Visitor
from support.machine import ROOT, Machine, sanitizer_options
from support.process import Process, pids_with
from support.virtual_host import VirtualHost
from support.waiting import wait_for

SERVICES = ("gateway", "command-service", "query-service", "scheduler")
POST = {"title": "Hello", "content": "World", "status": "published"}
PROBES = [  # requests for the first of all messages; none of them changes anything
    ("GET", "/api/posts", None),
    ("GET", "/api/posts/my", None),
    ("GET", "/api/posts/1", None),
    ("GET", "/api/me", None),
    ("POST", "/api/posts", POST),
    ("PATCH", "/api/posts/1", POST),
    ("DELETE", "/api/posts/1", None),
    ("POST", "/api/logout", None),
    ("POST", "/api/login", {"username": "nobody@example.com", "password": "not a password"}),
    (
        "POST",
        "/api/register",
        {"email": "a@example.com", "password1": "not a password", "password2": "another"},
    ),
]


class Stack:
    """One Postroom. Its programs and contracts come from `machine.build` and `source`."""

    def __init__(self, machine: Machine, folder: Path, source: Path = ROOT) -> None:
        self.machine = machine
        self.folder = folder
        self.source = source
        self.contracts = Contracts(source)
        self.name = f"e2e-{uuid.uuid4().hex[:12]}"
        self.virtual_host = VirtualHost(machine.amqp_url, machine.management_url, self.name)
        self.database = Database(machine.database_url, self.name)
        self.mail = folder / "mail"
        self.mail.mkdir(parents=True)
        self.processes: list[Process] = []
        self._clients: list[AmqpClient] = []
        self.listener = listen()
        self.settings = {
            "AMQP_URL": self.virtual_host.url,
            "CONFIG_DIR": str(ROOT / "config"),
            "DATABASE_URL": self.database.url,
            "EMAIL_URL": f"file://{self.mail}",
            "HTTP_LISTEN": address_of(self.listener),
            "MIGRATIONS_DIR": str(source / "migrations"),
            "POSTROOM_ENV": "test",
            "SECRET_KEY": secrets.token_urlsafe(32),
        }

    @property
    def url(self) -> str:
        return f"http://{address_of(self.listener)}"

    def signed_id(self, message_id: str) -> str:
        """A message_id as the gateway shows it."""
        mac = hmac.digest(self.settings["SECRET_KEY"].encode(), message_id.encode(), "sha256")
        return f"{message_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    def prepare(self) -> Stack:
        """Make the virtual host and the database, migrated."""
        self.virtual_host.create()
        self.database.create()
        assert self.postroom("migrate").returncode == 0
        return self

    def start(
        self,
        program: str,
        *arguments: str,
        listener: socket.socket | None = None,
        **settings: str | None,
    ) -> Process:
        """Start a service; `settings` are for it alone (None: without that one)."""
        path = self.machine.program(program)
        log = self.folder / f"{program}-{len(self.processes)}.log"
        if program == "gateway":
            listener = listener or self.listener
        process = Process([path, *arguments], self.environment(settings), log, listener)
        self.processes.append(process)
        return process

    def start_all(self) -> Stack:
        """Start one of each, and wait until every message is served."""
        for program in SERVICES:
            self.start(program)
        self.wait_until_consumed()
        self.wait_until_serving()
        return self

    def wait_until_consumed(self) -> None:
        """Until each message has somebody who serves it, as the broker says."""
        messages = self.contracts.of_kind("command") + self.contracts.of_kind("query")
        waiting = [each.queue for each in messages]
        client = self.amqp()

        def is_consumed() -> bool:
            while waiting and client.has_consumers(waiting[0]):
                waiting.pop(0)
            return not waiting

        try:
            wait_for(is_consumed, "consumers of all queues", seconds=60)
        except AssertionError as error:
            raise AssertionError(f"{error}: {waiting}\n{self.logs()}") from None
        client.close()

    def wait_until_serving(self, url: str | None = None) -> None:
        """Until the gateway answers no request "unavailable"."""
        visitor = self.visitor(url)
        waiting = list(PROBES)

        def is_serving() -> bool:
            while waiting:
                method, path, fields = waiting[0]
                if not visitor.reaches(method, path, fields):
                    return False
                waiting.pop(0)
            return True

        try:
            wait_for(is_serving, "the services to serve", seconds=60)
        except AssertionError as error:
            raise AssertionError(f"{error}: {waiting}\n{self.logs()}") from None

    def visitor(self, url: str | None = None) -> Visitor:
        """A new HTTP client, not signed in."""
        return Visitor(url or self.url, self.contracts)

    def amqp(self) -> AmqpClient:
        """A new client of the broker; closed with the stack at the latest."""
        client = AmqpClient(self.virtual_host.url, self.contracts)
        self._clients.append(client)
        return client

    def postroom(
        self, *arguments: str, text: str = "", **settings: str | None
    ) -> subprocess.CompletedProcess[str]:
        """Run the command line to its end; `text` is its standard input."""
        return self.run("postroom", *arguments, text=text, **settings)

    def run(
        self,
        program: str,
        *arguments: str,
        text: str = "",
        folder: Path | None = None,
        **settings: str | None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program (in a folder) that ends by itself; settings as for `start`."""
        return subprocess.run(
            [self.machine.program(program), *arguments],
            env=self.environment(settings),
            cwd=folder,
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def of(self, program: str) -> list[Process]:
        """The living processes of one service."""
        return [each for each in self.processes if each.name == program and each.is_alive]

    def output(self) -> str:
        """All that its processes have written."""
        return "".join(each.output for each in self.processes)

    def logs(self) -> str:
        """What its processes have written last, for who reads of a failure."""
        return "".join(f"--- {each.log.name}\n{each.output[-4000:]}" for each in self.processes)

    def restore(self) -> None:
        """Start again what has died, so that the next test does not fail for it; `close` tells."""
        living = {each.name for each in self.processes if each.is_alive}
        for program in {each.name for each in self.processes} - living:
            self.start(program)
            self.wait_until_consumed()
            self.wait_until_serving()

    def close(self) -> None:
        """Stop everything; each service must end well, and leave nothing behind."""
        complaints: list[str] = []
        steps = (
            self._close_clients,
            self._stop_processes,
            self._find_secrets,
            self._find_leftovers,
            self.virtual_host.delete,
            self.database.drop,
            self.listener.close,
        )
        for step in steps:
            _note(step, complaints)
        assert not complaints, "\n".join(complaints) + "\n" + self.logs()

    def environment(self, settings: dict[str, str | None]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        joined = kept | sanitizer_options() | self.settings | settings
        return {name: value for name, value in joined.items() if value is not None}

    def _close_clients(self) -> None:
        for client in self._clients:
            client.close()

    def _stop_processes(self) -> None:
        living = [each for each in self.processes if each.is_alive]
        for each in living:
            each.signal(15)
        for each in living:
            each.stop()
        failed = [
            f"{each.name} ended with status {status}"
            for each in self.processes
            if (status := each.wait()) != 0 and not each.is_expected_to_fail
        ]
        assert not failed, "; ".join(failed)

    def _find_secrets(self) -> None:
        """No client's password or token is in a log, and not the key."""
        output = self.output()
        found = secrets_used.find_in(output)
        assert not found, f"in the logs: {sorted(found)[:5]}"
        assert self.settings["SECRET_KEY"] not in output, "the secret key is in the logs"

    def _find_leftovers(self) -> None:
        left = pids_with(self.virtual_host.url)
        assert not left, f"still running: {left}"


def listen() -> socket.socket:
    """A listening socket on a port that nobody uses."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()
    return f"{host}:{port}"


def _note(step: Callable[[], None], complaints: list[str]) -> None:
    try:
        step()
    except Exception as error:  # whatever it is: the other steps must still be taken
        complaints.append(f"{step.__name__}: {error!r}")
