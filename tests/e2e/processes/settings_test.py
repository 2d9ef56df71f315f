"""Settings are checked at the start: a wrong one is one clear line and exit status 78."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.stack import SERVICES, Stack
from support.waiting import wait_for

WRONG = [
    ("AMQP_URL", None, SERVICES),
    ("AMQP_URL", "", SERVICES),
    ("AMQP_URL", "http://example.com", SERVICES),
    ("AMQP_URL", "nonsense", SERVICES),
    ("DATABASE_URL", None, SERVICES[1:]),
    ("DATABASE_URL", "nonsense", SERVICES[1:]),
    ("SECRET_KEY", None, SERVICES[1:2]),
    ("SECRET_KEY", "x" * 31, SERVICES[1:2]),
    ("EMAIL_URL", None, SERVICES[1:2]),
    ("EMAIL_URL", "nonsense", SERVICES[1:2]),
    ("EMAIL_URL", "ftp://example.com", SERVICES[1:2]),
    ("HTTP_LISTEN", "nonsense", SERVICES[:1]),
    ("HTTP_LISTEN", "127.0.0.1:99999", SERVICES[:1]),
    ("PUBLIC_URL", "nonsense", SERVICES[:1]),
    ("TRUSTED_PROXIES", "the proxy", SERVICES[:1]),
    ("TRUSTED_PROXIES", "127.0.0.1,10.0.0.1/8", SERVICES[:1]),
    ("POSTROOM_ENV", "staging", SERVICES),
    ("CONFIG_DIR", "/nonexistent", SERVICES),
    ("SECURE_COOKIES", "perhaps", SERVICES[:1]),
    ("LOG_FORMAT", "xml", SERVICES),
    ("WORKERS", "0", SERVICES[1:3]),
    ("WORKERS", "many", SERVICES[1:3]),
    ("WORKERS", "", SERVICES[1:3]),
    ("WORKERS", "2x", SERVICES[1:3]),
    ("PASSWORD_WORKERS", "-1", SERVICES[1:2]),
    ("REPLY_TIMEOUT_MS", "1e3", SERVICES[:1]),
    ("REPLY_TIMEOUT_MS", "99999999999999999999", SERVICES[:1]),
    ("SWEEP_INTERVAL_MS", "soon", SERVICES[3:]),
    ("HANDLERS", "", SERVICES[1:3]),
    ("HANDLERS", "posts.burn", SERVICES[1:3]),
]


@pytest.fixture
def no_defaults(tmp_path: Path) -> Path:
    """A folder of defaults without any."""
    (tmp_path / "test.env").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("program", "name", "value"),
    [(program, name, value) for name, value, programs in WRONG for program in programs],
)
def test_a_wrong_setting_is_one_line_and_status_78(
    stack: Stack, no_defaults: Path, program: str, name: str, value: str | None
) -> None:
    # Without LISTEN_FDS, so that the gateway looks at HTTP_LISTEN.
    done = stack.run(program, **{"CONFIG_DIR": str(no_defaults), name: value})

    assert done.returncode == 78
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert name in done.stderr
    assert value is None or len(value) < 20 or value not in done.stderr


REFUSED_IN_PRODUCTION = [
    ("SECRET_KEY", "insecure-key-of-development-known-to-everybody", SERVICES[:2]),
    ("SECRET_KEY", "x" * 40, SERVICES[:2]),
    ("SECRET_KEY", None, SERVICES[:2]),
    ("AMQP_URL", "amqp://guest:guest@127.0.0.1/", (*SERVICES, "postroom")),
    ("DATABASE_URL", "postgresql://postgres:postgres@127.0.0.1/x", (*SERVICES[1:], "postroom")),
    ("SECURE_COOKIES", "no", SERVICES[:1]),
    ("PUBLIC_URL", "http://example.com", SERVICES[:1]),
]


@pytest.mark.parametrize(
    ("program", "name", "value"),
    [(program, name, value) for name, value, programs in REFUSED_IN_PRODUCTION for program in programs],
)
def test_production_refuses_what_is_for_development(
    stack: Stack, program: str, name: str, value: str | None
) -> None:
    verbs = {"AMQP_URL": ("query", "posts.list"), "DATABASE_URL": ("migrate",)}
    arguments = verbs[name] if program == "postroom" else ()

    done = stack.run(program, *arguments, **{"POSTROOM_ENV": "production", name: value})

    assert done.returncode == 78, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert name in done.stderr
    assert value is None or len(value) < 5 or value not in done.stderr


def test_defaults_come_from_the_file_of_the_environment(stack: Stack, no_defaults: Path) -> None:
    (no_defaults / "test.env").write_text("# here\nWORKERS=0\n", encoding="ascii")

    done = stack.run("query-service", CONFIG_DIR=str(no_defaults))

    assert done.returncode == 78
    assert done.stderr == f"{no_defaults}/test.env:2: WORKERS must be an integer between 1 and 256\n"


def test_the_working_directory_has_the_defaults_unless_told_otherwise(
    stack: Stack, tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/test.env").write_text("nonsense\n", encoding="ascii")

    done = stack.run("query-service", CONFIG_DIR=None, folder=tmp_path)

    assert done.returncode == 78
    assert done.stderr.startswith("config/test.env:1: ")


@pytest.mark.parametrize("program", SERVICES)
def test_help_names_every_setting_and_needs_none(stack: Stack, program: str) -> None:
    nothing = dict.fromkeys(stack.settings)

    done = stack.run(program, "--help", **nothing)

    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith(f"usage: {program}")
    for name, _, programs in WRONG:
        assert (name in done.stdout) == (program in programs) or name == "SECRET_KEY", name


@pytest.mark.parametrize("program", SERVICES)
@pytest.mark.parametrize("argument", ["--nonsense", "nonsense"])
def test_a_wrong_argument_is_wrong_usage(stack: Stack, program: str, argument: str) -> None:
    done = stack.run(program, argument)

    assert done.returncode == 64
    assert done.stdout == ""
    assert done.stderr != ""


@pytest.mark.parametrize("arguments", [("--handlers",), ("--handlers", "posts.burn")])
@pytest.mark.parametrize("program", SERVICES[1:3])
def test_wrong_handlers_are_told(stack: Stack, program: str, arguments: tuple[str, ...]) -> None:
    done = stack.run(program, *arguments)

    assert done.returncode in (64, 78)
    assert "handlers" in done.stderr.lower()


def test_logs_may_be_json(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack().prepare()
    stack.settings["LOG_FORMAT"] = "json"
    stack.start_all()
    stack.visitor().register()

    processes = list(stack.processes)
    wait_for(lambda: all(each.output for each in processes), "each to say something")
    for process in processes:
        assert process.stop() == 0
        for line in process.output.splitlines():
            entry = json.loads(line)
            assert entry["service"] == process.name
            assert entry["event"] and entry["level"] and entry["time"]
