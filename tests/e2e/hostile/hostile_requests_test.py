"""Header injection, tricks with paths, redirects to elsewhere, sessions and tokens set by others."""

from __future__ import annotations

import re
import secrets
import uuid
from urllib.parse import quote, urlsplit

import pytest

from support.hostile import ELSEWHERE, expect_harmless, leads_home, site_pages
from support.http_client import PASSWORD, RawResponse, raw_request, send_raw
from support.page_client import Page, Person
from support.stack import Stack

ANONYMOUS = {"logged in as", "Log out"}  # words that a visitor's page never has
PATHS = [
    "//",
    "///",
    "//evil.example",
    "//evil.example/..",
    "//evil.example/%2e%2e",
    "//evil.example/posts",
    "///evil.example/posts",
    "/\\evil.example/posts",
    "/%5cevil.example/posts",
    "/%2fevil.example/posts",
    "/.",
    "/..",
    "/./admin",
    "/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/assets/../../../etc/passwd",
    "/assets/%2e%2e/%2e%2e/etc/passwd",
    "/assets/..%2f..%2fetc/passwd",
    "/assets/..%5c..%5cetc",
    "/assets/%00",
    "/assets/",
    "/posts/%00/",
    "/posts/1%00/",
    "/posts/1%2f/",
    "/posts/1%2fedit/",
    "/posts/0/",
    "/posts/-1/",
    "/posts/+1/",
    "/posts/01/",
    "/posts/0x1/",
    "/posts/1e0/",
    "/posts/%31/",
    "/posts/%D9%A1/",
    "/posts/9007199254740992/",
    "/posts/99999999999999999999999999/",
    "/posts/1;x/",
    "/posts//1/",
    "/posts/1//",
    "/posts/1/.",
    "/posts/../admin/",
    "/posts/%2e%2e/admin/",
    "/admin%2f",
    "/admin/;/users/",
    "/admin/..;/",
    "/Admin/",
    "/admin/%20/",
    "/%61dmin/",
    "/admin/users/%2e/",
    "/%",
    "/%zz",
    "/%f",
    "/%ff%fe",
    "/%c0%ae%c0%ae/",
    "/%u002e%u002e/",
    "/posts/my%0d%0aX-Injected:%20yes/",
    "/%0d%0aX-Injected:%20yes",
    "/posts/my%E5%98%8A%E5%98%8DX-Injected:%20yes",
    "/?" + "a" * 8000,
    "/" + "a" * 8000,
    "/" + "a/" * 4000,
    "/" + "%41" * 3000,
    "/" + "../" * 2000,
    "*",
    "http://evil.example/",
    "evil.example:443",
]


@pytest.fixture(name="victim")
def _victim(stack: Stack) -> Person:
    """Somebody with an account, signed in nowhere."""
    person = Person(stack.url).register()
    email = person.email
    person = Person(stack.url)
    person.email = email
    return person


def _get(url: str, target: str, **headers: str) -> RawResponse:
    return send_raw(url, raw_request(url, f"GET {target}", headers | {"Connection": "close"}))


def _names(response: RawResponse) -> set[str]:
    return {name.lower() for name in response.headers.keys()}


@pytest.mark.parametrize("target", PATHS, ids=lambda target: target[:40])
def test_a_tricky_path_leads_nowhere(stack: Stack, target: str) -> None:
    answer = _get(stack.url, target, Accept="text/html")

    assert answer.status < 500
    assert "x-injected" not in _names(answer)
    assert leads_home(answer.headers.get("Location", "/")), answer.headers["Location"]
    assert b"root:" not in answer.body
    if answer.status in (301, 302):
        assert urlsplit(answer.headers["Location"]).netloc == ""
    if answer.status == 200:
        assert b"Log in" in answer.body, "a page, but not for a visitor"
        assert b"/admin/users/" not in answer.body


@pytest.mark.parametrize("target", ["/%ff", "/posts/%00/", "/?author=%ff", "/?cursor=%00", "/?x=%"])
def test_a_foul_path_is_the_clients_fault(stack: Stack, target: str) -> None:
    assert _get(stack.url, target, Accept="text/html").status in (200, 400, 404)


@pytest.mark.parametrize("where", ELSEWHERE, ids=lambda where: repr(where)[:40])
def test_login_leads_nowhere_else(victim: Person, where: str) -> None:
    login = victim.get(f"/login/?next={quote(where, safe='')}")
    expect_harmless(login)
    typed = {"username": victim.email, "password": PASSWORD}

    answers = [
        victim.send(login, "/login/", **typed),
        _again(victim, {"next": where} | typed),
        victim.post(f"/login/?next={quote(where, safe='')}", {"csrf": "x"}),
    ]

    for answer in answers:
        assert answer.status in (302, 400, 403), answer.html
        assert leads_home(answer.location), answer.location
        assert "\r" not in answer.location and "\n" not in answer.location
        assert "x-injected" not in {name.lower() for name in answer.headers}


def _again(person: Person, typed: dict[str, str]) -> Page:
    person.session.cookies.clear()
    return person.send(person.get("/login/"), "/login/", **typed)


@pytest.mark.parametrize("where", ELSEWHERE, ids=lambda where: repr(where)[:40])
def test_other_forms_lead_nowhere_else(stack: Stack, where: str) -> None:
    person = Person(stack.url)
    for action, typed in (("/language/", {"language": "de"}), ("/logout/", {})):
        form = person.get(f"/?next={quote(where, safe='')}").form("/language/").fields
        answer = person.post(action, form | {"next": where} | typed)
        assert answer.status in (302, 400, 403), answer.html
        assert leads_home(answer.location), answer.location
        expect_harmless(answer)


@pytest.mark.parametrize("page", list(site_pages()), ids=lambda page: page.name)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80@x", "x\"><script>alert(1)</script>"])
def test_a_foreign_host_is_named_nowhere(stack: Stack, page: object, host: str) -> None:
    command = stack.signed_id(str(uuid.uuid4()))
    numbers = {"post": 1, "user": 1, "letter": 1, "command": command}
    path = page.address(numbers)  # type: ignore[attr-defined]
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"

    answer = send_raw(stack.url, request.encode())

    assert answer.status < 500
    assert b"evil.example" not in answer.body and b"<script>alert" not in answer.body
    assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("value", ["de\r\nX-Injected: yes", "de\nX-Injected: yes", "de\0", "xx", "de;Path=/x", "../de", "d" * 5000])
def test_a_language_is_one_of_ours(stack: Stack, value: str) -> None:
    person = Person(stack.url)

    answer = person.send(person.get("/"), "/language/", language=value)

    assert "x-injected" not in {name.lower() for name in answer.headers}
    assert person.session.cookies.get("language") in (None, "en", "de", "fr")
    expect_harmless(answer)


@pytest.mark.parametrize("name", ["X-Request-ID", "Traceparent", "Prefer", "Accept-Language", "Idempotency-Key"])
@pytest.mark.parametrize("value", ["x\tX-Injected: yes", "é" * 10, "x" * 5000, "<x>", "\x7f", "a\x0bX-Injected: yes"])
def test_a_header_does_not_come_back_as_another(stack: Stack, name: str, value: str) -> None:
    answer = _get(stack.url, "/", **{name: value, "Accept": "text/html"})

    assert answer.status < 500
    assert "x-injected" not in _names(answer)
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", answer.headers["X-Request-ID"] or "x")


@pytest.mark.parametrize(
    "cookie",
    ["session=" + "x" * 5000, "session=\"", "session=;;;", "=x", "session", "csrf=\t", "notice=%0d%0a",
     "session=a; session=b", "language=de%0d%0aX-Injected: yes", ";" * 3000, "a=b; " * 1000,
     "notice=<script>", "session=%00", "__Host-session=x", "session=é"],
)  # fmt: skip
def test_a_foul_cookie_makes_nobody_of_somebody(stack: Stack, cookie: str) -> None:
    answer = _get(stack.url, "/posts/my/", Accept="text/html", Cookie=cookie)

    assert answer.status in (302, 400, 431)
    assert "x-injected" not in _names(answer)


def _cookie_of(page: Page, name: str) -> str | None:
    found = re.search(rf"\b{name}=([^;]*)", page.headers.get("Set-Cookie", ""))
    return found[1] if found else None


def test_a_session_set_by_somebody_else_is_not_the_one_after_login(victim: Person) -> None:
    planted = secrets.token_urlsafe(32)
    victim.session.cookies.set("session", planted)

    answer = victim.login(victim.email)

    attacker = Person(victim.url)
    attacker.session.cookies.set("session", planted)
    assert _cookie_of(answer, "session") not in (None, "", planted)
    assert attacker.get("/account/").status == 302


def test_a_session_set_by_somebody_else_is_not_the_one_after_registration(stack: Stack) -> None:
    planted = secrets.token_urlsafe(32)
    victim = Person(stack.url)
    victim.session.cookies.set("session", planted)

    victim.register()

    attacker = Person(stack.url)
    attacker.session.cookies.set("session", planted)
    assert attacker.get("/account/").status == 302


def test_the_attackers_own_session_does_not_become_the_victims(
    stack: Stack, victim: Person
) -> None:
    attacker = Person(stack.url).register()
    planted = attacker.session.cookies["session"]
    victim.session.cookies.set("session", planted)

    victim.login(victim.email)

    assert victim.session.cookies.get_dict()["session"] != planted
    assert victim.email not in attacker.get("/account/").html


def test_a_session_is_another_one_after_each_login(victim: Person) -> None:
    first = _cookie_of(victim.login(victim.email), "session")
    second = _cookie_of(victim.login(victim.email), "session")

    before = Person(victim.url)
    before.session.cookies.set("session", first)
    assert first and second and first != second
    assert before.get("/account/").status == 302


def test_a_session_that_has_ended_stays_so(victim: Person) -> None:
    victim.login(victim.email)
    token = victim.session.cookies["session"]
    assert victim.send(victim.get("/"), "/logout/").status == 302

    victim.session.cookies.set("session", token)

    assert victim.get("/account/").status == 302


def test_a_token_from_a_cookie_set_by_somebody_else_opens_nothing_later(
    stack: Stack, victim: Person
) -> None:
    attacker = Person(stack.url)
    known = attacker.get("/login/").form("/login/").fields["csrf"]
    victim.session.cookies.set("csrf", attacker.session.cookies["csrf"])

    victim.login(victim.email)
    forged = victim.post("/posts/new/", {"csrf": known, "title": "x", "content": "x", "status": "draft"})

    assert forged.status == 403


def test_a_session_in_the_address_or_the_form_is_none(stack: Stack) -> None:
    token = Person(stack.url).register().session.cookies["session"]
    visitor = Person(stack.url)

    for query in (f"session={token}", f"access_token={token}", f"PHPSESSID={token}"):
        assert visitor.get(f"/account/?{query}").status in (302, 400)
    answer = visitor.send(visitor.get("/login/"), "/login/", session=token, username="x", password="x")
    assert answer.status == 200
    assert "session" not in visitor.session.cookies
