"""A database of a stack's own, asked by psql (Debian has it wherever it has the server)."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from support.machine import with_path


class Database:
    """`url` is what the services get; the server's superuser looks on."""

    def __init__(self, server_url: str, name: str) -> None:
        self.server_url = server_url
        self.name = name
        self.url = with_path(server_url, name)

    def create(self) -> None:
        _psql(self.server_url, f'CREATE DATABASE "{self.name}"')

    def drop(self) -> None:
        _psql(self.server_url, f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        _psql(self.url, statement)

    def rows(self, query: str) -> list[dict[str, Any]]:
        answer = _psql(self.url, f"SELECT coalesce(json_agg(found), '[]') FROM ({query}) found")
        return json.loads(answer)

    def end_connections(self) -> int:
        """Cut off everybody else, and say how many they were."""
        others = f"datname = '{self.name}' AND pid <> pg_backend_pid()"
        query = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
        return len(self.rows(query))


def _psql(url: str, statement: str) -> str:
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
