"""A PostgreSQL of a world's own, that can be hurt: private, so that nobody else suffers with it."""

from __future__ import annotations

import os
import re
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from database import Database, server_user
from support.waiting import wait_for

START_SECONDS = 60
# What is acknowledged survives a kill -9 of the server (though not a power cut).
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "authentication_timeout": "600",  # half-made connections of ours keep their places
    "unix_socket_directories": "",
}
PROTOCOL = 3 << 16
# The title of a server process that serves a client: user, database, address, what it does.
BACKEND = re.compile(r"^postgres: (\S+) (\S+) 127\.0\.0\.1\(\d+\) (.*)$")


class PrivateDatabase(Database):
    """One server, started again only when asked. Any thread may call, one at a time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "database", folder / "database.log", SETTINGS)
        # The signal at a parent's death follows the thread that forked: this one stays.
        self._starter = ThreadPoolExecutor(1)

    def serve(self) -> PrivateDatabase:
        """Start it for the first time, and wait until it serves."""
        self._starter.submit(self.start).result()
        return self.ready()

    def again(self) -> PrivateDatabase:
        """Start it again on its data, and wait until it serves."""
        self._starter.submit(self.restart).result()
        return self.ready()

    def ready(self) -> PrivateDatabase:
        """Wait until it serves."""

        def is_ready() -> bool:
            assert self.is_alive(), f"the database has ended: {self.last_words()}"
            return self.is_serving()

        wait_for(is_ready, "the database to serve", START_SECONDS)
        return self

    def kill(self) -> None:
        """kill -9 of the postmaster; returns when its children, too, have noticed."""
        children = self.server_processes()
        self.server.kill()
        self.server.wait()
        wait_for(lambda: not any(map(_is_alive, children)), "the end of the server's children")

    def end(self) -> None:
        """Stop it without waiting for its clients."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(60)

    def close(self) -> None:
        """For good, without ceremony."""
        if self.is_alive():
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(60)
        self._starter.shutdown()

    def server_processes(self) -> list[int]:
        """Pids of all that run for it but the postmaster."""
        listed = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        return [int(word) for word in listed.read_text(encoding="ascii").split()]

    def backends(self, database: str) -> dict[int, str]:
        """Pids of the clients' connections to a database, and what each is at."""
        found = {}
        for pid in self.server_processes():
            with suppress(OSError):
                title = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode().strip()
                match = BACKEND.match(title)
                if match and match[2] == database:
                    found[pid] = match[3]
        return found

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """SIGSTOP of all of it now, SIGCONT at the end."""
        stopped = [self.server.pid]
        os.kill(self.server.pid, signal.SIGSTOP)  # first, so that there are no new children
        stopped += self.server_processes()
        try:
            for pid in stopped:
                _signal(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in stopped:
                _signal(pid, signal.SIGCONT)

    @contextmanager
    def commits_hang(self) -> Iterator[None]:
        """Each COMMIT is written, and then waits for a standby that there is not."""
        self._set("synchronous_standby_names", "'nobody'")
        try:
            yield
        finally:
            self._set("synchronous_standby_names", "DEFAULT")

    def terminate(self, database: str, what: str = "") -> int:
        """End the connections that are at something named so, as pg_terminate_backend does."""
        chosen = [pid for pid, title in self.backends(database).items() if what in title]
        for pid in chosen:
            _signal(pid, signal.SIGTERM)
        return len(chosen)

    @contextmanager
    def slots_taken(self, database: str) -> Iterator[None]:
        """Take each place for a connection that there is, and those of the clients of `database`."""
        grabber = _Grabber(self.port)
        try:
            wait_for(lambda: grabber.is_refused, "the last place to be taken")
            self.terminate(database)
            yield
        finally:
            grabber.close()

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def _set(self, name: str, value: str) -> None:
        statements = (f"ALTER SYSTEM SET {name} = {value}", "SELECT pg_reload_conf()")
        words = [word for statement in statements for word in ("-c", statement)]
        subprocess.run(
            ["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", self.superuser_url, *words],
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )

    def _run(self, argv: list[str | Path]) -> None:
        # Not the supervisor's way, which takes the statuses of all children of this process.
        with self.log.open("ab") as log:
            status = subprocess.run(
                [str(word) for word in argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=server_user(),
                group=server_user(),
                extra_groups=[] if server_user() else None,
                cwd=self.folder,
                check=False,
            ).returncode
        assert status == 0, f"the database cannot be made: {self.last_words()}"


class _Grabber:
    """Begins to connect, again and again, and never ends a log-in: each holds a place."""

    def __init__(self, port: int) -> None:
        self.is_refused = False
        self._port = port
        self._held: list[socket.socket] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._grab, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Give all places back."""
        self._is_over.set()
        self._thread.join()
        for connection in self._held:
            connection.close()

    def _grab(self) -> None:
        names = b"user\0postgres\0database\0postgres\0\0"
        packet = struct.pack(">II", 8 + len(names), PROTOCOL) + names
        while not self._is_over.is_set():
            with suppress(OSError):
                connection = socket.create_connection(("127.0.0.1", self._port), timeout=5)
                connection.sendall(packet)
                if connection.recv(1) == b"R":  # a request to authenticate: the place is ours
                    self._held.append(connection)
                    continue
                connection.close()
                self.is_refused = True
            self._is_over.wait(0.01)


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"
