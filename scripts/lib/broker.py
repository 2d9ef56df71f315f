"""A private RabbitMQ on loopback, with its port mapper (epmd) as a child that ends with it."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import network
import processes

# Debian's wrapper in /usr/sbin insists on the user rabbitmq; this is what it calls.
SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
# Each folder of plugins is looked into for each of a thousand modules: without these, which we
# never enable, the node starts in three quarters of the time.
UNUSED = re.compile(
    "rabbitmq_(auth|aws|consistent|event|federation|jms|mqtt|peer|random|recent|sharding|shovel"
    "|stomp|stream|top|tracing|trust|web_mqtt|web_stomp)"
)
USER = "postroom"


class Broker:
    """One RabbitMQ node. `start` returns at once, `wait` when it serves."""

    def __init__(self, folder: Path, log: Path, plugins: Sequence[str] = ()) -> None:
        self.folder = folder
        self.log = log
        self.plugins = plugins
        self.password = ""
        self.port = self.management_port = self.epmd_port = self.distribution_port = 0
        self.epmd: subprocess.Popen[bytes] | None = None
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where AMQP is spoken."""
        return f"amqp://{USER}:{self.password}@127.0.0.1:{self.port}/"

    @property
    def management_url(self) -> str:
        """Where the management API answers."""
        return f"http://{USER}:{self.password}@127.0.0.1:{self.management_port}"

    def start(self) -> None:
        """Start the node on ports that are free now."""
        if not SERVER.exists():
            raise processes.Failed(f"postroom: there is no {SERVER}: run ./dev, or set AMQP_URL")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.password = self._secret("password")
        self._secret(".erlang.cookie")
        self.port, self.management_port, self.epmd_port, self.distribution_port = (
            network.free_port() for _ in range(4)
        )
        self.restart()

    def restart(self) -> None:
        """Start the node where it was before."""
        self._write_configuration()
        with self.log.open("ab") as log:
            # Started by the node itself it would be a daemon, listen everywhere and stay behind.
            if self.epmd is None or self.epmd.poll() is not None:
                self.epmd = processes.spawn(
                    ["epmd", "-address", "127.0.0.1", "-port", str(self.epmd_port)], output=log
                )
            self.server = processes.spawn([SERVER], env=self._environment(), output=log)

    def wait(self, seconds: float = 120) -> None:
        """Wait until it serves; if somebody took one of its ports meanwhile, try others."""
        for attempt in (1, 2, 3):
            served = processes.wait_until(lambda: self.is_serving() or not self.is_alive(), seconds)
            if served and self.is_alive():
                return
            self.stop()
            if not served or attempt == 3:
                break
            self.start()
        raise processes.Failed(f"postroom: the broker does not start: see {self.log}")

    def is_serving(self) -> bool:
        """Does it take AMQP connections, and is it ours, knowing our password?"""
        return network.takes_login(self.port, USER, self.password)

    def is_alive(self) -> bool:
        """Has it been started and not ended?"""
        return self.server is not None and self.server.poll() is None

    def stop(self, seconds: float = 30) -> None:
        """Stop the node, then its port mapper, which has nothing to finish."""

        def is_gone() -> bool:
            if self.is_alive():
                self.server.send_signal(signal.SIGTERM)  # early in its start a node loses one
            return not self.is_alive()

        if self.server is not None:
            try:
                processes.wait_until(is_gone, seconds, step=1)
            except processes.Stopped:
                processes.say("postroom: asked again to stop: not waiting for the broker")
            processes.stop(self.server, 0)
        if self.epmd is not None:
            processes.stop(self.epmd, 0)
        self.server = self.epmd = None

    def children(self) -> list[subprocess.Popen[bytes]]:
        """The processes that are running for it."""
        return [child for child in (self.server, self.epmd) if child is not None]

    def _secret(self, name: str) -> str:
        path = self.folder / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(16), encoding="ascii")
            path.chmod(0o400)
        return path.read_text(encoding="ascii")

    def _node(self) -> str:
        # The node's data belong to its name, so it must outlive runs; "localhost" resolves where
        # the machine's own name does not.
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return f"postroom-{digest}@localhost"

    def _write_configuration(self) -> None:
        configuration = self.folder / "rabbitmq.conf"
        configuration.touch(mode=0o600)
        management = (
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {self.management_port}\n"
            if "rabbitmq_management" in self.plugins
            else ""  # without the plugin its settings are an error
        )
        configuration.write_text(
            f"""listeners.tcp.local = 127.0.0.1:{self.port}
default_user = {USER}
default_pass = {self.password}
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.relative = 0.25
raft.wal_max_size_bytes = 67108864
{management}""",
            encoding="ascii",
        )
        plugins = f"[{','.join(self.plugins)}].\n"
        (self.folder / "enabled_plugins").write_text(plugins, encoding="ascii")

    def _programs(self) -> dict[str, str]:
        home = self.folder / "programs"
        shutil.rmtree(home, ignore_errors=True)
        (home / "plugins").mkdir(parents=True)
        (home / "bin").symlink_to(SERVER.parent)
        for plugin in SERVER.parent.parent.glob("lib/rabbitmq_server-*/plugins/*"):
            if not UNUSED.match(plugin.name):
                (home / "plugins" / plugin.name).symlink_to(plugin)
        return {
            "RABBITMQ_SCRIPTS_DIR": str(home / "bin"),
            "RABBITMQ_PLUGINS_DIR": str(home / "plugins"),
        }

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("RABBITMQ_", "ERL_"))
        }
        return kept | self._programs() | {
            "HOME": str(self.folder),  # where the node looks for its cookie
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.epmd_port),
            "RABBITMQ_NODENAME": self._node(),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
            ),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.folder / "generated"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_PLUGINS_EXPAND_DIR": str(self.folder / "plugins"),
            "RABBITMQ_PID_FILE": str(self.folder / "node.pid"),
            # The start script then becomes the node instead of staying as a shell around it.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
