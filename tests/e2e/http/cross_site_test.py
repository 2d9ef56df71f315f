"""State-changing requests come from our own pages, from no browser, or with a bearer token."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from support.http_client import Visitor, new_post
from support.stack import Stack, listen


def _headers(visitor: Visitor, **headers: str) -> dict[str, str]:
    """HOST and PORT stand for the gateway's own."""
    parts = urlsplit(visitor.url)
    return {
        name.replace("_", "-"): value.replace("HOST", parts.hostname).replace(
            "PORT", str(parts.port)
        )
        for name, value in headers.items()
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec_Fetch_Site": "same-origin"},
        {"Sec_Fetch_Site": "none"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "http://HOST:PORT"},
        {"Origin": "https://HOST:PORT"},
        {"Referer": "https://evil.example/"},
    ],
    ids=str,
)
def test_our_own_pages_and_plain_clients_may_change_things(
    author: Visitor, headers: dict[str, str]
) -> None:
    response = author.post("/api/posts", new_post(), headers=_headers(author, **headers))

    assert response.status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "nonsense"},
        {"Sec_Fetch_Site": ""},
        {"Sec_Fetch_Site": "cross-site", "Origin": "http://HOST:PORT"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://HOST"},
        {"Origin": "http://HOST:1"},
        {"Origin": "http://HOST:PORT0"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://HOST.evil.example:PORT"},
        {"Origin": "http://evil.example:PORT"},
        {"Origin": "HOST:PORT"},
        {"Origin": "http://HOST:PORT@evil.example"},
        {"Origin": "nonsense"},
    ],
    ids=str,
)
def test_other_sites_may_not(author: Visitor, headers: dict[str, str]) -> None:
    response = author.post("/api/posts", new_post(), headers=_headers(author, **headers))

    assert response.status_code == 403
    assert response.json()["code"] == "access_denied"
    assert author.get("/api/posts/my").json() == []


@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("POST", "/api/login", {"username": "a", "password": "b"}),
        ("POST", "/api/register", {}),
        ("POST", "/api/logout", None),
        ("PATCH", "/api/posts/1", {"title": "a"}),
        ("DELETE", "/api/posts/1", None),
    ],
)
def test_every_change_is_guarded(
    author: Visitor, method: str, path: str, fields: dict[str, str] | None
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    response = author.request(method, path, headers=headers, json=fields)

    assert response.json()["code"] == "access_denied"
    assert author.get("/api/me").status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_is_not_guarded(author: Visitor, method: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}

    assert author.request(method, "/api/me", headers=headers).status_code == 200


def test_a_bearer_token_needs_no_guard(stack: Stack, author: Visitor) -> None:
    headers = {
        "Authorization": f"Bearer {author.token}",
        "Sec-Fetch-Site": "cross-site",
        "Origin": "https://evil.example",
    }

    response = stack.visitor().post("/api/posts", new_post(), headers=headers)

    assert response.status_code == 201


def test_behind_a_proxy_the_public_address_is_ours(stack: Stack) -> None:
    with listen() as listener:
        gateway = stack.start("gateway", listener=listener, PUBLIC_URL="https://blog.example.com")
        host, port = listener.getsockname()
        visitor = stack.visitor(f"http://{host}:{port}")
        stack.wait_until_serving(visitor.url)
        visitor.register()

        def create(origin: str) -> int:
            return visitor.post("/api/posts", new_post(), headers={"Origin": origin}).status_code

        assert create("https://blog.example.com") == 201
        assert create("https://BLOG.example.com:443") == 201
        assert create("https://blog.example.com:8443") == 403
        assert create("https://evil.example.com") == 403
        assert gateway.stop() == 0
