"""Every language, on pages: what they say, what they say of a form, and notices."""

from __future__ import annotations

import pytest

from support.page_client import Person
from support.staff import Staff
from support.stack import Stack
from support.waiting import wait_for

SAYS = {
    "en": {
        "title": "Log in",
        "failed": "Invalid username or password",
        "blank": "must not be blank",
        "notice": "The post has been created.",
        "missing": "There is no such page.",
    },
    "de": {
        "title": "Anmelden",
        "failed": "Benutzername oder Passwort ist falsch",
        "blank": "darf nicht nur aus Leerzeichen bestehen",
        "notice": "Der Beitrag wurde angelegt.",
        "missing": "Diese Seite gibt es nicht.",
    },
    "fr": {
        "title": "Se connecter",
        "failed": "Nom d’utilisateur ou mot de passe incorrect",
        "blank": "ne doit pas se composer uniquement d’espaces",
        "notice": "L’article a été créé.",
        "missing": "Cette page n’existe pas.",
    },
}


@pytest.fixture(name="person")
def _person(stack: Stack) -> Person:
    return Person(stack.url)


def _choose(person: Person, language: str) -> None:
    person.send(person.get("/"), "/language/", language=language)


@pytest.mark.parametrize("language", SAYS)
def test_a_page_is_in_the_language_that_was_chosen(person: Person, language: str) -> None:
    _choose(person, language)

    page = person.get("/login/")

    assert page.language == language
    assert page.heading == SAYS[language]["title"]
    assert SAYS[language]["missing"] in person.get("/nothing/").html


@pytest.mark.parametrize("language", SAYS)
def test_a_service_says_why_a_form_failed_in_the_language_of_the_page(
    person: Person, language: str
) -> None:
    _choose(person, language)

    answer = person.send(person.get("/login/"), "/login/", username="no@example.org", password="x")

    assert SAYS[language]["failed"] in answer.html


def test_the_language_that_is_chosen_is_that_of_e_mails(stack: Stack, person: Person) -> None:
    person.register()

    for language in ("de", "fr"):
        _choose(person, language)
        wait_for(
            lambda: Staff(stack).user(person.email)["language"] == language, f"e-mails in {language}"
        )


def test_an_ended_session_is_no_hindrance_to_a_choice(stack: Stack, person: Person) -> None:
    person.register()
    page = person.get("/")
    Staff(stack).run(f"DELETE FROM sessions WHERE user_id = {Staff(stack).user(person.email)['id']}")

    answer = person.send(page, "/language/", language="de")

    assert (answer.status, answer.location) == (302, "/")
    assert person.get("/login/").language == "de"


@pytest.mark.parametrize("language", SAYS)
def test_fields_and_notices_speak_the_language_of_the_page(person: Person, language: str) -> None:
    person.register()
    _choose(person, language)
    page = person.get("/posts/new/")

    refused = person.send(page, "/posts/new/", title=" ", content="x", status="draft")
    written = person.send(page, "/posts/new/", title="x", content="x", status="draft")

    assert refused.text_of("title-error") == SAYS[language]["blank"]
    assert person.follow(written).text_of("notice") == SAYS[language]["notice"]
