"""What `meson install` puts somewhere is all that a machine without the sources needs."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.database import Database
from support.machine import PROGRAMS, ROOT, Machine, sanitizer_options

SHARE = "usr/local/share/postroom"


@pytest.fixture(scope="module")
def installed(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of what was installed."""
    folder = tmp_path_factory.mktemp("installed")
    command = ["meson", "install", "-C", machine.build, "--no-rebuild", "--destdir", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def database(machine: Machine) -> Iterator[Database]:
    made = Database(machine.database_url, f"installed-{uuid.uuid4().hex[:12]}")
    made.create()
    yield made
    made.drop()


def test_programs_migrations_and_defaults_are_installed(installed: Path) -> None:
    names = {path.name for path in (installed / "usr/local/bin").iterdir()}

    assert names == set(PROGRAMS)
    for folder in ("config", "migrations"):
        shipped = {path.name for path in (installed / SHARE / folder).iterdir()}
        assert shipped == {path.name for path in (ROOT / folder).iterdir()}


def test_an_installed_postroom_migrates_from_anywhere(
    machine: Machine, installed: Path, database: Database, tmp_path: Path
) -> None:
    settings = {
        "AMQP_URL": machine.amqp_url,
        "CONFIG_DIR": str(installed / SHARE / "config"),
        "DATABASE_URL": database.url,
        "MIGRATIONS_DIR": str(installed / SHARE / "migrations"),
        "PATH": os.environ["PATH"],
    }

    done = subprocess.run(
        [installed / "usr/local/bin/postroom", "migrate"],
        cwd=tmp_path,
        env=settings | sanitizer_options(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    applied = [line for line in done.stdout.splitlines() if line.startswith("applied ")]
    assert len(applied) == len(list((ROOT / "migrations").iterdir()))
