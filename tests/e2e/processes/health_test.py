"""How processes are: on ports of their own, and on the gateway's."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import requests

from support.health_port import HealthPort
from support.process import Process
from support.stack import SERVICES, Stack, listen
from support.waiting import wait_for

NOWHERE = "127.0.0.1:1"


def port_of(stack: Stack, program: str) -> HealthPort:
    return HealthPort(stack.of(program)[0])


def ht(stack: Stack) -> requests.Response:
    return stack.visitor().session.get(f"{stack.url}/ht/", timeout=30)


def parts(response: requests.Response) -> dict[str, str]:
    return {part["name"]: part["state"] for part in response.json()["parts"]}


def expect_counts(port: HealthPort, count: float, name: str, **labels: str) -> None:
    """A process counts before it answers or after: so wait."""
    wait_for(lambda: port.metric(name, **labels) >= count, f"{name} {labels} to be {count}")


@pytest.mark.parametrize("program", SERVICES)
def test_every_process_says_that_it_is_well(stack: Stack, program: str) -> None:
    port = port_of(stack, program)

    assert port.address.startswith("127.0.0.1:")  # for this machine only, unless told otherwise
    assert port.status("/healthz") == 200
    assert port.status("/readyz") == 200
    assert port.get("/healthz", "HEAD").text == ""
    assert port.get("/readyz", "POST").status_code == 405
    assert port.status("/") == 404


@pytest.mark.parametrize("program", SERVICES)
def test_prometheus_finds_nothing_wrong_with_the_metrics(stack: Stack, program: str) -> None:
    visitor = stack.visitor()
    visitor.register()  # so that there is something of everything
    visitor.get("/api/posts")
    response = port_of(stack, program).get("/metrics")

    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    checked = subprocess.run(
        ["promtool", "check", "metrics"],
        input=response.text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_messages_are_counted_by_their_outcomes(stack: Stack) -> None:
    queries = port_of(stack, "query-service")
    total = "postroom_messages_total"
    found = queries.metric(total, message="posts.list", code="ok")
    denied = queries.metric(total, message="users.me", code="access_denied")
    visitor = stack.visitor()

    visitor.get("/api/posts")
    visitor.get("/api/me")

    expect_counts(queries, found + 1, total, message="posts.list", code="ok")
    expect_counts(queries, denied + 1, total, message="users.me", code="access_denied")
    for name in ("postroom_message_duration_seconds_count", "postroom_message_queue_seconds_count"):
        expect_counts(queries, 1, name, message="posts.list")


def test_requests_are_counted_by_route_and_status(stack: Stack) -> None:
    gateway = port_of(stack, "gateway")
    labels = {"method": "GET", "route": "/api/posts/{post_id}", "status": "404"}
    before = gateway.metric("postroom_http_requests_total", **labels)

    stack.visitor().get("/api/posts/123456789")

    expect_counts(gateway, before + 1, "postroom_http_requests_total", **labels)


def test_the_scheduler_measures_the_outbox(stack: Stack) -> None:
    text = port_of(stack, "scheduler").get("/metrics").text

    assert "\npostroom_outbox_messages " in text
    assert "\npostroom_outbox_oldest_age_seconds " in text


@pytest.mark.parametrize(
    ("program", "setting", "url"),
    [
        ("command-service", "DATABASE_URL", f"postgresql://nobody:x@{NOWHERE}/nothing"),
        ("query-service", "AMQP_URL", f"amqp://nobody:x@{NOWHERE}/"),
        ("scheduler", "DATABASE_URL", f"postgresql://nobody:x@{NOWHERE}/nothing"),
        ("gateway", "AMQP_URL", f"amqp://nobody:x@{NOWHERE}/"),
    ],
)
def test_a_process_without_what_it_needs_is_alive_and_not_ready(
    new_stack: Callable[[], Stack], program: str, setting: str, url: str
) -> None:
    stack = new_stack().prepare()
    port = HealthPort(stack.start(program, **{setting: url}))
    part = {"AMQP_URL": "broker", "DATABASE_URL": "database"}[setting]

    def is_noticed() -> bool:
        return f'postroom_part_up{{part="{part}"}} 0\n' in port.get("/metrics").text

    wait_for(is_noticed, f"{program} to miss its {part}")
    assert port.status("/readyz") == 503
    assert port.status("/healthz") == 200


def test_a_port_that_is_taken_is_a_wrong_setting(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack()
    with listen() as taken:
        address = "{}:{}".format(*taken.getsockname())
        for program in SERVICES:
            refused = stack.run(program, HEALTH_LISTEN=address, HTTP_LISTEN="127.0.0.1:0")
            assert refused.returncode == 78
            assert "HEALTH_LISTEN" in refused.stderr
            assert "Address already in use" in refused.stderr


def test_a_process_may_have_no_port(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack().prepare()
    process = stack.start("scheduler", HEALTH_LISTEN="")

    wait_for(lambda: "event=started" in process.output, "the scheduler to start")
    assert "health_listening" not in process.output


def test_the_gateway_says_how_it_is_where_it_serves(stack: Stack) -> None:
    session = stack.visitor().session

    for path in ("/healthz", "/readyz"):
        response = session.get(stack.url + path, timeout=30)
        assert (response.status_code, response.text) == (200, "ok\n")
        assert response.headers["Cache-Control"] == "no-store"
        assert session.post(stack.url + path, timeout=30).status_code == 405


def test_a_gateway_without_a_broker_is_not_ready(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack()
    stack.start("gateway", AMQP_URL=f"amqp://nobody:x@{NOWHERE}/")
    session = stack.visitor().session

    assert session.get(f"{stack.url}/healthz", timeout=60).status_code == 200
    assert session.get(f"{stack.url}/readyz", timeout=60).status_code == 503
    assert parts(session.get(f"{stack.url}/ht/", timeout=60))["broker"] == "down"


def test_all_is_well_with_every_part(stack: Stack) -> None:
    wait_for(lambda: ht(stack).status_code == 200, "all to be well")

    response = ht(stack)
    assert response.json()["status"] == "ok"
    found = parts(response)
    assert found.pop("mail") in ("unknown", "up")
    assert found == dict.fromkeys(["broker", "database", *SERVICES], "up")


def test_what_has_gone_is_missed_and_found_again(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack().prepare().start_all()
    wait_for(lambda: ht(stack).status_code == 200, "all to be well")

    stack.of("query-service")[0].stop()

    wait_for(lambda: parts(ht(stack))["query-service"] == "down", "query-service to be missed")
    assert ht(stack).status_code == 503
    assert ht(stack).json()["status"] == "failing"
    stack.start("query-service")
    wait_for(lambda: ht(stack).status_code == 200, "all to be well again")


def test_mail_that_cannot_be_sent_is_no_secret(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack().prepare()
    for program in SERVICES:
        stack.start(program, **sends_to_nobody(program))
    stack.wait_until_serving()

    stack.visitor().register()

    wait_for(lambda: parts(ht(stack))["mail"] == "down", "mail to be down")
    port = port_of(stack, "command-service")
    assert 'postroom_part_up{part="mail"} 0\n' in port.get("/metrics").text


def sends_to_nobody(program: str) -> dict[str, Any]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # and does not listen: refused
        host, port = unused.getsockname()
    return {"EMAIL_URL": f"smtp://{host}:{port}"} if program == "command-service" else {}


def test_a_process_that_drains_is_not_ready(new_stack: Callable[[], Stack]) -> None:
    """And its port is there for as long as it is: whoever asks learns that it goes."""
    stack = new_stack().prepare()
    with listen() as mail:  # and says nothing to who sends some
        address = "{}:{}".format(*mail.getsockname())
        for program in SERVICES:
            stack.start(program, EMAIL_URL=f"smtp://{address}")
        stack.wait_until_serving()
        process: Process = stack.of("command-service")[0]
        port = HealthPort(process)
        stack.visitor().register()
        mail.settimeout(60)
        connection, _ = mail.accept()

        with connection:
            process.signal(signal.SIGTERM)

            wait_for(lambda: port.status("/readyz") == 503, "command-service to drain")
            assert port.status("/healthz") == 200

    assert process.wait() == 0
    with pytest.raises(requests.ConnectionError):
        port.status("/healthz")
