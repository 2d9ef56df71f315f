"""Private servers can be hurt in each of the ways that the faults use, and come back."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pika
import pytest

from faults.cleaner import server_folder
from faults.private_broker import PrivateBroker
from faults.private_database import PrivateDatabase
from support.process import pids_with
from support.waiting import wait_for


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with server_folder() as made:
        yield made
    assert not made.exists()
    assert not pids_with(str(made))


@pytest.fixture(scope="module")
def broker(folder: Path) -> Iterator[PrivateBroker]:
    made = PrivateBroker(folder)
    yield made.serve()
    made.close()


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[PrivateDatabase]:
    made = PrivateDatabase(folder)
    yield made.serve()
    made.close()


def _queue(broker: PrivateBroker) -> pika.adapters.blocking_connection.BlockingChannel:
    channel = pika.BlockingConnection(pika.URLParameters(broker.url)).channel()
    channel.queue_declare("kept", durable=True, arguments={"x-queue-type": "quorum"})
    channel.confirm_delivery()
    return channel


def _publish(channel: pika.adapters.blocking_connection.BlockingChannel) -> None:
    channel.basic_publish("", "kept", b"x", pika.BasicProperties(delivery_mode=2))


def _psql(database: PrivateDatabase, statement: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["psql", "-X", "-q", "-At", "-d", database.url, "-c", statement],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _count(database: PrivateDatabase) -> int:
    return int(_psql(database, "SELECT count(*) FROM kept").communicate(timeout=30)[0])


def test_what_the_broker_confirmed_survives_a_kill(broker: PrivateBroker) -> None:
    _publish(_queue(broker))
    broker.keep_definitions()
    port = broker.port

    broker.kill()
    assert not broker.is_serving()
    broker.again()
    _publish(_queue(broker))

    assert broker.port == port
    depth = lambda: _queue(broker).queue_declare("kept", passive=True).method.message_count
    wait_for(lambda: depth() == 2, "both messages")


def test_alarms_of_the_broker_go_on_and_off(broker: PrivateBroker) -> None:
    assert broker.alarms() == "[]"
    with broker.memory_alarm():
        assert "memory" in broker.alarms()
    with broker.disk_alarm():
        assert "disk" in broker.alarms()
    wait_for(lambda: broker.alarms() == "[]", "the alarms to end")


def test_what_the_database_committed_survives_a_kill(database: PrivateDatabase) -> None:
    made = _psql(database, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
    assert made.communicate(timeout=30)[0] == ""

    database.kill()
    database.again()
    assert _count(database) == 1
    database.end()
    database.again()
    assert _count(database) == 1


def test_a_commit_can_be_cut_off_in_its_middle(database: PrivateDatabase) -> None:
    before = _count(database)

    with database.commits_hang():
        writing = _psql(database, "INSERT INTO kept VALUES (2)")
        wait_for(lambda: database.terminate("postroom", "waiting for"), "a hanging commit")
        said = writing.communicate(timeout=30)[0]

    assert "terminating connection" in said
    assert _count(database) == before + 1


def test_all_places_can_be_taken(database: PrivateDatabase) -> None:
    sleeping = _psql(database, "SELECT pg_sleep(60)")
    wait_for(lambda: database.backends("postroom"), "a client")
    with database.slots_taken("postroom"):
        assert "terminating connection" in sleeping.communicate(timeout=30)[0]
        assert "too many clients" in _psql(database, "SELECT 1").communicate(timeout=30)[0]
    wait_for(lambda: _psql(database, "SELECT 1").communicate(timeout=30)[0] == "1\n", "a place")


def test_both_can_be_frozen(broker: PrivateBroker, database: PrivateDatabase) -> None:
    with database.frozen(), broker.frozen():
        asking = _psql(database, "SELECT 1")
        start = time.monotonic()
        with pytest.raises(subprocess.TimeoutExpired):
            asking.wait(0.5)
        assert time.monotonic() - start >= 0.5
    assert asking.communicate(timeout=30)[0] == "1\n"
    assert broker.ready().is_serving()
