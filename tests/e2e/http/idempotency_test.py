"""Idempotency-Key: a request sent again has the outcome of the first, and its effect once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from support.http_client import PASSWORD, Visitor, new_email, new_post, raw_request, send_raw
from support.stack import Stack

AT_ONCE = 8


@pytest.fixture
def key() -> dict[str, str]:
    """The header with a key that nobody else has."""
    return {"Idempotency-Key": uuid.uuid4().hex}


def _is_replayed(response: requests.Response) -> bool:
    return response.headers.get("Idempotent-Replayed") == "true"


def _outcome(response: requests.Response) -> tuple[int, bytes, str | None]:
    return response.status_code, response.content, response.headers.get("Location")


def _expect_replayed(first: requests.Response, second: requests.Response) -> None:
    assert _outcome(second) == _outcome(first)
    assert not _is_replayed(first)
    assert _is_replayed(second)


def _count(user: Visitor) -> int:
    return len(user.walk("/api/posts/my?limit=100"))


def _registration(**fields: str) -> dict[str, str]:
    return {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD} | fields


def _is_signed_in(stack: Stack, token: str) -> bool:
    bearer = {"Authorization": f"Bearer {token}"}
    return stack.visitor().get("/api/me", headers=bearer).status_code == 200


def test_a_post_is_created_once(author: Visitor, key: dict[str, str]) -> None:
    fields = new_post()

    first = author.post("/api/posts", fields, headers=key)
    second = author.post("/api/posts", fields, headers=key)

    assert first.status_code == 201
    _expect_replayed(first, second)
    assert _count(author) == 1


def test_a_post_is_updated_once(author: Visitor, key: dict[str, str]) -> None:
    path = f"/api/posts/{author.write()['id']}"
    first = author.patch(path, {"title": "first"}, headers=key)
    author.patch(path, {"title": "second"})

    again = author.patch(path, {"title": "first"}, headers=key)

    assert first.status_code == 200
    _expect_replayed(first, again)
    assert author.get(path).json()["title"] == "second"


def test_a_post_is_deleted_once(author: Visitor, key: dict[str, str]) -> None:
    path = f"/api/posts/{author.write()['id']}"

    first = author.delete(path, headers=key)

    assert first.status_code == 204
    _expect_replayed(first, author.delete(path, headers=key))
    assert author.delete(path).status_code == 404


def test_a_lasting_failure_is_replayed_too(
    author: Visitor, reader: Visitor, key: dict[str, str]
) -> None:
    path = f"/api/posts/{author.write()['id']}"

    first = reader.delete(path, headers=key)

    assert first.status_code == 403
    _expect_replayed(first, reader.delete(path, headers=key))


def test_the_same_content_may_come_in_another_form(author: Visitor, key: dict[str, str]) -> None:
    fields = new_post()
    turned = dict(reversed(fields.items()))

    first = author.post("/api/posts", fields, headers=key)

    _expect_replayed(first, author.post("/api/posts", turned, headers=key))
    _expect_replayed(first, author.request("POST", "/api/posts", data=fields, headers=key))


def test_a_quoted_key_is_the_same_as_a_bare_one(author: Visitor, key: dict[str, str]) -> None:
    fields = new_post()
    quoted = {name: f'"{value}"' for name, value in key.items()}

    first = author.post("/api/posts", fields, headers=key)

    _expect_replayed(first, author.post("/api/posts", fields, headers=quoted))


def test_without_a_key_each_request_is_one_of_its_own(author: Visitor) -> None:
    fields = new_post()
    same = {"X-Request-ID": "the-same"}

    posts = [author.post("/api/posts", fields, headers=same) for _ in range(2)]

    assert _count(author) == 2
    assert not any(_is_replayed(each) for each in posts)


def test_the_request_id_does_not_matter(author: Visitor, key: dict[str, str]) -> None:
    fields = new_post()

    first = author.post("/api/posts", fields, headers=key | {"X-Request-ID": "first"})
    second = author.post("/api/posts", fields, headers=key | {"X-Request-ID": "second"})

    _expect_replayed(first, second)
    assert second.headers["X-Request-ID"] == "second"


@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("POST", "/api/posts", new_post(title="Another")),
        ("POST", "/api/posts", new_post(status="draft")),
        ("PATCH", "/api/posts/{id}", {"title": "Another"}),
        ("DELETE", "/api/posts/{id}", None),
    ],
)
def test_another_request_with_the_key_is_refused(
    author: Visitor, key: dict[str, str], method: str, path: str, fields: Any
) -> None:
    post = author.post("/api/posts", new_post(), headers=key).json()

    response = author.request(method, path.format(**post), json=fields, headers=key)

    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_mismatch"
    assert not _is_replayed(response)
    assert author.get(f"/api/posts/{post['id']}").json() == post
    assert _count(author) == 1


def test_many_at_once_get_the_outcome_of_one(
    stack: Stack, author: Visitor, key: dict[str, str]
) -> None:
    fields = new_post()
    headers = key | {"Authorization": f"Bearer {author.token}"}

    def write(_: int) -> requests.Response:
        return stack.visitor().post("/api/posts", fields, headers=headers)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        responses = list(pool.map(write, range(AT_ONCE)))

    assert {_outcome(each) for each in responses} == {_outcome(responses[0])}
    assert responses[0].status_code == 201
    assert [_is_replayed(each) for each in responses].count(False) == 1
    assert _count(author) == 1


def test_the_key_is_the_users_also_in_another_session(
    stack: Stack, author: Visitor, key: dict[str, str]
) -> None:
    fields = new_post()
    first = author.post("/api/posts", fields, headers=key)
    again = stack.visitor().login(author.email)

    _expect_replayed(first, again.post("/api/posts", fields, headers=key))
    _expect_replayed(first, again.post("/api/posts", fields, headers=key))
    other = stack.visitor().login(author.email).post("/api/posts", new_post(title="x"), headers=key)

    assert other.status_code == 422
    assert _count(author) == 1


def test_another_users_key_is_another(
    author: Visitor, reader: Visitor, key: dict[str, str]
) -> None:
    fields = new_post()
    first = author.post("/api/posts", fields, headers=key)

    second = reader.post("/api/posts", fields, headers=key)

    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]
    assert second.json()["author"]["id"] == reader.id
    assert not _is_replayed(second)


def test_a_registration_is_one_and_each_answer_to_it_signs_in(
    stack: Stack, key: dict[str, str]
) -> None:
    fields = _registration()
    visitors = [stack.visitor() for _ in range(2)]

    first, second = (each.post("/api/register", fields, headers=key) for each in visitors)

    assert first.status_code == 200
    _expect_replayed(first, second)
    assert visitors[0].token != visitors[1].token
    for each in visitors:
        assert each.get("/api/me").json()["id"] == first.json()["id"]


def test_a_registration_sent_again_with_its_cookie_signs_in_again(
    visitor: Visitor, key: dict[str, str]
) -> None:
    fields = _registration()
    first = visitor.post("/api/register", fields, headers=key)
    token = visitor.token

    second = visitor.post("/api/register", fields, headers=key)

    _expect_replayed(first, second)
    assert visitor.token != token
    assert visitor.get("/api/me").json()["id"] == first.json()["id"]


def test_a_login_sent_again_signs_in_again(
    stack: Stack, author: Visitor, key: dict[str, str]
) -> None:
    fields = {"username": author.email, "password": PASSWORD}
    visitors = [stack.visitor() for _ in range(2)]

    first, second = (
        each.post("/api/login", fields, headers=key | {"Prefer": "token"}) for each in visitors
    )

    assert not _is_replayed(first)
    assert _is_replayed(second)
    assert second.json()["id"] == first.json()["id"] == author.id
    assert second.json()["token"] != first.json()["token"]
    assert all(_is_signed_in(stack, each.json()["token"]) for each in (first, second))


def test_a_login_with_another_password_is_another(
    stack: Stack, author: Visitor, key: dict[str, str]
) -> None:
    wrong = {"username": author.email, "password": "a wrong password"}
    right = {"username": author.email, "password": PASSWORD}

    statuses = [
        stack.visitor().post("/api/login", fields, headers=key).status_code
        for fields in (wrong, right, wrong)
    ]

    assert statuses == [401, 200, 401]


def test_strangers_with_the_same_key_do_not_meet(stack: Stack, key: dict[str, str]) -> None:
    first, second = (
        stack.visitor().post("/api/register", _registration(), headers=key) for _ in range(2)
    )

    assert first.status_code == second.status_code == 200
    assert first.json()["id"] != second.json()["id"]
    assert not _is_replayed(second)


def test_a_logout_sent_again_is_the_same(
    stack: Stack, author: Visitor, key: dict[str, str]
) -> None:
    bearer = {"Authorization": f"Bearer {author.token}"}

    first, second = (
        stack.visitor().post("/api/logout", headers=key | bearer) for _ in range(2)
    )

    assert first.status_code == 200
    _expect_replayed(first, second)


@pytest.mark.parametrize(
    "key", ["", '""', "x" * 256, f'"{"x" * 256}"', '"open', '"a"b', '"a\\b"', "a\tb", "ä"]
)
def test_a_foul_key_is_refused(author: Visitor, key: str) -> None:
    response = author.post("/api/posts", new_post(), headers={"Idempotency-Key": key.encode()})

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {"Idempotency-Key"}
    assert _count(author) == 0


def test_two_keys_are_refused(author: Visitor) -> None:
    headers = {
        "Authorization": f"Bearer {author.token}",
        "Idempotency-Key": "a",
        "idempotency-key": "a",
        "Connection": "close",
    }

    response = send_raw(author.url, raw_request(author.url, "POST /api/logout", headers))

    assert response.status == 400
    assert set(response.json()["errors"]) == {"Idempotency-Key"}
    assert author.get("/api/me").status_code == 200


@pytest.mark.parametrize("length", [1, 255])
def test_a_key_may_have_255_characters(author: Visitor, length: int) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex[:1] if length == 1 else "~ " * 127 + "!"}
    fields = new_post()

    first = author.post("/api/posts", fields, headers=key)

    _expect_replayed(first, author.post("/api/posts", fields, headers=key))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("key", ["", "x" * 256, "a"])
def test_requests_that_change_nothing_need_no_key(author: Visitor, method: str, key: str) -> None:
    headers = {"Idempotency-Key": key}

    responses = [author.request(method, "/api/me", headers=headers) for _ in range(2)]

    assert [each.status_code for each in responses] == [200, 200]
    assert not any(_is_replayed(each) for each in responses)


def test_keys_are_nowhere_in_the_logs_and_the_database(
    stack: Stack, author: Visitor, key: dict[str, str]
) -> None:
    author.post("/api/posts", new_post(), headers=key)
    text = key["Idempotency-Key"]

    tables = stack.database.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )
    assert tables
    for table in tables:
        name = table["table_name"]
        assert not stack.database.rows(
            f'SELECT 1 FROM "{name}" t WHERE t::text LIKE \'%{text}%\''
        ), name
    assert text not in stack.output()
