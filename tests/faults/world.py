"""One Postroom to do harm to, with a supervisor that starts again what dies, as `./dev run` has."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.journal import Journal
from faults.smtp_sink import SmtpSink
from support.machine import Machine
from support.process import Process
from support.stack import Stack
from support.waiting import wait_for
from supervisor import LIVED, WAITS

WAIT_MS = 4000  # of the gateway for its replies
COPIES = {"gateway": 1, "command-service": 2, "query-service": 1, "scheduler": 1}
SETTINGS = {"REPLY_TIMEOUT_MS": str(WAIT_MS), "HEARTBEAT_SECONDS": "4", "RETRY_WAIT_MS": "500"}
SETTLED = {  # what the log of a process says once it serves, and how often
    "gateway": ("connection=replies", 1),
    "command-service": ("consuming", 4),
    "query-service": ("consuming", 2),
    "scheduler": ("started", 1),
}
EFFECTS = """
CREATE TABLE fault_effects (kind text NOT NULL, marker text NOT NULL, subject bigint NOT NULL);
CREATE FUNCTION fault_note_post() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN INSERT INTO fault_effects VALUES ('create', NEW.title, NEW.id);
    ELSIF TG_OP = 'UPDATE' THEN INSERT INTO fault_effects VALUES ('update', NEW.title, NEW.id);
    ELSE INSERT INTO fault_effects VALUES ('delete', OLD.id::text, OLD.id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION fault_note_user() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN INSERT INTO fault_effects VALUES ('register', NEW.email, NEW.id);
    ELSIF NEW.last_login IS DISTINCT FROM OLD.last_login THEN
        INSERT INTO fault_effects VALUES ('login', NEW.email, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fault_post AFTER INSERT OR UPDATE OR DELETE ON posts
    FOR EACH ROW EXECUTE FUNCTION fault_note_post();
CREATE TRIGGER fault_user AFTER INSERT OR UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION fault_note_user();
"""


@dataclass
class Slot:
    """A process to keep running. `settings` and `program` count from its next start on."""

    service: str
    settings: dict[str, str] = field(default_factory=dict)
    process: Process | None = None
    is_wanted: bool = True
    is_frozen: bool = False
    is_asked_to_end: bool = False
    deaths: int = 0
    started: float = 0.0
    due: float = 0.0

    @property
    def is_alive(self) -> bool:
        process = self.process
        return process is not None and process.is_alive


class World:
    """A stack, an SMTP server that counts, and the supervisor. Any thread may call."""

    def __init__(
        self, machine: Machine, folder: Path, journal: Journal, settings: Mapping[str, str]
    ) -> None:
        self.machine = machine
        self.folder = folder
        self.journal = journal
        self.mail = SmtpSink()
        self.stack = Stack(machine, folder)
        self.stack.settings |= SETTINGS | {"EMAIL_URL": self.mail.url} | dict(settings)
        self.wait_seconds = int(self.stack.settings["REPLY_TIMEOUT_MS"]) / 1000
        self.slots = [Slot(name) for name, copies in COPIES.items() for _ in range(copies)]
        self.endings: list[tuple[str, int]] = []  # how processes ended that nobody had asked to
        self._lock = threading.RLock()
        self._is_over = threading.Event()
        self._gateway_down: float | None = None
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)

    def start(self) -> World:
        """Make everything and wait until it serves."""
        self.prepare()
        self.start_services()
        return self

    def prepare(self) -> None:
        """Virtual host, database, mail; no service yet."""
        self.mail.start()
        self.stack.prepare()
        self.stack.database.run(EFFECTS)

    def start_services(self) -> None:
        """Hand over to the supervisor."""
        self._supervisor.start()
        self.stack.wait_until_serving()

    def close(self) -> None:
        """Stop everything, and leave nothing behind."""
        self._is_over.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        for slot in self.slots:
            if slot.is_frozen and slot.is_alive:
                slot.process.signal(signal.SIGCONT)
        for process in self.stack.processes:
            process.is_expected_to_fail = True  # `endings` has what is wrong
        try:
            self.stack.close()
        finally:
            self.mail.stop()

    def of(self, service: str) -> list[Slot]:
        return [each for each in self.slots if each.service == service]

    def kill(self, slot: Slot) -> None:
        """kill -9; the supervisor starts it again."""
        with self._lock:
            if slot.is_alive:
                if slot.service == "gateway":
                    self._gateway_down = self._gateway_down or time.monotonic()
                slot.process.kill()

    def restart(self, slot: Slot, **settings: str | None) -> None:
        """SIGTERM, and start it with these settings besides (None: no longer)."""
        for name, value in settings.items():
            slot.settings.pop(name, None)
            if value is not None:
                slot.settings[name] = value
        with self._lock:
            if slot.is_alive:
                slot.is_asked_to_end = True
                slot.process.signal(signal.SIGTERM)
                slot.deaths = 0
        old = slot.process
        wait_for(lambda: slot.process is not old and slot.is_alive, f"a new {slot.service}")

    def replace(self, slot: Slot, **settings: str) -> None:
        """Start another one first, and end the old one only when the new one serves."""
        new = Slot(slot.service, settings)
        with self._lock:
            self.slots.append(new)
        wait_for(lambda: new.is_alive and self._has_settled(new), f"a new {slot.service}", 60)
        self.retire(slot)

    def retire(self, slot: Slot, seconds: float = 30) -> int:
        """SIGTERM, for good; its exit status."""
        slot.is_wanted = False
        with self._lock:
            self.slots.remove(slot)
        return slot.process.stop(seconds)

    def stop_all(self) -> None:
        """SIGTERM to everything; it stays down until `begin`."""
        with self._lock:
            self._gateway_down = self._gateway_down or time.monotonic()
            for slot in self.slots:
                slot.is_wanted = False
                if slot.is_alive:
                    slot.process.signal(signal.SIGTERM)
        for slot in self.slots:
            slot.process.stop()

    def begin(self, slot: Slot) -> None:
        """Start again what `stop_all` has stopped."""
        with self._lock:
            slot.process, slot.is_wanted = None, True

    @contextmanager
    def frozen(self, slot: Slot) -> Iterator[None]:
        """SIGSTOP now, SIGCONT at the end."""
        process = wait_for(lambda: slot.is_alive and slot.process, f"a living {slot.service}")
        slot.is_frozen = True
        started = time.monotonic()
        process.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            if process.is_alive:
                process.signal(signal.SIGCONT)
            slot.is_frozen = False
            if slot.service == "gateway":
                self.journal.stops.append((started, time.monotonic()))

    def usage(self) -> dict[tuple[str, int], tuple[int, int]]:
        """(service, pid) → resident kilobytes, descriptors; of the living."""
        found = {}
        for slot in list(self.slots):
            process = slot.process
            if process is not None and process.is_alive:
                with contextlib.suppress(OSError):  # it has just died
                    found[slot.service, process.pid] = _usage_of(process.pid)
        return found

    def _has_settled(self, slot: Slot) -> bool:
        """Does it say that it serves, with all its threads?"""
        words, count = SETTLED[slot.service]
        return slot.process.output.count(words) >= count

    def _supervise(self) -> None:
        # Starts every service: the signal at a parent's death follows the thread that started it.
        while not self._is_over.wait(0.02):
            with self._lock:
                for slot in self.slots:
                    self._tend(slot)
            self._watch_gateway()

    def _tend(self, slot: Slot) -> None:
        if slot.process is not None and not slot.process.is_alive and slot.is_wanted:
            self._bury(slot)
        if slot.process is None and slot.is_wanted and time.monotonic() >= slot.due:
            slot.started = time.monotonic()
            slot.process = self.stack.start(slot.service, **slot.settings)

    def _bury(self, slot: Slot) -> None:
        now = time.monotonic()
        status = slot.process.wait()
        was_asked = status == -signal.SIGTERM and slot.is_asked_to_end  # before it took signals
        slot.is_asked_to_end = False
        if status != 0 and not was_asked:
            self.endings.append((slot.service, status))
            slot.deaths = 0 if now - slot.started > LIVED else slot.deaths
            slot.due = now + WAITS[min(slot.deaths, len(WAITS) - 1)]
            slot.deaths += 1
        if slot.service == "gateway":
            self._gateway_down = self._gateway_down or now
        slot.process = None

    def _watch_gateway(self) -> None:
        if self._gateway_down is None or not any(each.is_alive for each in self.of("gateway")):
            return
        if self._gateway_answers():
            self.journal.stops.append((self._gateway_down, time.monotonic()))
            self._gateway_down = None

    def _gateway_answers(self) -> bool:
        connection = http.client.HTTPConnection(*self.stack.listener.getsockname(), timeout=0.3)
        try:
            connection.request("GET", "/no-such-page")
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _usage_of(pid: int) -> tuple[int, int]:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]), len(os.listdir(f"/proc/{pid}/fd"))


def programs_with_failpoints(machine: Machine) -> Path:
    """The build that has them."""
    named = os.environ.get("POSTROOM_FAULTS_BUILD")
    build = Path(named) if named else machine.build.parent / "build-faults"
    assert (build / "build.ninja").exists(), f"{build} is not built: run ./dev test or ./dev faults"
    return build
