"""What a request's body may be: media types, sizes, JSON and forms."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from support.http_client import Visitor, new_post, raw_request, send_raw

LIMIT = 1024 * 1024
READ_AT_MOST = 8 * LIMIT
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

BROKEN = {
    "nothing but a space": b" ",
    "cut off": b'{"title": "a"',
    "trailing text": b"{} x",
    "a second value": b"{}{}",
    "trailing NUL": b"{}\0",
    "trailing comma": b'{"title": "a",}',
    "a repeated key": b'{"title": "a", "title": "b", "content": "c", "status": "draft"}',
    "a repeated key, escaped": b'{"title": "a", "titl\\u0065": "b", "content": "c",'
    b' "status": "draft"}',
    "NUL by escape": b'{"title": "a\\u0000b", "content": "c", "status": "draft"}',
    "NUL as a byte": b'{"title": "a\0b", "content": "c", "status": "draft"}',
    "a control character": b'{"title": "a\nb", "content": "c", "status": "draft"}',
    "a lone high surrogate": b'{"title": "\\ud800", "content": "c", "status": "draft"}',
    "a lone low surrogate": b'{"title": "\\udc00", "content": "c", "status": "draft"}',
    "surrogates the wrong way round": b'{"title": "\\udc00\\ud800", "content": "c",'
    b' "status": "draft"}',
    "invalid UTF-8": b'{"title": "\xff", "content": "c", "status": "draft"}',
    "overlong UTF-8": b'{"title": "\xc0\xaf", "content": "c", "status": "draft"}',
    "a surrogate in UTF-8": b'{"title": "\xed\xa0\x80", "content": "c", "status": "draft"}',
    "UTF-8 cut short": b'{"title": "\xe2\x82", "content": "c", "status": "draft"}',
    "a number beyond double": b'{"title": 1e400, "content": "c", "status": "draft"}',
    "an integer beyond 2^53": b'{"title": 9007199254740993, "content": "c", "status": "draft"}',
    "NaN": b'{"title": NaN}',
    "a leading zero": b'{"title": 01}',
    "single quotes": b"{'title': 'a'}",
    "a comment": b"/* */ {}",
    "a byte order mark": b'\xef\xbb\xbf{"title": "a", "content": "c", "status": "draft"}',
    "an array": b"[]",
    "a string": b'"title"',
    "a number": b"1",
    "null": b"null",
    "true": b"true",
    "depth 5000, objects": b'{"title":' * 5000 + b"1" + b"}" * 5000,
    "depth 5000, arrays": b"[" * 5000 + b"]" * 5000,
    "depth 5000 within a field": b'{"title": ' + b"[" * 5000 + b"]" * 5000 + b"}",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_broken_json_is_invalid_input(author: Visitor, body: bytes) -> None:
    response = author.request("POST", "/api/posts", headers=JSON, data=body)

    assert response.status_code == 400
    assert response.json()["code"] == "invalid_input"
    assert author.get("/api/posts/my").json() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"{} {}", b'{"a":' * 5000])
def test_what_is_wrong_with_the_whole_is_said_under_body(author: Visitor, body: bytes) -> None:
    response = author.request("POST", "/api/posts", headers=JSON, data=body)

    assert set(response.json()["errors"]) == {"body"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"title", "content", "status"}),
        ({"title": "a"}, {"content", "status"}),
        ({"title": 1, "content": None, "status": "secret", "x": 1, "y": 2},
         {"title", "content", "status", "x", "y"}),
        ({"title": True, "content": [], "status": {}}, {"title", "content", "status"}),
        (new_post(title=""), {"title"}),
        (new_post(content=""), {"content"}),
        (new_post(title=" \t\n"), {"title"}),
        (new_post(content="\u00a0\u2003\u3000"), {"content"}),
        (new_post(status="Draft"), {"status"}),
        (new_post(post_id="1"), {"post_id"}),
        (new_post(title="x" * 256, content="x" * 100_001), {"title", "content"}),
    ],
)  # fmt: skip
def test_all_wrong_fields_are_named_at_once(
    author: Visitor, fields: dict[str, Any], wrong: set[str]
) -> None:
    response = author.post("/api/posts", fields)

    assert response.status_code == 400
    assert set(response.json()["errors"]) == wrong


@pytest.mark.parametrize("fields", [{}, {"post_id": 1}, {"author": "me"}])
def test_a_change_of_nothing_is_invalid_input(author: Visitor, fields: dict[str, Any]) -> None:
    response = author.patch(f"/api/posts/{author.write()['id']}", fields)

    assert response.json()["code"] == "invalid_input"


def test_logout_takes_no_fields(author: Visitor) -> None:
    assert set(author.post("/api/logout", {"now": True}).json()["errors"]) == {"now"}


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json ; charset=UTF-8",
    ],
)
def test_json_is_taken_in_utf8(author: Visitor, media_type: str) -> None:
    body = json.dumps(new_post(title="Grüße"), ensure_ascii=False).encode()

    response = author.request(
        "POST", "/api/posts", headers={"Content-Type": media_type}, data=body
    )

    assert response.status_code == 201
    assert response.json()["title"] == "Grüße"


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
        "application/problem+json",
        "application/json; charset=iso-8859-1",
        "application/x-www-form-urlencoded; charset=latin1",
        "nonsense",
        "",
    ],
)
def test_other_media_types_are_refused(author: Visitor, media_type: str) -> None:
    response = author.request(
        "POST", "/api/posts", headers={"Content-Type": media_type}, data=json.dumps(new_post())
    )

    assert response.status_code == 415
    assert response.json()["code"] == "unsupported_media_type"


def test_a_body_without_a_type_is_refused(author: Visitor) -> None:
    body = json.dumps(new_post()).encode()
    headers = {"Cookie": f"session={author.token}", "Content-Length": str(len(body))}

    response = send_raw(author.url, raw_request(author.url, "POST /api/posts", headers, body))

    assert response.status == 415


def test_no_body_is_an_empty_object_and_needs_no_type(author: Visitor) -> None:
    headers = {"Cookie": f"session={author.token}", "Content-Length": "0"}
    create = send_raw(author.url, raw_request(author.url, "POST /api/posts", headers))
    logout = send_raw(author.url, raw_request(author.url, "POST /api/logout", headers))

    assert set(create.json()["errors"]) == {"title", "content", "status"}
    assert logout.status == 200


def test_a_form_is_taken_too(author: Visitor) -> None:
    body = "title=Gr%C3%BC%C3%9Fe+%26+mehr&content=a%2Bb%3Dc&status=draft"

    response = author.request("POST", "/api/posts", headers=FORM, data=body)

    assert response.status_code == 201
    assert response.json()["title"] == "Grüße & mehr"
    assert response.json()["content"] == "a+b=c"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("title=a&content=b", {"status"}),
        ("title=a&title=b&content=c&status=draft", {"title"}),
        ("title=a&content=b&status=draft&x=1", {"x"}),
        ("title=&content=b&status=draft", {"title"}),
        ("title=%FF&content=b&status=draft", {"title"}),
        ("title=a%00b&content=b&status=draft", {"title"}),
    ],
)
def test_a_wrong_form_is_told_what_is_wrong(author: Visitor, body: str, wrong: set[str]) -> None:
    response = author.request("POST", "/api/posts", headers=FORM, data=body)

    assert response.status_code == 400
    assert set(response.json()["errors"]) == wrong


def test_a_body_of_a_mebibyte_is_taken(author: Visitor) -> None:
    body = json.dumps(new_post()).encode().ljust(LIMIT)

    assert author.request("POST", "/api/posts", headers=JSON, data=body).status_code == 201


@pytest.mark.parametrize("size", [LIMIT + 1, 2 * LIMIT, READ_AT_MOST])
def test_a_larger_body_is_refused_once_it_has_been_sent(author: Visitor, size: int) -> None:
    body = json.dumps(new_post()).encode().ljust(size)
    headers = JSON | {"Cookie": f"session={author.token}", "Content-Length": str(size)}

    response = send_raw(author.url, raw_request(author.url, "POST /api/posts", headers, body))

    assert response.status == 413
    assert response.json()["code"] == "payload_too_large"


@pytest.mark.parametrize("size", [LIMIT + 1, READ_AT_MOST])
def test_a_larger_body_in_chunks_is_refused_as_well(author: Visitor, size: int) -> None:
    headers = JSON | {"Cookie": f"session={author.token}", "Transfer-Encoding": "chunked"}

    response = send_raw(
        author.url,
        raw_request(author.url, "POST /api/posts", headers, _chunked(b"{}".ljust(size))),
    )

    assert response.status == 413


def test_a_body_in_chunks_is_taken(author: Visitor) -> None:
    headers = JSON | {"Cookie": f"session={author.token}", "Transfer-Encoding": "chunked"}
    body = json.dumps(new_post()).encode().ljust(LIMIT)

    response = send_raw(
        author.url, raw_request(author.url, "POST /api/posts", headers, _chunked(body))
    )

    assert response.status == 201


def test_a_client_that_asks_first_is_told_to_go_on(author: Visitor) -> None:
    body = json.dumps(new_post()).encode().ljust(LIMIT)
    headers = JSON | {
        "Cookie": f"session={author.token}",
        "Content-Length": str(len(body)),
        "Expect": "100-continue",
    }
    parts = urlsplit(author.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(raw_request(author.url, "POST /api/posts", headers))
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        response = http.client.HTTPResponse(connection)
        response.begin()

        assert response.status == 201


def test_a_body_that_never_ends_stops_nobody(author: Visitor) -> None:
    headers = JSON | {"Content-Length": str(1024 * LIMIT)}
    try:
        send_raw(
            author.url,
            raw_request(author.url, "POST /api/posts", headers, b" " * (2 * READ_AT_MOST)),
        )
    except OSError:
        pass  # hung up on: as good an answer as any

    assert author.get("/api/me").status_code == 200


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("x" * 255, "x" * 100_000),
        ("😀" * 255, "😀" * 100_000),
        ("é" * 255, "\n" * 99_999 + "x"),
    ],
    ids=["ASCII", "emoji", "others"],
)
def test_lengths_count_characters(author: Visitor, title: str, content: str) -> None:
    post = author.write(title=title, content=content)

    assert (post["title"], post["content"]) == (title, content)
    assert author.post("/api/posts", new_post(title=title + "x")).status_code == 400
    assert author.post("/api/posts", new_post(content=content + "x")).status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        "  not trimmed \n",
        "\"double\", 'single', `back`, \\backslash\\",
        "'; DROP TABLE posts; --",
        "<script>alert(1)</script> & <!-- ",
        "tab\tnewline\r\nbell\x07delete\x7f",
        "\u2028\u2029\ufeff\u200b\U0010ffff",
        "عربى 中文 é 👩‍👩‍👧",
        "%s %n {} ${x} \\u0041",
    ],
)
def test_text_comes_back_as_it_was_sent(author: Visitor, text: str) -> None:
    post = author.write(title=text, content=text)

    found = author.get(f"/api/posts/{post['id']}").json()
    assert (found["title"], found["content"]) == (text, text)
    assert author.get("/api/posts/my").json()[0]["title"] == text


def _chunked(body: bytes) -> bytes:
    step = 60_000
    parts = [body[at : at + step] for at in range(0, len(body), step)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
