"""Paths, ids, methods and query parameters, and the order in which a request is checked."""

from __future__ import annotations

import pytest

from support.http_client import Visitor, new_post, raw_request, send_raw

CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}
TOO_LARGE = b"x" * (1024 * 1024 + 1)
OUT_OF_RANGE = ["0", "01", "-1", "+1", "1.0", "1e3", "abc", "1a", "%31%", "٣", str(2**53), "9" * 40]


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/nothing", "/api/posts/", "/api/posts/1/2", "/api/Posts", "/api/me/",
     "//api/posts", "/api/posts/%00", "/api/register/x"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_not_found(visitor: Visitor, method: str, path: str) -> None:
    # Bytes as they are: a client library would tidy the path up.
    response = send_raw(visitor.url, raw_request(visitor.url, f"{method} {path}", {}))

    assert response.status == 404
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "PUT"])
@pytest.mark.parametrize("id_", OUT_OF_RANGE)
def test_an_id_that_cannot_be_is_not_found(visitor: Visitor, method: str, id_: str) -> None:
    response = visitor.request(method, f"/api/posts/{id_}")

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/register", {"POST"}),
        ("/api/login", {"POST"}),
        ("/api/logout", {"POST"}),
        ("/api/me", {"GET", "HEAD"}),
        ("/api/posts", {"GET", "HEAD", "POST"}),
        ("/api/posts/my", {"GET", "HEAD"}),
        ("/api/posts/1", {"GET", "HEAD", "PATCH", "DELETE"}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "BREW"])
def test_another_method_is_told_which_are_allowed(
    visitor: Visitor, method: str, path: str, allowed: set[str]
) -> None:
    response = visitor.request(method, path)

    if method in allowed:
        assert response.status_code != 405
    else:
        assert response.status_code == 405
        assert response.json()["code"] == "method_not_allowed"
        assert set(response.headers["Allow"].split(", ")) == allowed


def test_head_is_answered_like_get_without_the_body(author: Visitor) -> None:
    path = f"/api/posts/{author.write()['id']}"

    for each in (path, "/api/posts", "/api/posts/my", "/api/me"):
        head = author.request("HEAD", each)

        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["Content-Type"] == author.get(each).headers["Content-Type"]
        assert int(head.headers["Content-Length"]) > 0


def test_head_of_what_is_not_there_is_not_found(visitor: Visitor) -> None:
    assert visitor.request("HEAD", "/api/posts/0").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("GET", "/api/posts?colour=red", "colour"),
        ("GET", "/api/posts?limit=0", "limit"),
        ("GET", "/api/posts?limit=101", "limit"),
        ("GET", "/api/posts?limit=", "limit"),
        ("GET", "/api/posts?limit=ten", "limit"),
        ("GET", "/api/posts?limit=-1", "limit"),
        ("GET", "/api/posts?limit=1.5", "limit"),
        ("GET", "/api/posts?limit=99999999999999999999", "limit"),
        ("GET", "/api/posts?limit=1&limit=2", "limit"),
        ("GET", "/api/posts?author=0", "author"),
        ("GET", f"/api/posts?author={2**53}", "author"),
        ("GET", "/api/posts?author=x", "author"),
        ("GET", "/api/posts?cursor=", "cursor"),
        ("GET", "/api/posts?cursor=nonsense", "cursor"),
        ("GET", "/api/posts?cursor=%ff", "cursor"),
        ("GET", "/api/posts?cursor=a%00b", "cursor"),
        ("GET", f"/api/posts?cursor={'x' * 201}", "cursor"),
        ("GET", "/api/posts/1?title=x", "title"),
        ("GET", "/api/posts/1?post_id=2", "post_id"),
        ("GET", "/api/me?x=1", "x"),
        ("GET", "/api/posts/my?author=1", "author"),
        ("POST", "/api/logout?x=1", "x"),
        ("DELETE", "/api/posts/1?force=true", "force"),
    ],
)
def test_a_wrong_query_parameter_is_named(
    author: Visitor, method: str, path: str, field: str
) -> None:
    response = author.request(method, path)

    assert response.status_code == 400
    assert response.json()["code"] == "invalid_input"
    assert set(response.json()["errors"]) == {field}


def test_all_wrong_query_parameters_are_named_at_once(visitor: Visitor) -> None:
    response = visitor.get("/api/posts?limit=0&author=x&colour=red&shape=round")

    assert set(response.json()["errors"]) == {"limit", "author", "colour", "shape"}


def test_query_parameters_are_percent_decoded(visitor: Visitor) -> None:
    assert visitor.get("/api/posts?limit=%31%30").status_code == 200
    assert visitor.get("/api/posts?l%69mit=1").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "code"),
    [
        # Each request is wrong in all that comes later, too.
        ("PUT", "/api/nothing", CROSS_SITE | {"Content-Type": "text/plain"}, TOO_LARGE,
         "not_found"),
        ("PUT", "/api/posts/0", CROSS_SITE | {"Content-Type": "text/plain"}, TOO_LARGE,
         "not_found"),
        ("PUT", "/api/posts", CROSS_SITE | {"Content-Type": "text/plain"}, TOO_LARGE,
         "method_not_allowed"),
        ("POST", "/api/posts", CROSS_SITE | {"Content-Type": "text/plain"}, TOO_LARGE,
         "access_denied"),
        ("POST", "/api/posts", {"Content-Type": "text/plain"}, TOO_LARGE,
         "unsupported_media_type"),
        ("POST", "/api/posts", {"Content-Type": "application/json"}, TOO_LARGE,
         "payload_too_large"),
        ("POST", "/api/posts", {"Content-Type": "application/json"}, b"{", "invalid_input"),
        ("POST", "/api/posts", {"Content-Type": "application/json"}, b"{}", "invalid_input"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_request_is_checked_in_this_order(
    visitor: Visitor, method: str, path: str, headers: dict[str, str], body: bytes, code: str
) -> None:
    response = visitor.request(method, path, headers=headers, data=body)

    assert response.json()["code"] == code


def test_the_contract_is_checked_before_who_is_signed_in(visitor: Visitor) -> None:
    assert visitor.post("/api/posts", {"title": ""}).json()["code"] == "invalid_input"
    assert visitor.post("/api/posts", new_post()).json()["code"] == "access_denied"
