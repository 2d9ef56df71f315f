"""The account: the password and the sessions of a user."""

from __future__ import annotations

import pytest

from support.http_client import PASSWORD
from support.page_client import Page, Person
from support.stack import Stack

NEW = "a better horse battery staple"


@pytest.fixture(name="person")
def _person(stack: Stack) -> Person:
    return Person(stack.url).register()


def _change(person: Person, page: Page, old: str, new: str, again: str | None = None) -> Page:
    form = next(form for form in page.forms if form.fields.get("form") == "password")
    typed = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return person.post("/account/", form.fields | typed)


def _form(page: Page, name: str) -> dict[str, str]:
    return next(form.fields for form in page.forms if form.fields.get("form") == name)


def test_a_visitor_is_led_to_login(stack: Stack) -> None:
    assert Person(stack.url).get("/account/").location == "/login/?next=%2Faccount%2F"


def test_a_new_password_works_and_the_old_one_does_not(person: Person) -> None:
    other = Person(person.url)
    other.login(person.email)

    answer = _change(person, person.get("/account/"), PASSWORD, NEW)

    page = person.follow(answer)
    assert answer.location == "/account/"
    assert page.text_of("notice") == "Your password has been changed."
    assert other.get("/account/").status == 302
    assert Person(person.url).login(person.email, PASSWORD).status == 200
    assert Person(person.url).login(person.email, NEW).status == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("not the password", NEW, NEW, "old_password"),
        (PASSWORD, "short", "short", "new_password1"),
        (PASSWORD, NEW, "something else", "new_password2"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said(
    person: Person, old: str, new: str, again: str, field: str
) -> None:
    answer = _change(person, person.get("/account/"), old, new, again)

    assert answer.status == 200
    assert answer.text_of(f"{field}-error")
    for secret in (old, new, again):
        assert secret not in answer.html
    assert Person(person.url).login(person.email).status == 302


def test_sessions_are_listed_and_one_can_be_ended(person: Person) -> None:
    other = Person(person.url)
    other.login(person.email)
    page = person.get("/account/")
    assert page.html.count("This session") == 1

    answer = person.post("/account/", _form(page, "session"))

    assert person.follow(answer).text_of("notice") == "The session has ended."
    assert other.get("/account/").status == 302
    assert person.get("/account/").status == 200


def test_all_other_sessions_can_be_ended(person: Person) -> None:
    others = [Person(person.url) for _ in range(2)]
    for other in others:
        other.login(person.email)

    answer = person.post("/account/", _form(person.get("/account/"), "others"))

    assert person.follow(answer).text_of("notice") == "All other sessions have ended."
    assert [other.get("/account/").status for other in others] == [302, 302]


def test_a_session_of_somebody_else_cannot_be_ended(person: Person) -> None:
    victim = Person(person.url).register()
    second = Person(person.url)
    second.login(victim.email)
    theirs = _form(victim.get("/account/"), "session")["session_id"]
    other = Person(person.url)
    other.login(person.email)
    own = _form(person.get("/account/"), "session")

    answer = person.post("/account/", own | {"session_id": theirs})

    assert answer.status == 404
    assert answer.text_of("alert")
    assert second.get("/account/").status == 200
