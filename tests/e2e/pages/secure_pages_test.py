"""Cookies and headers of a gateway that is reached by https only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.http_client import PASSWORD, new_email
from support.page_client import Page, Person
from support.stack import Stack, address_of, listen


@pytest.fixture(name="person")
def _person(stack: Stack) -> Iterator[Person]:
    listener = listen()
    gateway = stack.start("gateway", listener=listener, SECURE_COOKIES="yes")
    url = f"http://{address_of(listener)}"
    stack.wait_until_serving(url)
    yield Person(url)
    gateway.stop()
    listener.close()


def _register(person: Person) -> Page:
    """A client that is no browser carries the cookie by hand: it would not send it over http."""
    page = person.get("/registration/")
    cookie = page.headers["Set-Cookie"].split(";")[0]
    fields = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD}
    form = page.form("/registration/").fields
    return person.post("/registration/", form | fields, headers={"Cookie": cookie})


def test_cookies_are_for_https_and_this_host_only(person: Person) -> None:
    answer = _register(person)

    assert answer.status == 302
    cookies = answer.headers["Set-Cookie"].split(", ")
    names = {cookie.split("=")[0] for cookie in cookies}
    assert names == {"__Host-session", "__Host-notice"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_browsers_are_told_to_stay_with_https(person: Person) -> None:
    for path in ("/", "/api/posts", "/nothing"):
        policy = person.get(path).headers["Strict-Transport-Security"]
        assert policy == "max-age=63072000; includeSubDomains"
