"""What the tests run on: a broker, a database server and the built programs, named by the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {
    "gateway": "services/gateway/gateway",
    "command-service": "services/command/command-service",
    "query-service": "services/query/query-service",
    "scheduler": "services/scheduler/scheduler",
    "postroom": "services/cli/postroom",
}


def _variable(name: str) -> str:
    value = os.environ.get(name)
    assert value, f"{name} is not set: run the tests by ./dev test"
    return value


def with_path(url: str, path: str) -> str:
    """The same server, another virtual host or database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


@dataclass(frozen=True)
class Machine:
    """Servers to share; each stack makes a virtual host and a database of its own there."""

    amqp_url: str
    management_url: str
    database_url: str
    build: Path

    @staticmethod
    def from_environment() -> Machine:
        return Machine(
            amqp_url=_variable("TEST_AMQP_URL"),
            management_url=_variable("TEST_AMQP_MANAGEMENT_URL"),
            database_url=_variable("TEST_DATABASE_URL"),
            build=Path(_variable("POSTROOM_BUILD")),
        )

    def program(self, name: str) -> Path:
        return self.build / PROGRAMS[name]


def sanitizer_options() -> dict[str, str]:
    """Settings that send what a sanitizer finds in a service to a folder, if one is named."""
    folder = os.environ.get("POSTROOM_SANITIZER_LOGS")
    options = {}
    for tool in ("ASAN", "LSAN", "UBSAN", "TSAN"):
        given = os.environ.get(f"{tool}_OPTIONS", "")
        if folder and "log_path=" not in given:
            given = f"{given}:log_path={folder}/{tool.lower()}".lstrip(":")
        if given:
            options[f"{tool}_OPTIONS"] = given
    return options
