"""What every response has: a request id, and a problem when something is wrong."""

from __future__ import annotations

import re

import pytest

from support.http_client import Visitor, new_post, raw_request, send_raw

GIVEN = "given-By_me.1"
RESPONSES = [
    ("GET", "/api/posts", 200),
    ("HEAD", "/api/posts", 200),
    ("GET", "/api/posts?limit=x", 400),
    ("GET", "/api/me", 403),
    ("GET", "/api/posts/0", 404),
    ("GET", "/nothing", 404),
    ("PUT", "/api/posts", 405),
    ("POST", "/api/posts", 400),
]


@pytest.mark.parametrize(("method", "path", "status"), RESPONSES)
def test_the_callers_request_id_comes_back(
    visitor: Visitor, method: str, path: str, status: int
) -> None:
    response = visitor.request(method, path, headers={"X-Request-ID": GIVEN})

    assert response.status_code == status
    assert response.headers["X-Request-ID"] == GIVEN


@pytest.mark.parametrize(("method", "path", "status"), RESPONSES)
def test_without_one_each_response_gets_a_new_one(
    visitor: Visitor, method: str, path: str, status: int
) -> None:
    ids = {visitor.request(method, path).headers["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize("given", ["x" * 128, "a", "0.-_"])
def test_a_good_request_id_is_kept(visitor: Visitor, given: str) -> None:
    response = visitor.get("/api/posts", headers={"X-Request-ID": given})

    assert response.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["x" * 129, "a b", "a;b", "ä", "a/b", "", "<script>"])
def test_a_foul_request_id_is_replaced(visitor: Visitor, given: str) -> None:
    response = visitor.get("/api/posts", headers={"X-Request-ID": given.encode()})

    assert response.headers["X-Request-ID"] != given
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", response.headers["X-Request-ID"])


def test_a_problem_is_described_as_rfc_9457_has_it(visitor: Visitor) -> None:
    response = visitor.post("/api/posts", new_post())

    problem = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["type"] == "urn:postroom:problem:access_denied"
    assert problem["status"] == response.status_code == 403
    assert problem["code"] == "access_denied"
    assert problem["title"] and problem["detail"]
    assert "errors" not in problem


def test_invalid_input_lists_messages_by_field(visitor: Visitor) -> None:
    problem = visitor.post("/api/posts", new_post(title="", status="x")).json()

    assert set(problem["errors"]) == {"title", "status"}
    assert all(messages and all(messages) for messages in problem["errors"].values())


def test_what_was_sent_is_quoted_safely(visitor: Visitor) -> None:
    field = '"}<script>\n\\\u0001é'

    problem = visitor.post("/api/posts", {field: 1}).json()

    assert field in problem["errors"]


def test_many_requests_share_one_connection(visitor: Visitor) -> None:
    once = raw_request(visitor.url, "GET /api/posts?limit=1", {})
    last = raw_request(visitor.url, "GET /api/posts?limit=1", {"Connection": "close"})

    first = send_raw(visitor.url, once * 20 + last)

    assert first.status == 200


def test_http_1_0_is_answered(visitor: Visitor) -> None:
    response = send_raw(visitor.url, b"GET /api/posts?limit=1 HTTP/1.0\r\n\r\n")

    assert response.status == 200
    assert response.json() is not None


@pytest.mark.parametrize(
    "head",
    [
        b"GET /api/posts HTTP/1.1\r\n",
        b"GET /api/posts HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 2\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n",
    ],
    ids=["no host", "two hosts", "two lengths", "unknown coding"],
)
def test_a_head_that_is_not_clear_is_told_so_as_well(visitor: Visitor, head: bytes) -> None:
    response = send_raw(visitor.url, head + f"X-Request-ID: {GIVEN} \t\r\n\r\n".encode())

    assert response.status == 400
    assert response.headers["X-Request-ID"] == GIVEN
    assert response.json()["code"] == "invalid_input"
    assert set(response.json()["errors"]) == {"body"}
