"""Every form carries a token of the visitor's own; without it nothing is done."""

from __future__ import annotations

import pytest

from support.http_client import PASSWORD
from support.page_client import Page, Person
from support.stack import Stack

WORDS = "out of date"


@pytest.fixture(name="person")
def _person(stack: Stack) -> Person:
    """Nobody yet."""
    return Person(stack.url)


@pytest.fixture(name="author")
def _author(stack: Stack) -> Person:
    return Person(stack.url).register()


def _write(person: Person, csrf: str | None) -> Page:
    fields = {"title": "Forged", "content": "x", "status": "published"}
    return person.post("/posts/new/", fields | ({} if csrf is None else {"csrf": csrf}))


def _expect_refusal(page: Page, author: Person) -> None:
    assert page.status == 403
    assert WORDS in page.html
    assert "Forged" not in author.get("/posts/my/").html


@pytest.mark.parametrize("csrf", [None, "", "x", "A" * 43, "\0", "é" * 43], ids=repr)
def test_no_token_and_a_made_up_one_are_refused(author: Person, csrf: str | None) -> None:
    _expect_refusal(_write(author, csrf), author)


def test_a_token_of_somebody_else_is_refused(author: Person) -> None:
    other = Person(author.url).register()
    foreign = other.get("/posts/new/").form("/posts/new/").fields["csrf"]

    _expect_refusal(_write(author, foreign), author)


def test_a_token_of_the_session_before_is_refused(author: Person) -> None:
    stale = author.get("/posts/new/").form("/posts/new/").fields["csrf"]
    author.login(author.email)

    _expect_refusal(_write(author, stale), author)


def test_a_token_of_the_visitor_that_one_was_is_refused(person: Person) -> None:
    stale = person.get("/login/").form("/login/").fields["csrf"]
    person.register()

    _expect_refusal(_write(person, stale), person)


def test_a_token_is_refused_without_the_cookie_it_belongs_to(person: Person, stack: Stack) -> None:
    email = Person(stack.url).register().email
    login = person.get("/login/")
    person.session.cookies.clear()

    answer = person.send(login, "/login/", username=email, password=PASSWORD)

    assert answer.status == 403
    assert "session" not in person.session.cookies


def test_a_foul_cookie_is_replaced(person: Person) -> None:
    person.session.cookies.set("csrf", "made up")

    page = person.get("/login/")

    assert "csrf=" in page.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "path", ["/login/", "/registration/", "/logout/", "/language/", "/posts/1/delete/"]
)
def test_no_form_is_taken_without_a_token(person: Person, path: str) -> None:
    assert person.post(path, {"language": "de"}).status == 403


def test_the_cookie_is_out_of_the_reach_of_scripts_and_other_sites(person: Person) -> None:
    cookie = person.get("/").headers["Set-Cookie"]

    assert cookie.startswith("csrf=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_a_form_on_another_site_is_refused_even_with_the_token(
    author: Person, headers: dict[str, str]
) -> None:
    form = author.get("/posts/new/").form("/posts/new/").fields

    typed = {"title": "Forged", "content": "x", "status": "published"}
    answer = author.post("/posts/new/", form | typed, headers=headers)

    assert answer.status == 403
    assert "Forged" not in author.get("/posts/my/").html


def test_a_session_that_has_ended_leads_to_login(author: Person) -> None:
    form = author.get("/posts/new/")
    token = author.session.cookies["session"]
    author.send(author.get("/"), "/logout/")
    author.session.cookies.set("session", token)

    answer = author.send(form, "/posts/new/", title="Late", content="x", status="published")

    assert (answer.status, answer.location) == (302, "/login/?next=%2Fposts%2Fnew%2F")


def test_a_session_cannot_be_planted(person: Person, stack: Stack) -> None:
    email = Person(stack.url).register().email
    planted = "planted-by-somebody-else"
    person.session.cookies.set("session", planted)

    person.login(email)

    tokens = [cookie.value for cookie in person.session.cookies if cookie.name == "session"]
    assert any(token != planted for token in tokens)
    thief = Person(stack.url)
    thief.session.cookies.set("session", planted)
    assert not thief.get("/").text_of("user")
