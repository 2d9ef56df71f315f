"""Prefer: callers who do not want to wait, or not for long."""

from __future__ import annotations

import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from support.http_client import PASSWORD, Visitor, new_email, new_post, raw_request, send_raw
from support.stack import Stack, listen
from support.waiting import wait_for

GATEWAYS_WAIT_S = 10  # REPLY_TIMEOUT_MS, where it is not set


@contextmanager
def _standing_still(stack: Stack) -> Iterator[None]:
    """The workers of commands hold their messages and do nothing."""
    workers = stack.of("command-service")
    for each in workers:
        each.freeze()
    try:
        yield
    finally:
        for each in workers:
            each.signal(signal.SIGCONT)


def _is_done(visitor: Visitor, path: str) -> bool:
    return visitor.get(path).json()["state"] == "done"


def _count(user: Visitor) -> int:
    return len(user.walk("/api/posts/my?limit=100"))


@pytest.mark.parametrize("preference", ["respond-async", "wait=0", "wait=1", "Wait = 1; x, y"])
def test_who_does_not_wait_is_told_soon_and_it_is_done_all_the_same(
    stack: Stack, author: Visitor, preference: str
) -> None:
    with _standing_still(stack):
        response = author.post("/api/posts", new_post(), headers={"Prefer": preference})

        assert response.status_code == 202
        assert response.elapsed.total_seconds() < GATEWAYS_WAIT_S - 4
        assert response.headers["Preference-Applied"] in ("respond-async", "wait=0", "wait=1")
        state = author.get(response.headers["Location"])
        assert state.json()["state"] == "pending"

    wait_for(lambda: _is_done(author, response.headers["Location"]), "the command to be done")
    assert _count(author) == 1


def test_a_wait_is_long_enough_for_what_is_done_at_once(author: Visitor) -> None:
    response = author.post("/api/posts", new_post(), headers={"Prefer": "respond-async, wait=4"})

    assert response.status_code == 201
    assert response.headers["Preference-Applied"] == "wait=4"


@pytest.mark.parametrize("preference", ["wait=3600", "wait=10", "wait=-1", "wait=x", "wait", "x"])
def test_what_would_lengthen_the_wait_or_is_none_is_not_heeded(
    author: Visitor, preference: str
) -> None:
    response = author.post("/api/posts", new_post(), headers={"Prefer": preference})

    assert response.status_code == 201
    assert "Preference-Applied" not in response.headers


def test_no_preference_makes_a_wait_longer(stack: Stack, author: Visitor) -> None:
    with listen() as listener:
        host, port = listener.getsockname()
        gateway = stack.start("gateway", listener=listener, REPLY_TIMEOUT_MS="1000")
        visitor = stack.visitor(f"http://{host}:{port}")
        stack.wait_until_serving(visitor.url)
        headers = {"Authorization": f"Bearer {author.token}", "Prefer": "wait=30"}

        with _standing_still(stack):
            response = visitor.post("/api/posts", new_post(), headers=headers)

        assert response.status_code == 202
        assert "Preference-Applied" not in response.headers
        wait_for(lambda: _is_done(author, response.headers["Location"]), "the command to be done")
        assert gateway.stop() == 0


def test_preferences_may_come_in_several_headers(stack: Stack, author: Visitor) -> None:
    body = b"title=a&content=b&status=draft"
    headers = {
        "Authorization": f"Bearer {author.token}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
        "Connection": "close",
        "Prefer": "handling=lenient",
        "prefer": "token, respond-async",
    }

    response = send_raw(author.url, raw_request(author.url, "POST /api/posts", headers, body))

    assert response.status == 202
    assert response.headers["Preference-Applied"] == "respond-async"
    wait_for(lambda: _is_done(author, response.headers["Location"]), "the command to be done")


def test_login_registration_and_logout_are_waited_for(visitor: Visitor) -> None:
    email = new_email()
    headers = {"Prefer": "respond-async"}
    registration = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    login = {"username": email, "password": PASSWORD}

    for path, fields in [
        ("/api/register", registration),
        ("/api/login", login),
        ("/api/logout", None),
    ]:
        response = visitor.post(path, fields, headers=headers)
        assert response.status_code == 200
        assert "Set-Cookie" in response.headers
        assert "Preference-Applied" not in response.headers


def test_queries_are_waited_for(author: Visitor) -> None:
    response = author.get("/api/me", headers={"Prefer": "respond-async, wait=4"})

    assert response.status_code == 200


def test_a_login_whose_outcome_is_not_known_is_repeated_to_get_in(
    stack: Stack, author: Visitor
) -> None:
    visitor = stack.visitor()
    fields = {"username": author.email, "password": PASSWORD}
    key = {"Idempotency-Key": uuid.uuid4().hex}

    with _standing_still(stack):
        pending = visitor.post("/api/login", fields, headers=key | {"Prefer": "wait=1"})
    response = visitor.post("/api/login", fields, headers=key)

    assert pending.status_code == 202
    assert "Set-Cookie" not in pending.headers
    assert response.status_code == 200
    assert response.headers["Idempotent-Replayed"] == "true"
    assert visitor.get("/api/me").json()["id"] == author.id
