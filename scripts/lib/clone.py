"""The folders of this clone, and the lock and notes kept in its `.run/`."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import processes
from database import is_reachable

ROOT = Path(__file__).resolve().parent.parent.parent
STATE = ROOT / ".run"


def prepare_state() -> None:
    """Make `.run/`, where state outlives a run."""
    try:
        STATE.mkdir(exist_ok=True)
        (STATE / "mail").mkdir(exist_ok=True)
    except PermissionError as error:
        raise processes.Failed(f"postroom: {error.filename} cannot be written") from error
    if STATE.stat().st_uid != os.geteuid():
        raise processes.Failed(f"postroom: {STATE} belongs to another user: be that one, or remove it")


def broker_home() -> Path:
    """Where the broker keeps its state. Its scripts trip over spaces and quotes in a path."""
    return STATE if re.fullmatch("[A-Za-z0-9_./+-]+", str(STATE)) else _home_outside()


def database_home() -> Path:
    """Where the database keeps its state: as root, where its own user can go.

    A clone below a home of mode 700 cannot be entered by postgres.
    """
    return STATE if is_reachable(STATE) else _home_outside()


def _home_outside() -> Path:
    # Named after the clone's path, so that it is found again.
    digest = hashlib.sha256(str(STATE).encode()).hexdigest()[:12]
    home = Path(f"/var/tmp/postroom-{digest}")
    home.mkdir(mode=0o711, exist_ok=True)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise processes.Failed(f"postroom: {home} belongs to somebody else: remove it")
    home.chmod(0o711)
    return home


def lock() -> IO[str]:
    """Hold this clone's only run; the kernel lets go of the lock however we end."""
    file = (STATE / "lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "?"
        raise processes.Failed(f"postroom: already running in this clone (pid {holder})") from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def write(name: str, text: str) -> None:
    """Replace a file of `.run/` in one step, for our eyes only."""
    new = STATE / f"{name}.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.rename(STATE / name)


def secret(name: str) -> str:
    """A random secret of this clone, made once."""
    path = STATE / name
    if not path.exists():
        write(name, secrets.token_hex(32) + "\n")
    return path.read_text(encoding="ascii").strip()


def forget_run() -> None:
    """Remove what other tools would take for a run of now."""
    for name in ("env", "pids", "health"):
        (STATE / name).unlink(missing_ok=True)


def forget_children() -> None:
    """Nobody is left."""
    (STATE / "children").unlink(missing_ok=True)


def note_children(pids: Iterable[int]) -> None:
    """Remember who runs for us, for the next run to find should this one be killed."""
    write("children", "".join(f"{pid} {processes.start_time(pid)}\n" for pid in pids))


def end_leftovers() -> None:
    """Wait for what a killed run left (it was told to end when its parent died), then kill it."""
    path = STATE / "children"
    if not path.exists():
        return
    noted = [line.split() for line in path.read_text(encoding="ascii").splitlines()]

    def left() -> list[int]:
        return [int(n[0]) for n in noted if len(n) == 2 and processes.start_time(int(n[0])) == n[1]]

    if not processes.wait_until(lambda: not left(), 10):
        for pid in left():
            processes.say(f"postroom: killing process {pid}, left by an earlier run")
            os.kill(pid, processes.signal.SIGKILL)
        processes.wait_until(lambda: not left(), 5)
    forget_children()
