"""An HTTP client that holds every response against the contracts."""

from __future__ import annotations

import http.client
import json
import socket
import uuid
from typing import Any
from urllib.parse import urlsplit

import requests

from support import secrets_used
from support.contracts import Contracts, loads

PASSWORD = "correct horse battery staple"
SECONDS = 60


class Visitor:
    """Somebody with a cookie jar; `id` and `email` once registered or signed in."""

    def __init__(self, url: str, contracts: Contracts) -> None:
        self.url = url
        self.contracts = contracts
        self.session = requests.Session()
        self.session.trust_env = False
        self.id = 0
        self.email = ""

    @property
    def token(self) -> str:
        """The session's token, as the cookie has it."""
        return self.session.cookies["session"]

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """`options` as requests has them; `json` goes out in UTF-8, without needless escapes."""
        secrets_used.note_fields(options.get("json"))
        secrets_used.note_fields(options.get("data"))
        if options.get("json") is not None:
            body = json.dumps(options.pop("json"), ensure_ascii=False).encode()
            headers = {"Content-Type": "application/json"} | (options.pop("headers", None) or {})
            options |= {"data": body, "headers": headers}
        response = self.session.request(
            method, self.url + path, timeout=SECONDS, allow_redirects=False, **options
        )
        for each in response.cookies:
            secrets_used.note_token(each.value)
        prefers_token = "token" in str((options.get("headers") or {}).get("Prefer"))
        self.contracts.check_response(
            method,
            urlsplit(path).path,
            response.status_code,
            response.headers,
            response.content,
            with_token=prefers_token,
        )
        if prefers_token and response.ok:
            secrets_used.note_token(response.json().get("token"))
        return response

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, fields: Any = None, **options: Any) -> requests.Response:
        return self.request("POST", path, json=fields, **options)

    def patch(self, path: str, fields: Any = None, **options: Any) -> requests.Response:
        return self.request("PATCH", path, json=fields, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self.request("DELETE", path, **options)

    def reaches(self, method: str, path: str, fields: Any) -> bool:
        """Does somebody serve this? (Anything but "unavailable" is an answer.)"""
        try:
            return self.request(method, path, json=fields).status_code != 503
        except requests.ConnectionError:
            return False

    def register(self, email: str | None = None, password: str = PASSWORD) -> Visitor:
        """Register and be signed in."""
        email = email or new_email()
        fields = {"email": email, "password1": password, "password2": password}
        response = self.post("/api/register", fields)
        assert response.status_code == 200, response.text
        self.id, self.email = response.json()["id"], response.json()["email"]
        return self

    def login(self, email: str, password: str = PASSWORD) -> Visitor:
        response = self.post("/api/login", {"username": email, "password": password})
        assert response.status_code == 200, response.text
        self.id, self.email = response.json()["id"], response.json()["email"]
        return self

    def write(self, **fields: str) -> dict[str, Any]:
        """Write a post."""
        response = self.post("/api/posts", new_post(**fields))
        assert response.status_code == 201, response.text
        return response.json()

    def walk(self, path: str) -> list[dict[str, Any]]:
        """All elements of a list, page by page."""
        found = []
        while path:
            response = self.get(path)
            assert response.status_code == 200, response.text
            found += response.json()
            path = next_page(response)
        return found


def next_page(response: requests.Response) -> str:
    """The path of the next page, or "" at the end."""
    link = response.links.get("next")
    if link is None:
        return ""
    parts = urlsplit(requests.compat.urljoin(response.url, link["url"]))
    assert parts.netloc == urlsplit(response.url).netloc
    return f"{parts.path}?{parts.query}"


def new_email() -> str:
    return f"{uuid.uuid4().hex}@example.com"


def new_post(**fields: str) -> dict[str, str]:
    return {"title": "Hello", "content": "World", "status": "published"} | fields


class RawResponse:
    """What came back, read to its end."""

    def __init__(self, received: http.client.HTTPResponse) -> None:
        self.status = received.status
        self.headers = received.headers
        self.body = received.read()

    def json(self) -> Any:
        return loads(self.body)


def send_raw(url: str, request: bytes, method: str = "GET") -> RawResponse:
    """Write these bytes on a new connection, all of them, and only then read the response."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=SECONDS) as connection:
        connection.sendall(request)
        received = http.client.HTTPResponse(connection, method=method)
        received.begin()
        return RawResponse(received)


def raw_request(url: str, line: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as bytes; `Host` is added, nothing else."""
    head = [f"{line} HTTP/1.1", f"Host: {urlsplit(url).netloc}"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
