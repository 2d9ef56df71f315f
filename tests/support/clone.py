"""A copy of this source tree, and `./dev run` in it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import uuid
from pathlib import Path

from support.machine import ROOT, Machine
from support.process import pids_with
from support.waiting import wait_for

# What npm installed, with the mark that it is whole.
PACKAGES = "services/gateway/documents/node_modules"
SETTINGS = ("AMQP_URL", "DATABASE_URL", "EMAIL_URL", "HTTP_LISTEN", "SECRET_KEY")


class Clone:
    """The files that git knows or would take, with what has been compiled of them."""

    def __init__(self, machine: Machine) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postroom-clone-"))
        self.folder.chmod(0o711)  # the database server runs as somebody else
        for name in source_files():
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
        if (ROOT / PACKAGES).is_dir():
            shutil.copytree(ROOT / PACKAGES, self.folder / PACKAGES, symlinks=True, copy_function=_link)
        # Moved to the same place of another tree, a build folder needs next to nothing done again.
        compiled = machine.build if machine.build.parent == ROOT else ROOT / "build"
        if (compiled / "build.ninja").exists():
            shutil.copytree(compiled, self.build, symlinks=True)
            (self.build / "options").write_text("\n", encoding="ascii")  # for ./dev it is its own
            self.setup()

    @property
    def build(self) -> Path:
        return self.folder / "build"

    def setup(self) -> subprocess.CompletedProcess[str]:
        """Have meson look at the tree (again)."""
        again = ["--reconfigure"] if (self.build / "build.ninja").exists() else []
        return self.call("meson", "setup", *again, "build")

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the copy, to its end."""
        return subprocess.run(
            words, cwd=self.folder, capture_output=True, text=True, check=False, timeout=600
        )

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def contents(self) -> dict[str, bytes]:
        """All files but those that git ignores."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
            and path.relative_to(self.folder).parts[0] not in ("build", ".run")
            and not {"__pycache__", "node_modules"} & set(path.parts)
        }

    def remove(self) -> None:
        shutil.rmtree(self.folder)


def _link(source: str, target: str) -> None:
    """The same file once more, or a copy where that is another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def source_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


class DevRun:
    """`./dev run`, ready."""

    def __init__(self, clone: Clone, **settings: str) -> None:
        self.clone = clone
        self.marker = f"run-{uuid.uuid4().hex}"
        self.output = clone.folder / f"{self.marker}.log"
        environment = {name: os.environ[name] for name in os.environ if name not in SETTINGS}
        with self.output.open("wb") as output:
            self._child = subprocess.Popen(
                ["./dev", "run"],
                cwd=clone.folder,
                env=environment | settings | {"POSTROOM_TEST_RUN": self.marker},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self.url = wait_for(self._ready, "the ready line", seconds=300)
        except AssertionError as error:
            self.interrupt()
            raise AssertionError(f"{error}\n{self.log}") from None

    @property
    def log(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def environment(self) -> dict[str, str]:
        """`.run/env`, as a shell reads it."""
        text = (self.clone.folder / ".run/env").read_text(encoding="utf-8")
        return dict(assignment.split("=", 1) for assignment in shlex.split(text))

    def pids(self) -> dict[str, int]:
        """`.run/pids`."""
        text = (self.clone.folder / ".run/pids").read_text(encoding="utf-8")
        return {name: int(pid) for name, pid in map(str.split, text.splitlines())}

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        if self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGINT)
        return self._child.wait(timeout=60)

    def leftovers(self) -> list[int]:
        """What of it is still running."""
        return sorted({*pids_with(self.marker), *pids_with(str(self.clone.folder))})

    def _ready(self) -> str | None:
        assert self._child.poll() is None, "./dev run has ended"
        found = re.search(r"^ready: (http://\S+)$", self.log, re.MULTILINE)
        return found and found[1]
