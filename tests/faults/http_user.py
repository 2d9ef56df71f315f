"""One user at the other end of HTTP: sends commands, notes answers, repeats like a real client."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from typing import Any

from faults.journal import LOST, Answer, Command, Journal
from support.http_client import PASSWORD
from support.waiting import wait_for

PATIENCE_SECONDS = 25.0  # for an answer; one that takes so long is far too late anyway
REPEATS_SECONDS = 20.0  # how long a client that repeats goes on
GIVES_UP = 0.2  # the share of clients that do not
KINDS = {  # what a user does, and how often in comparison
    "create": 16,
    "create without a key": 8,
    "create at leisure": 5,
    "update": 8,
    "delete": 4,
    "register": 1,
    "login": 1,
    "query": 14,
}


class HttpUser(threading.Thread):
    """Sends one request after the other, `rate` a second, until `stop`; nothing while `is_paused`."""

    def __init__(
        self,
        address: tuple[str, int],
        journal: Journal,
        email: str,
        rate: float,
        seed: str,
        logins: list[str],
    ) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.journal = journal
        self.email = email
        self.pause_seconds = 1 / rate
        self.patience_seconds = PATIENCE_SECONDS
        self.random = random.Random(seed)
        self.name = seed
        self.logins = logins  # e-mails of users of whom each logs in once
        self.token = ""
        self.posts: list[tuple[int, str]] = []  # id and title of posts of ours that surely exist
        self.is_stopped = threading.Event()
        self.is_paused = threading.Event()
        self.is_idle = False
        self._count = 0
        self._connection: http.client.HTTPConnection | None = None

    def sign_in(self) -> None:
        fields = {"username": self.email, "password": PASSWORD}

        def token() -> str:
            answer = self._exchange("POST", "/api/login", fields, {})
            return answer.token if answer.status == 200 else ""

        self.token = wait_for(token, f"{self.email} to be logged in", 60)

    def run(self) -> None:
        due = time.monotonic() + self.random.random() * self.pause_seconds
        while not self.is_stopped.wait(max(0.0, due - time.monotonic())):
            due = max(due + self.pause_seconds, time.monotonic() - 1)
            self.is_idle = self.is_paused.is_set()
            if not self.is_idle:
                self._act(self.random.choices(list(KINDS), KINDS.values())[0])
        self.hang_up()
        self.is_idle = True

    def send(self, command: Command) -> Answer:
        """One try."""
        headers = dict(command.headers)
        if command.key:
            headers["Idempotency-Key"] = command.key
        answer = self._exchange(command.method, command.path, command.fields, headers, command.token)
        command.wrong = command.wrong or _wrongness(command, answer)
        self.journal.answer(command, answer)
        return answer

    def repeat(self, command: Command) -> Answer:
        """The same once more, for the checker: the journal knows nothing of it."""
        headers = {"Idempotency-Key": command.key}
        return self._exchange(
            command.method, command.path, command.fields, headers, command.token
        )

    def ask(self, command: Command) -> Answer:
        """What has become of it, as its state resource has it."""
        return self._exchange("GET", command.location, {}, {}, command.token)

    def hang_up(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _act(self, kind: str) -> None:
        command = self._intend(kind)
        if command is None:
            return
        answer = self.send(command)
        if command.key and self.random.random() > GIVES_UP:
            answer = self._repeat(command, answer)
        if command.key and answer.is_success and self.random.random() < 0.05:
            self.send(command)  # somebody clicks twice
        if command.kind == "create" and answer.is_success:
            self.posts.append((answer.body["id"], command.marker))

    def _repeat(self, command: Command, answer: Answer) -> Answer:
        until = time.monotonic() + REPEATS_SECONDS
        while answer.status in (LOST, 503) and time.monotonic() < until:
            if self.is_stopped.wait(0.2 + self.random.random()):
                break
            answer = self.send(command)
        return answer

    def _intend(self, kind: str) -> Command | None:
        self._count += 1
        marker = f"{self.name} {self._count} {kind}"
        details: dict[str, Any] = {"token": self.token, "user": self.email}
        if kind != "query" and kind != "create without a key":
            details["key"] = f"{self.random.getrandbits(64):016x}-{self._count}"
        if kind == "query":
            return self._intend_query(marker, details)
        if kind in ("register", "login"):
            return self._intend_session(kind, details)
        if kind in ("update", "delete"):
            return self._intend_change(kind, marker, details) if self.posts else None
        if kind == "create at leisure":
            details["headers"] = {"Prefer": "respond-async"}
        details |= {"method": "POST", "path": "/api/posts"}
        details["fields"] = {"title": marker, "content": "x" * 200, "status": "published"}
        return self.journal.intend("create", "http", marker, **details)

    def _intend_change(self, kind: str, marker: str, details: dict[str, Any]) -> Command:
        if kind == "update":
            number, _ = self.random.choice(self.posts)
            details |= {"method": "PATCH", "path": f"/api/posts/{number}"}
            return self.journal.intend("update", "http", marker, fields={"title": marker}, **details)
        number, _ = self.posts.pop(self.random.randrange(len(self.posts)))
        details |= {"method": "DELETE", "path": f"/api/posts/{number}"}
        return self.journal.intend("delete", "http", str(number), **details)

    def _intend_session(self, kind: str, details: dict[str, Any]) -> Command | None:
        details |= {"method": "POST", "path": f"/api/{kind}", "token": "", "user": ""}
        if kind == "login":
            if not self.logins:
                return None
            email = self.logins.pop()
            fields = {"username": email, "password": PASSWORD}
        else:
            email = f"{self.name}-{self._count}@example.com".replace(" ", "-")
            fields = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
        return self.journal.intend(kind, "http", email, fields=fields, **details)

    def _intend_query(self, marker: str, details: dict[str, Any]) -> Command:
        paths = ["/api/me", "/api/posts/my?limit=5", "/api/posts?limit=5"]
        if self.posts:
            paths.append(f"/api/posts/{self.random.choice(self.posts)[0]}")
        details |= {"method": "GET", "path": self.random.choice(paths)}
        return self.journal.intend("query", "http", marker, **details)

    def _exchange(
        self,
        method: str,
        path: str,
        fields: dict[str, Any],
        headers: dict[str, str],
        token: str = "",
    ) -> Answer:
        """One request and its answer, on the connection that is open or a new one."""
        headers = {"Content-Type": "application/json"} | headers
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = json.dumps(fields).encode() if fields else None
        started = time.monotonic()
        try:
            response, data = self._ask(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            return Answer(started, time.monotonic(), LOST, repr(error))
        return _answer_of(started, response, data)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        if self._connection is None or self._was_closed():
            self.hang_up()
            self._connection = http.client.HTTPConnection(*self.address, timeout=self.patience_seconds)
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        data = response.read()
        if response.will_close:
            self.hang_up()
        return response, data

    def _was_closed(self) -> bool:
        """Has the server closed the idle connection? Every HTTP client looks before it sends."""
        connection = self._connection.sock
        if connection is None:
            return True
        connection.setblocking(False)
        try:
            return connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            connection.settimeout(self.patience_seconds)


def _answer_of(started: float, response: http.client.HTTPResponse, data: bytes) -> Answer:
    try:
        body = json.loads(data) if data else None
    except ValueError:
        body = data.decode("utf-8", "replace")
    cookie = response.getheader("Set-Cookie", "")
    return Answer(
        started,
        time.monotonic(),
        response.status,
        body,
        response.getheader("Location", ""),
        cookie.partition("session=")[2].partition(";")[0],
        response.getheader("Idempotent-Replayed", "") == "true",
    )


def _wrongness(command: Command, answer: Answer) -> str:
    """Why this answer cannot be the one to that command; "": it can."""
    if answer.status not in (200, 201) or command.kind == "delete":
        return ""
    body, path = answer.body, command.path
    if command.kind in ("create", "update"):
        is_right = body["title"] == command.marker
    elif command.kind in ("register", "login"):
        is_right = body["email"].lower() == command.marker.lower()
    elif path == "/api/me":
        is_right = body["email"] == command.user
    elif path.startswith("/api/posts/my"):
        is_right = isinstance(body, list) and all(
            each["author"]["email"] == command.user for each in body
        )
    elif path.startswith("/api/posts?"):
        is_right = isinstance(body, list)
    else:
        is_right = str(body["id"]) == path.rpartition("/")[2]
    return "" if is_right else f"{command.kind} {command.marker}: answered with {str(body)[:200]}"
