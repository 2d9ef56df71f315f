"""What became of a command that had no answer in time, on a page."""

from __future__ import annotations

import uuid

import pytest

from support.page_client import Page, Person
from support.stack import Stack
from support.waiting import wait_for

SECONDS = 60
HEADING = "What became of your request"


@pytest.fixture(name="person")
def _person(stack: Stack) -> Person:
    return Person(stack.url).register()


def _sent(person: Person, method: str, path: str, fields: dict[str, str]) -> str:
    """The page of a command that was not waited for."""
    answer = person.session.request(
        method, person.url + path, json=fields, headers={"Prefer": "respond-async"}, timeout=SECONDS
    )
    assert answer.status_code == 202
    return f"/commands/{answer.json()['id']}/"


def _ended(person: Person, path: str) -> Page:
    def page() -> Page | None:
        found = person.get(path)
        assert (found.status, found.heading) == (200, HEADING)
        return None if found.text_of("tag") == "Pending" else found

    return wait_for(page, "the command to have its outcome")


def test_what_is_done_is_said_to_be_done(person: Person) -> None:
    post = {"title": "Hello", "content": "World", "status": "draft"}

    page = _ended(person, _sent(person, "POST", "/api/posts", post))

    assert page.text_of("tag") == "Done"
    assert not page.text_of("problem")


def test_what_has_failed_says_why(person: Person) -> None:
    page = _ended(person, _sent(person, "PATCH", "/api/posts/9007199254740991", {"title": "x"}))

    assert page.text_of("tag") == "Failed"
    assert page.text_of("problem") == "There is no such post"


def test_what_nothing_is_known_of_is_pending(stack: Stack) -> None:
    path = f"/commands/{stack.signed_id(str(uuid.uuid4()))}/"

    page = Person(stack.url).get(path)

    assert page.status == 200
    assert page.text_of("tag") == "Pending"
    assert path in page.links


def test_a_command_of_somebody_else_is_not_found(stack: Stack, person: Person) -> None:
    post = {"title": "Hello", "content": "World", "status": "draft"}
    path = _sent(person, "POST", "/api/posts", post)
    _ended(person, path)

    assert Person(stack.url).get(path).status == 404
    assert Person(stack.url).register().get(path).status == 404


def test_an_id_that_was_not_given_out_is_not_found(stack: Stack, person: Person) -> None:
    one, other = str(uuid.uuid4()), str(uuid.uuid4())

    for made_up in (one, "x", stack.signed_id(one).replace(one, other), f"{stack.signed_id(one)}x"):
        assert person.get(f"/commands/{made_up}/").status == 404
