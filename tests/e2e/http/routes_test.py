"""Each row of the JSON API's table: status, body and headers of success."""

from __future__ import annotations

import re

import pytest

from support.http_client import PASSWORD, Visitor, new_email, new_post


def test_register_answers_with_the_new_user_and_starts_a_session(visitor: Visitor) -> None:
    email = new_email()

    response = visitor.post(
        "/api/register", {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    )

    assert response.status_code == 200
    assert response.json() == {"id": response.json()["id"], "email": email}
    assert visitor.get("/api/me").json()["email"] == email


def test_login_answers_with_the_user_and_starts_a_session(
    visitor: Visitor, author: Visitor
) -> None:
    response = visitor.post("/api/login", {"username": author.email, "password": PASSWORD})

    assert response.status_code == 200
    assert response.json() == {"id": author.id, "email": author.email}
    assert visitor.get("/api/me").json()["id"] == author.id


def test_login_knows_the_email_in_any_case(visitor: Visitor) -> None:
    email = f"Mixed.Case.{new_email()}"
    visitor.register(email)

    response = visitor.post("/api/login", {"username": email.swapcase(), "password": PASSWORD})

    assert response.status_code == 200
    assert response.json()["email"] == email


def test_logout_ends_the_session_and_clears_the_cookie(author: Visitor) -> None:
    token = author.token

    response = author.post("/api/logout")

    assert response.status_code == 200
    assert response.json() == {}
    assert "session" not in author.session.cookies
    bearer = {"Authorization": f"Bearer {token}"}
    assert author.get("/api/me", headers=bearer).status_code == 403


def test_logout_needs_somebody_signed_in(visitor: Visitor) -> None:
    assert visitor.post("/api/logout").json()["code"] == "access_denied"


def test_me_shows_who_is_signed_in(author: Visitor) -> None:
    response = author.get("/api/me")

    assert response.status_code == 200
    assert response.json() == {"id": author.id, "email": author.email, "is_staff": False}


def test_create_answers_with_the_post_and_its_address(author: Visitor) -> None:
    response = author.post("/api/posts", new_post(title="A", content="B", status="draft"))

    post = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/posts/{post['id']}"
    assert (post["title"], post["content"], post["status"]) == ("A", "B", "draft")
    assert post["author"] == {"id": author.id, "email": author.email}


def test_retrieve_shows_a_published_post_to_everybody(visitor: Visitor, author: Visitor) -> None:
    post = author.write()

    response = visitor.get(f"/api/posts/{post['id']}")

    assert response.status_code == 200
    assert response.json() == post


def test_retrieve_shows_a_draft_to_its_author_only(
    visitor: Visitor, author: Visitor, reader: Visitor
) -> None:
    path = f"/api/posts/{author.write(status='draft')['id']}"

    assert author.get(path).status_code == 200
    assert reader.get(path).json()["code"] == "not_found"
    assert visitor.get(path).json()["code"] == "not_found"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"content": "Other"},
        {"status": "draft"},
        {"title": "1", "content": "2", "status": "draft"},
    ],
    ids=lambda change: ",".join(change),
)
def test_update_changes_what_is_given_and_nothing_else(
    author: Visitor, change: dict[str, str]
) -> None:
    post = author.write()

    response = author.patch(f"/api/posts/{post['id']}", change)

    assert response.status_code == 200
    changed = response.json()
    assert changed == post | change | {"updated_at": changed["updated_at"]}
    assert changed["updated_at"] > post["updated_at"]
    assert author.get(f"/api/posts/{post['id']}").json() == changed


def test_delete_answers_with_nothing_and_the_post_is_gone(author: Visitor) -> None:
    path = f"/api/posts/{author.write()['id']}"

    response = author.delete(path)

    assert response.status_code == 204
    assert response.content == b""
    assert author.get(path).status_code == 404
    assert author.delete(path).json()["code"] == "not_found"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_post_is_changed_by_its_author_only(
    author: Visitor, reader: Visitor, method: str
) -> None:
    post = author.write()

    response = reader.request(method, f"/api/posts/{post['id']}", json=_change(method))

    assert response.json()["code"] == "access_denied"
    assert author.get(f"/api/posts/{post['id']}").json() == post


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_visitor_does_not_learn_whether_a_post_exists(visitor: Visitor, method: str) -> None:
    response = visitor.request(method, f"/api/posts/{2**53 - 1}", json=_change(method))

    assert response.json()["code"] == "access_denied"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_post_that_does_not_exist_is_not_found(author: Visitor, method: str) -> None:
    response = author.request(method, f"/api/posts/{2**53 - 1}", json=_change(method))

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/me"), ("GET", "/api/posts/my"), ("POST", "/api/posts")]
)
def test_what_is_ones_own_needs_somebody_signed_in(
    visitor: Visitor, method: str, path: str
) -> None:
    response = visitor.request(method, path, json=new_post() if method == "POST" else None)

    assert response.status_code == 403
    assert response.json()["code"] == "access_denied"


def test_times_have_six_digits_and_updated_follows_created(author: Visitor) -> None:
    post = author.write()

    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
    assert re.fullmatch(pattern, post["created_at"])
    assert re.fullmatch(pattern, post["updated_at"])
    assert post["updated_at"] >= post["created_at"]


def _change(method: str) -> dict[str, str] | None:
    return {"title": "Other"} if method == "PATCH" else None
