"""Sessions: the cookie, the bearer token, and how they begin and end."""

from __future__ import annotations

import hashlib
import re
from http.cookies import SimpleCookie

import pytest
import requests

from support import secrets_used
from support.http_client import PASSWORD, Visitor, new_email
from support.stack import Stack, listen

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits


def _bearer(token: str, scheme: str = "Bearer") -> dict[str, str]:
    return {"Authorization": f"{scheme} {token}"}


def _cookie(response: requests.Response, name: str = "session") -> dict[str, str]:
    """The attributes of the one cookie that is set, in lower case, and its value."""
    cookies = SimpleCookie(response.headers["Set-Cookie"])
    assert set(cookies) == {name}
    morsel = cookies[name]
    present = {key: str(value).lower() for key, value in morsel.items() if value}
    return present | {"value": morsel.value}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(author: Visitor) -> None:
    response = author.post("/api/login", {"username": author.email, "password": PASSWORD})

    cookie = _cookie(response)
    assert TOKEN.fullmatch(cookie["value"])
    assert cookie["httponly"] == "true"
    assert cookie["samesite"] == "lax"
    assert cookie["path"] == "/"
    assert "secure" not in cookie
    assert "domain" not in cookie


def test_in_production_the_cookie_is_secure_and_bound_to_the_host(
    stack: Stack, author: Visitor
) -> None:
    with listen() as listener:
        gateway = stack.start("gateway", listener=listener, POSTROOM_ENV="production")
        host, port = listener.getsockname()
        visitor = stack.visitor(f"http://{host}:{port}")
        stack.wait_until_serving(visitor.url)

        response = visitor.post("/api/login", {"username": author.email, "password": PASSWORD})

        cookie = _cookie(response, "__Host-session")
        sent = {"Cookie": f"__Host-session={cookie['value']}"}
        assert cookie["secure"] == "true"
        assert cookie["path"] == "/"
        assert "domain" not in cookie
        assert visitor.get("/api/me", headers=sent).json()["id"] == author.id
        assert gateway.stop() == 0


def test_logout_clears_the_cookie(author: Visitor) -> None:
    cookie = _cookie(author.post("/api/logout"))

    assert cookie["value"] == ""
    assert cookie["path"] == "/"
    assert cookie.get("max-age") == "0" or "1970" in cookie["expires"]


def test_a_token_works_as_cookie_and_as_bearer(stack: Stack, author: Visitor) -> None:
    response = stack.visitor().get("/api/me", headers=_bearer(author.token))

    assert response.json()["id"] == author.id


def test_the_scheme_may_be_in_any_case(stack: Stack, author: Visitor) -> None:
    response = stack.visitor().get("/api/me", headers=_bearer(author.token, "bearer"))

    assert response.json()["id"] == author.id


def test_the_bearer_wins_over_the_cookie(author: Visitor, reader: Visitor) -> None:
    response = author.get("/api/me", headers=_bearer(reader.token))

    assert response.json()["id"] == reader.id


@pytest.mark.parametrize("token", ["x" * 43, "short", "", "x" * 5000, "ö", "a b", "'\"\\"])
def test_an_unknown_bearer_is_anonymous_whatever_the_cookie(author: Visitor, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}

    assert author.get("/api/me", headers=headers).status_code == 403
    assert author.get("/api/posts", headers=headers).status_code == 200


@pytest.mark.parametrize("token", ["x" * 43, "short", "", "x" * 5000, "'"])
def test_an_unknown_cookie_is_anonymous(visitor: Visitor, token: str) -> None:
    headers = {"Cookie": f"session={token}"}

    assert visitor.get("/api/me", headers=headers).status_code == 403
    assert visitor.get("/api/posts", headers=headers).status_code == 200


def test_the_session_is_found_among_other_cookies(visitor: Visitor, author: Visitor) -> None:
    headers = {"Cookie": f'a=b; sessions=x; xsession=y; session={author.token}; c="d"'}

    assert visitor.get("/api/me", headers=headers).json()["id"] == author.id


def test_the_digest_of_a_token_is_no_token(visitor: Visitor, author: Visitor) -> None:
    digest = hashlib.sha256(author.token.encode()).hexdigest()

    assert visitor.get("/api/me", headers=_bearer(digest)).status_code == 403


@pytest.mark.parametrize("path", ["/api/login", "/api/register"])
def test_prefer_token_adds_the_token_to_the_body(
    stack: Stack, author: Visitor, visitor: Visitor, path: str
) -> None:
    email = new_email()
    fields = {
        "/api/login": {"username": author.email, "password": PASSWORD},
        "/api/register": {"email": email, "password1": PASSWORD, "password2": PASSWORD},
    }[path]

    response = visitor.post(path, fields, headers={"Prefer": "token"})

    token = response.json()["token"]
    assert TOKEN.fullmatch(token)
    assert "token" in response.headers["Preference-Applied"]
    me = stack.visitor().get("/api/me", headers=_bearer(token))
    assert me.json()["id"] == response.json()["id"]


def test_prefer_token_is_found_among_other_preferences(visitor: Visitor, author: Visitor) -> None:
    headers = {"Prefer": "respond-async, token; foo=bar, wait=10"}
    fields = {"username": author.email, "password": PASSWORD}

    assert "token" in visitor.post("/api/login", fields, headers=headers).json()


def test_without_it_no_token_is_in_the_body(visitor: Visitor, author: Visitor) -> None:
    fields = {"username": author.email, "password": PASSWORD}

    response = visitor.post("/api/login", fields, headers={"Prefer": "respond-async"})

    assert "token" not in response.json()
    assert "Preference-Applied" not in response.headers


def test_a_failed_login_gives_no_token(visitor: Visitor, author: Visitor) -> None:
    fields = {"username": author.email, "password": "wrong password"}

    response = visitor.post("/api/login", fields, headers={"Prefer": "token"})

    assert "token" not in response.json()
    assert "Set-Cookie" not in response.headers


def test_every_login_starts_a_session_of_its_own(stack: Stack, author: Visitor) -> None:
    first, second = (stack.visitor().login(author.email) for _ in range(2))

    second.post("/api/logout")

    assert first.token != author.token
    assert first.get("/api/me").status_code == 200
    assert second.get("/api/me").status_code == 403


@pytest.mark.parametrize("path", ["/api/login", "/api/register"])
def test_starting_a_session_ends_the_one_it_came_with(
    author: Visitor, reader: Visitor, path: str
) -> None:
    old = author.token
    fields = {
        "/api/login": {"username": reader.email, "password": PASSWORD},
        "/api/register": {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD},
    }[path]

    assert author.post(path, fields).status_code == 200

    assert author.get("/api/me").json()["id"] != author.id
    assert author.get("/api/me", headers=_bearer(old)).status_code == 403


def test_a_failed_login_ends_nothing(author: Visitor) -> None:
    author.post("/api/login", {"username": author.email, "password": "wrong password"})

    assert author.get("/api/me").status_code == 200


def test_tokens_are_nowhere_in_the_database(stack: Stack, author: Visitor) -> None:
    tables = stack.database.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )

    assert tables
    for table in tables:
        name = table["table_name"]
        found = stack.database.rows(
            f'SELECT 1 FROM "{name}" t WHERE t::text LIKE \'%{author.token}%\''
        )
        assert not found, name


def test_tokens_and_passwords_are_nowhere_in_the_logs(stack: Stack, author: Visitor) -> None:
    # So it is with those of all clients of all stacks: see Stack.close.
    author.post("/api/login", {"username": author.email, "password": "quite another password"})

    output = stack.output()

    assert "message=users.register" in output
    assert not secrets_used.find_in(output)
    assert secrets_used.find_in(f"session={author.token};") == {author.token}
    assert secrets_used.find_in(f'password="{PASSWORD}"') == {PASSWORD}
    assert secrets_used.find_in("quite another password") == {"quite another password"}
