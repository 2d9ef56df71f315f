"""A RabbitMQ of a world's own, that can be hurt: private, so that nobody else suffers with it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from broker import Broker
from support.waiting import wait_for

START_SECONDS = 120
PLUGINS = ("rabbitmq_management",)


class PrivateBroker(Broker):
    """One node, started again only when asked. Any thread may call, one at a time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "broker", folder / "broker.log", PLUGINS)
        # The signal at a parent's death follows the thread that forked: this one stays.
        self._starter = ThreadPoolExecutor(1)

    def serve(self) -> PrivateBroker:
        """Start it for the first time, and wait until it serves."""
        self._starter.submit(self.start).result()
        return self.ready()

    def again(self) -> PrivateBroker:
        """Start it again where it was, on its data, and wait until it serves."""
        self._starter.submit(self.restart).result()
        return self.ready()

    def ready(self) -> PrivateBroker:
        """Wait until it serves."""

        def is_ready() -> bool:
            assert self.is_alive(), f"the broker has ended: {self.last_words()}"
            return self.is_serving()

        wait_for(is_ready, "the broker to serve", START_SECONDS)
        return self

    def kill(self) -> None:
        """kill -9."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def end(self, seconds: int = 60) -> None:
        """SIGTERM, and wait for its end. Its port mapper stays."""
        for _ in range(0, seconds, 10):
            self.server.send_signal(signal.SIGTERM)  # early in its start a node loses one
            try:
                self.server.wait(10)
                return
            except subprocess.TimeoutExpired:
                continue
        raise AssertionError(f"the broker does not end within {seconds} s: {self.last_words()}")

    def close(self) -> None:
        """For good, without ceremony."""
        for child in self.children():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        self._starter.shutdown()

    def evaluate(self, expression: str) -> str:
        """Have the node evaluate some Erlang; the value."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),  # where the cookie is
            "ERL_EPMD_PORT": str(self.epmd_port),
        }
        # rabbitmqctl would take seconds: it starts a node of its own.
        done = subprocess.run(
            ["erl_call", "-r", "-timeout", "20", "-n", self._node(), "-e"],
            input=expression + "\n",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        told = done.stdout + done.stderr
        assert done.returncode == 0 and told.startswith("{ok, "), f"{expression} {told}"
        return told.removeprefix("{ok, ").removesuffix("}")

    @contextmanager
    def memory_alarm(self) -> Iterator[None]:
        """As if all memory were taken: who publishes is blocked."""
        self.evaluate("vm_memory_monitor:set_vm_memory_high_watermark({absolute, 1000000}).")
        try:
            yield
        finally:
            self.evaluate("vm_memory_monitor:set_vm_memory_high_watermark(0.25).")

    @contextmanager
    def disk_alarm(self) -> Iterator[None]:
        """As if the disk were full: who publishes is blocked."""
        self.evaluate("rabbit_disk_monitor:set_disk_free_limit(900000000000000).")
        try:
            yield
        finally:
            self.evaluate("rabbit_disk_monitor:set_disk_free_limit(50000000).")

    def keep_definitions(self) -> None:
        """Have it write to disk which queues there are: it confirms that some seconds too early."""
        self.evaluate("ok = mnesia:sync_log(), [ok = dets:sync(T) || T <- dets:all()].")

    def alarms(self) -> str:
        """Which alarms the node says are on."""
        return self.evaluate("rabbit_alarm:get_alarms().")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """SIGSTOP now, SIGCONT at the end."""
        os.kill(self.server.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.server.pid, signal.SIGCONT)

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
