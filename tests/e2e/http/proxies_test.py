"""Behind proxies: whose request it is, and whom X-Forwarded-For is not believed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.http_client import PASSWORD, Visitor
from support.stack import Stack, address_of, listen
from support.waiting import wait_for

ANN, MALLORY = "198.51.100.7", "203.0.113.9"
TRIES = 20  # more than are free, with time to spare for what drains away meanwhile
FORGET = "DELETE FROM login_attempts"


@pytest.fixture(autouse=True)
def forgotten_attempts(stack: Stack) -> Iterator[None]:
    """None is to wait for the failures of other tests."""
    stack.database.run(FORGET)
    yield
    stack.database.run(FORGET)


@pytest.fixture
def behind_proxy(stack: Stack) -> Iterator[str]:
    """The address of a gateway that trusts whoever calls from this machine, like a proxy on it."""
    with listen() as listener:
        gateway = stack.start("gateway", listener=listener, TRUSTED_PROXIES="127.0.0.1,10.0.0.0/8")
        url = f"http://{address_of(listener)}"
        stack.wait_until_serving(url)
        stack.database.run(FORGET)
        yield url
        assert gateway.stop() == 0


def log_in(visitor: Visitor, email: str, password: str, forwarded_for: str) -> int:
    response = visitor.post(
        "/api/login",
        {"username": email, "password": password},
        headers={"X-Forwarded-For": forwarded_for},
    )
    return response.status_code


def try_until_refused(visitor: Visitor, email: str, *forwarded_for: str) -> None:
    for number in range(TRIES):
        status = log_in(visitor, email, "wrong password", forwarded_for[number % len(forwarded_for)])
        if status == 429:
            return
        assert status == 401
    raise AssertionError(f"{TRIES} wrong passwords for {email} in a row were all looked at")


def test_the_owner_is_not_kept_out_by_somebody_behind_the_same_proxy(
    stack: Stack, behind_proxy: str
) -> None:
    owner = stack.visitor().register()

    try_until_refused(stack.visitor(behind_proxy), owner.email, MALLORY)

    assert log_in(stack.visitor(behind_proxy), owner.email, PASSWORD, MALLORY) == 429
    assert log_in(stack.visitor(behind_proxy), owner.email, PASSWORD, ANN) == 200


def test_nobody_gets_more_tries_by_claims_of_their_own(stack: Stack, behind_proxy: str) -> None:
    owner = stack.visitor().register()

    try_until_refused(
        stack.visitor(behind_proxy),
        owner.email,
        *(f"192.0.2.{claim}, {MALLORY}, 10.1.2.3" for claim in range(TRIES)),
    )


def test_without_a_trusted_peer_the_header_is_ignored(stack: Stack) -> None:
    owner = stack.visitor().register()

    try_until_refused(
        stack.visitor(), owner.email, *(f"192.0.2.{claim}" for claim in range(TRIES))
    )

    assert log_in(stack.visitor(), owner.email, PASSWORD, ANN) == 429


def test_sessions_and_the_log_show_the_address_behind_the_proxy(
    stack: Stack, behind_proxy: str
) -> None:
    owner = stack.visitor().register()
    visitor = stack.visitor(behind_proxy)
    assert log_in(visitor, owner.email, PASSWORD, f"{MALLORY}, [2001:db8::7]:4711, 10.1.2.3") == 200
    assert log_in(stack.visitor(), owner.email, PASSWORD, ANN) == 200

    addresses = {each["client_address"] for each in visitor.get("/api/sessions").json()}

    assert addresses == {"127.0.0.1", "2001:db8::7"}
    log = stack.processes[-1]
    wait_for(lambda: "client_address=2001:db8::7\n" in log.output, "the line of the log")
