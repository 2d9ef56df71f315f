"""A private PostgreSQL on loopback."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import network
import processes

DATABASE = USER = "postroom"
SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
# Nobody misses a throwaway database after a power cut.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def server_user() -> str | None:
    """PostgreSQL refuses to run as root: then it is Debian's user (None: whoever we are)."""
    return "postgres" if os.geteuid() == 0 else None


def is_reachable(folder: Path) -> bool:
    """May the server's user enter that folder?"""
    if server_user() is None:
        return True
    status = subprocess.run(
        ["test", "-x", str(folder)], user=server_user(), extra_groups=[], check=False
    )
    return status.returncode == 0


class Database:
    """One PostgreSQL server. `start` returns at once (the first time after initdb)."""

    def __init__(self, folder: Path, log: Path, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.log = log
        self.settings = SETTINGS | (settings or {})
        self.password = ""
        self.port = 0
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The application's own database, as its owner."""
        return self._url(USER, DATABASE)

    @property
    def superuser_url(self) -> str:
        """The maintenance database, as somebody who may do anything."""
        return self._url("postgres", "postgres")

    def _url(self, user: str, database: str) -> str:
        return f"postgresql://{user}:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server on a port that is free now; make its data first if there are none."""
        self.password = self._make_folder()
        if not (self.folder / "data").exists():
            self._make_data()
        self.port = network.free_port()
        self.restart()

    def restart(self) -> None:
        """Start the server where it was before."""
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        with self.log.open("ab") as log:
            self.server = processes.spawn(
                [self._tool("postgres"), "-D", self.folder / "data", f"-cport={self.port}"]
                + options,
                output=log,
                user=server_user(),
                cwd=self.folder,
                death_signal=signal.SIGQUIT,
            )

    def wait(self, seconds: float = 120) -> None:
        """Wait until it serves; if somebody took its port meanwhile, try another."""
        for attempt in (1, 2, 3):
            served = processes.wait_until(lambda: self.is_serving() or not self.is_alive(), seconds)
            if served and self.is_alive():
                return
            self.stop()
            if not served or attempt == 3:
                break
            self.start()
        raise processes.Failed(f"postroom: the database does not start: see {self.log}")

    def is_serving(self) -> bool:
        """Does it take connections? The server notes that itself, in line 8 of its pid file."""
        try:
            lines = (self.folder / "data/postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        is_ours = self.server is not None and lines[:1] == [str(self.server.pid)]
        return is_ours and len(lines) >= 8 and lines[7].strip() == "ready"

    def is_alive(self) -> bool:
        """Has it been started and not ended?"""
        return self.server is not None and self.server.poll() is None

    def stop(self, seconds: float = 30) -> None:
        """Stop the server without waiting for its clients."""
        if self.server is not None:
            processes.stop(self.server, seconds, signal.SIGINT)
        self.server = None

    def children(self) -> list[subprocess.Popen[bytes]]:
        """The processes that are running for it."""
        return [child for child in (self.server,) if child is not None]

    def _tool(self, name: str) -> Path:
        versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
        try:
            return max(versions, key=lambda path: int(path.parent.parent.name))
        except ValueError:
            found = shutil.which(name)
            if found:
                return Path(found)
            raise processes.Failed(
                "postroom: there is no PostgreSQL: run ./dev, or set DATABASE_URL"
            ) from None

    def _make_folder(self) -> str:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(16), encoding="ascii")
        if server_user():
            owner = pwd.getpwnam(server_user())
            for each in (self.folder, path):
                os.chown(each, owner.pw_uid, owner.pw_gid)
        return path.read_text(encoding="ascii")

    def _make_data(self) -> None:
        # Under another name until complete, so that an interruption leaves nothing half made.
        making = self.folder / "data.new"
        shutil.rmtree(making, ignore_errors=True)
        sync = [] if self.settings.get("fsync") != "off" else ["--no-sync"]
        self._run(
            [self._tool("initdb"), "-D", making, "-U", "postgres", "-E", "UTF8"]
            + ["--locale=C.UTF-8", "-A", "scram-sha-256", "--pwfile", self.folder / "password"]
            + sync
        )
        # The application is an ordinary user here too, so that what needs more is noticed; the
        # roles are for watching and measuring.
        statements = self.folder / "first.sql"
        statements.write_text(
            f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{self.password}'\n"
            f"GRANT pg_monitor, pg_checkpoint, pg_signal_backend TO {USER}\n"
            f"CREATE DATABASE {DATABASE} OWNER {USER}\n",
            encoding="ascii",
        )
        statements.chmod(0o644)
        postgres = self._tool("postgres")
        self._run(
            ["sh", "-c", 'exec "$@" <first.sql', "sh", postgres, "--single", "-D", making]
            + ["postgres"]
        )
        statements.unlink()
        making.rename(self.folder / "data")

    def _run(self, argv: list[str | Path]) -> None:
        with self.log.open("ab") as log:
            status = processes.run(argv, output=log, user=server_user(), cwd=self.folder)
        if status != 0:
            raise processes.Failed(f"postroom: the database cannot be made: see {self.log}")
