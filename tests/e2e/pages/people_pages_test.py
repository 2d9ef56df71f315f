"""Registration, login and logout, as people do them on pages."""

from __future__ import annotations

import pytest

from support.http_client import PASSWORD, new_email
from support.page_client import Page, Person
from support.stack import Stack


@pytest.fixture(name="person")
def _person(stack: Stack) -> Person:
    return Person(stack.url)


def _register(person: Person, **typed: str) -> Page:
    fields = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD} | typed
    return person.send(person.get("/registration/"), "/registration/", **fields)


def test_registration_signs_in_and_leads_to_the_posts(person: Person) -> None:
    answer = _register(person)

    assert (answer.status, answer.location) == (302, "/")
    front = person.follow(answer)
    assert front.text_of("notice") == "Welcome! You are registered and logged in."
    assert "/posts/my/" in front.links
    assert "/login/" not in front.links


def test_a_notice_is_shown_once(person: Person) -> None:
    front = person.follow(_register(person))

    assert front.text_of("notice")
    assert not person.get("/").text_of("notice")


def test_an_address_that_is_taken_is_said_beside_the_field(person: Person, stack: Stack) -> None:
    taken = Person(stack.url).register().email

    answer = _register(person, email=taken.upper())

    assert answer.status == 200
    assert answer.text_of("email-error") == "User with this Email already exists"
    form = answer.form("/registration/")
    assert form.fields["email"] == taken.upper()
    assert form.described_by["email"].split() == ["email-error"]
    assert form.fields["password1"] == form.fields["password2"] == ""


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password2": "another password"}, "password2"),
    ],
    ids=str,
)
def test_a_wrong_registration_comes_back_with_what_was_typed(
    person: Person, typed: dict[str, str], field: str
) -> None:
    answer = _register(person, **({"email": "ann@example.org"} | typed))

    assert answer.status == 200
    assert answer.text_of(f"{field}-error")
    form = answer.form("/registration/")
    assert form.fields["email"] == typed.get("email", "ann@example.org")
    assert PASSWORD not in answer.html
    assert typed.get("password1", PASSWORD) not in answer.html
    assert "session" not in person.session.cookies


def test_a_registration_that_failed_can_be_sent_again(person: Person) -> None:
    email = new_email()
    again = _register(person, email=email, password2="another password")

    answer = person.send(
        again, "/registration/", email=email, password1=PASSWORD, password2=PASSWORD
    )

    assert answer.status == 302


def test_login_leads_to_the_posts(person: Person, stack: Stack) -> None:
    email = Person(stack.url).register().email

    answer = person.login(email.upper())

    assert (answer.status, answer.location) == (302, "/")
    assert person.follow(answer).text_of("user") == email


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_login_says_the_same_of_a_known_and_an_unknown_address(
    person: Person, stack: Stack, known: bool
) -> None:
    email = Person(stack.url).register().email if known else new_email()

    answer = person.login(email, "not the password")

    assert answer.status == 200
    assert answer.text_of("problem") == "Invalid username or password"
    assert answer.form("/login/").fields["username"] == email
    assert answer.form("/login/").fields["password"] == ""
    assert "not the password" not in answer.html
    assert "session" not in person.session.cookies


def test_login_gives_another_session_than_the_one_before(person: Person) -> None:
    person.register()
    before = person.session.cookies["session"]

    person.login(person.email)

    assert person.session.cookies["session"] != before


def test_logout_ends_the_session_and_leads_to_the_posts(person: Person) -> None:
    person.register()
    token = person.session.cookies["session"]

    answer = person.send(person.get("/"), "/logout/")

    assert (answer.status, answer.location) == (302, "/")
    assert "session" not in person.session.cookies
    front = person.follow(answer)
    assert front.text_of("notice") == "You are logged out."
    person.session.cookies.set("session", token)
    assert person.get("/posts/my/").location == "/login/?next=%2Fposts%2Fmy%2F"


def test_logout_works_beside_a_form_that_was_just_sent(person: Person) -> None:
    page = person.register().get("/posts/new/")
    person.send(page, "/posts/new/", title="Hello", content="World")

    answer = person.send(page, "/logout/")

    assert (answer.status, answer.location) == (302, "/")
    assert "session" not in person.session.cookies


def test_logout_of_nobody_leads_to_the_posts_too(person: Person) -> None:
    csrf = person.get("/").form("/language/").fields["csrf"]

    answer = person.post("/logout/", {"csrf": csrf})

    assert (answer.status, answer.location) == (302, "/")


def test_logout_is_not_done_by_a_link(person: Person) -> None:
    person.register()

    answer = person.get("/logout/")

    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"
    assert person.get("/").text_of("user") == person.email


@pytest.mark.parametrize("path", ["/posts/my/", "/posts/new/", "/posts/1/edit/"])
def test_a_page_that_needs_a_user_leads_to_login_and_back(
    person: Person, stack: Stack, path: str
) -> None:
    email = Person(stack.url).register().email
    answer = person.get(path)
    assert (answer.status, answer.location) == (302, f"/login/?next={path.replace('/', '%2F')}")

    login = person.follow(answer)
    signed_in = person.send(login, "/login/", username=email, password=PASSWORD)

    assert (signed_in.status, signed_in.location) == (302, path)


def test_where_to_go_survives_a_wrong_login(person: Person, stack: Stack) -> None:
    email = Person(stack.url).register().email
    login = person.get("/login/?next=/posts/my/%3Fcursor%3Dx")

    again = person.send(login, "/login/", username=email, password="not the password")
    answer = person.send(again, "/login/", username=email, password=PASSWORD)

    assert answer.location == "/posts/my/?cursor=x"


def test_where_to_go_survives_a_registration_instead_of_a_login(person: Person) -> None:
    login = person.get("/login/?next=/posts/my/%3Fcursor%3Dx%26limit%3D1")
    registration = person.get(next(link for link in login.links if "/registration/?" in link))
    back = next(link for link in registration.links if "/login/?" in link)
    assert person.get(back).form("/login/").fields["next"] == "/posts/my/?cursor=x&limit=1"

    typed = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD}
    answer = person.send(registration, "/registration/", **typed)

    assert answer.location == "/posts/my/?cursor=x&limit=1"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\t/evil.example/",
        "\t//evil.example/",
        " //evil.example/",
        "/\n/evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "/\u00a0/",
        "/\0",
        "",
    ],
    ids=repr,
)
def test_login_leads_nowhere_else(person: Person, stack: Stack, path: str) -> None:
    email = Person(stack.url).register().email
    login = person.get("/login/", params={"next": path})

    answer = person.send(login, "/login/", username=email, password=PASSWORD, next=path)

    assert (answer.status, answer.location) == (302, "/")
    assert "next" not in login.form("/login/").fields
