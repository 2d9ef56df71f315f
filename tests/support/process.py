"""A program under test, running."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from support.waiting import wait_for

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_FIRST_PASSED_FD = 3


class Process:
    """Ends when the test run does, however that ends. `listener` is handed over by LISTEN_FDS."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        environment: Mapping[str, str],
        log: Path,
        listener: socket.socket | None = None,
    ) -> None:
        self.name = Path(argv[0]).name
        self.log = log
        self.is_expected_to_fail = False
        self._log_start = log.stat().st_size if log.exists() else 0
        words = [str(word) for word in argv]
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_become(words, dict(environment), listener),
            )

    def processor_time(self) -> float:
        """What its threads have used of processors, in seconds."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text(encoding="ascii").split()[0]) for each in tasks) / 1e9

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_alive(self) -> bool:
        return self._child.poll() is None

    @property
    def output(self) -> str:
        """What it has written so far."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode("utf-8", "replace")

    def signal(self, number: int) -> None:
        self._child.send_signal(number)

    def freeze(self) -> None:
        """Stop all of its threads (SIGSTOP), and wait until they stand; SIGCONT lets them go on."""
        self.signal(signal.SIGSTOP)
        tasks = Path(f"/proc/{self.pid}/task")

        def stands() -> bool:
            states = [(each / "stat").read_text() for each in tasks.iterdir()]
            return all(state.rpartition(")")[2].split()[0] == "T" for state in states)

        wait_for(stands, f"{self.name} to stand still")

    def wait(self, seconds: float = 30) -> int:
        """Its exit status, once it ends by itself."""
        wait_for(lambda: not self.is_alive, f"the end of {self.name}\n{self.output}", seconds)
        return self._child.returncode

    def stop(self, seconds: float = 30) -> int:
        """Ask it to end, and make it if it does not; its exit status."""
        self.signal(signal.SIGTERM)
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        self.is_expected_to_fail = True
        self.signal(signal.SIGKILL)
        self._child.wait()


def _become(
    words: list[str], environment: dict[str, str], listener: socket.socket | None
) -> Callable[[], None]:
    parent = os.getpid()

    def become() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
        if listener is not None:
            if listener.fileno() == _FIRST_PASSED_FD:
                os.set_inheritable(_FIRST_PASSED_FD, True)
            else:
                os.dup2(listener.fileno(), _FIRST_PASSED_FD)
            environment.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        # Here and not by Popen, for only now the pid is known. Other descriptors close themselves.
        os.execve(words[0], words, environment)

    return become


def pids_with(marker: str) -> list[int]:
    """Processes that have this text in their environment, command line or working directory."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            try:
                texts = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                if marker.encode() in texts or marker in str((folder / "cwd").readlink()):
                    found.append(int(folder.name))
            except OSError:
                continue
    return found
