"""Child processes that end when their parent does, and waits that a signal can cut short.

Every child lives in a session of its own, so that Ctrl-C in a terminal reaches the supervisor only,
which then decides in what order to stop. Signals are never handled asynchronously: they stay blocked
and are taken in `pause`, so no interruption can fall between starting a child and noting its pid.
All functions belong to the main thread: the parent-death signal follows the thread that forked.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}

_started: dict[int, subprocess.Popen[bytes]] = {}
_libc = ctypes.CDLL(None, use_errno=True)


class Stopped(Exception):
    """A signal asked this process to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Failed(Exception):
    """Something could not be started; the text is one line for the person at the terminal."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def say(text: str) -> None:
    """One line to stderr, which may be a terminal that has gone."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        pass


def take_signals() -> None:
    """Block the stop signals for good; `pause` takes them. Orphans of children become ours."""
    stops = set(STOP_SIGNALS)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        stops.discard(signal.SIGHUP)  # started by nohup
    signal.pthread_sigmask(signal.SIG_BLOCK, stops | {signal.SIGCHLD})
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)  # "&" in a script ignores SIGINT; children would too
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def pause(seconds: float) -> None:
    """Sleep until a child ends or the time is over; raises Stopped when asked to stop."""
    waited = signal.sigtimedwait(STOP_SIGNALS | {signal.SIGCHLD}, max(seconds, 0))
    _bury_orphans()
    if waited is not None and waited.si_signo != signal.SIGCHLD:
        raise Stopped(waited.si_signo)


def _bury_orphans() -> None:
    """Take the statuses of children that we did not start but inherited; `Popen` takes its own."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None:
            return
        ours = _started.pop(ended.si_pid, None)
        if ours is not None and ours.returncode is None:
            ours.poll()
        else:
            os.waitpid(ended.si_pid, 0)


def wait_until(done: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Poll until `done()` or the time is over; says which."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        pause(step)
    return True


def _in_child(parent: int, death_signal: int) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before the prctl
        os._exit(1)


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    user: str | None = None,
    pass_fds: Sequence[int] = (),
    cwd: Path | None = None,
    death_signal: int = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a child without standard input; `output` takes its stdout and stderr (None: ours)."""
    parent = os.getpid()
    child = subprocess.Popen(
        [str(word) for word in argv],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr if output is None else output,
        stderr=sys.stderr if output is None else output,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        pass_fds=pass_fds,
        preexec_fn=lambda: _in_child(parent, death_signal),
    )
    _started[child.pid] = child
    return child


def run(argv: Sequence[str | Path], **options) -> int:
    """Run a child to its end and return its status; a stop signal ends it too."""
    child = spawn(argv, **options)
    try:
        while child.poll() is None:
            pause(1)
        return child.returncode
    finally:
        stop(child, 5)


def signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    """Signal a child and whatever it started in its session."""
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def stop(child: subprocess.Popen[bytes], seconds: float, how: int = signal.SIGTERM) -> None:
    """Ask a child to end, then make it."""
    stop_all([child], seconds, how)


def stop_all(
    children: Sequence[subprocess.Popen[bytes]], seconds: float, how: int = signal.SIGTERM
) -> None:
    """Ask children to end, all at once; kill those that do not, or all when asked to stop again."""
    for child in children:
        if child.poll() is None:
            child.send_signal(how)
    try:
        wait_until(lambda: all(child.poll() is not None for child in children), seconds)
    except Stopped:
        say("postroom: asked again to stop: not waiting any longer")
    for child in children:
        signal_group(child, signal.SIGKILL)
        child.wait()


def start_time(pid: int) -> str:
    """When a process started, in clock ticks: with the pid it names a process for ever ("": gone)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def descendants(root: int) -> list[int]:
    """Pids of all children of `root` and theirs."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text(encoding="latin-1").rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    queue = [root]
    while queue:
        queue.extend(parents.get(queue[0], []))
        found.extend(parents.get(queue.pop(0), []))
    return found


def kill_descendants() -> None:
    """Kill and bury whatever is still below this process: daemons that children left, say."""
    for _ in range(100):
        left = [pid for pid in descendants(os.getpid()) if start_time(pid)]
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        if not left:
            return
        time.sleep(0.05)
