"""`./dev run`: one command, everything runs; Ctrl-C, nothing does."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from support.clone import Clone, DevRun
from support.contracts import Contracts
from support.http_client import Visitor
from support.machine import Machine
from support.stack import SERVICES
from support.waiting import wait_for


@pytest.fixture
def other_clone(machine: Machine) -> Iterator[Clone]:
    made = Clone(machine)
    yield made
    made.remove()


def _is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_it_says_where_everything_is(dev_run: DevRun, contracts: Contracts) -> None:
    environment = dev_run.environment()

    assert set(environment) == {"HTTP_URL", "AMQP_URL", "DATABASE_URL", "MAIL_DIR"}
    assert environment["HTTP_URL"] == dev_run.url
    assert Path(environment["MAIL_DIR"]).is_dir()
    assert Visitor(dev_run.url, contracts).get("/api/posts").status_code == 200
    assert dev_run.log.count("ready: ") == 1


def test_it_notes_who_runs(dev_run: DevRun) -> None:
    pids = dev_run.pids()

    assert set(pids) == set(SERVICES)
    assert all(_is_running(pid) for pid in pids.values())


def test_it_notes_where_each_process_says_how_it_is(dev_run: DevRun) -> None:
    lines = (dev_run.clone.folder / ".run/health").read_text(encoding="ascii").splitlines()
    pids = dev_run.pids()

    assert {line.rsplit(" ", 1)[0] for line in lines} == {f"{name} {pids[name]}" for name in pids}
    for line in lines:
        assert requests.get(f"http://{line.split()[2]}/readyz", timeout=30).status_code == 200


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_dies_is_started_again(
    dev_run: DevRun, contracts: Contracts, service: str
) -> None:
    victim = dev_run.pids()[service]

    os.kill(victim, signal.SIGKILL)

    wait_for(lambda: dev_run.pids().get(service, victim) != victim, f"another {service}")
    visitor = Visitor(dev_run.url, contracts)
    wait_for(lambda: visitor.reaches("GET", "/api/posts", None), "an answer")
    wait_for(lambda: visitor.reaches("POST", "/api/logout", None), "an answer")


def test_a_second_run_in_one_clone_is_refused_in_one_line(dev_run: DevRun) -> None:
    done = dev_run.clone.call("./dev", "run")

    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "running" in done.stderr


def test_another_clone_runs_beside_it_and_ends_without_a_trace(
    dev_run: DevRun, other_clone: Clone, contracts: Contracts
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"

    first = DevRun(other_clone, HTTP_LISTEN=address)
    try:
        assert first.url == f"http://{address}"
        author = Visitor(first.url, contracts).register()
        post = author.write()
        neighbour = Visitor(dev_run.url, contracts)
        authors = {each["author"]["email"] for each in neighbour.walk("/api/posts")}
        assert author.email not in authors
    finally:
        status = first.interrupt()
    assert status == 0
    assert first.leftovers() == []
    assert neighbour.get("/api/posts").status_code == 200

    second = DevRun(other_clone)
    try:
        visitor = Visitor(second.url, contracts)
        assert visitor.get(f"/api/posts/{post['id']}").json() == post
        assert visitor.login(author.email).id == author.id
    finally:
        status = second.interrupt()
    assert status == 0
    assert second.leftovers() == []
