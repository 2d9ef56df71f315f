"""Forms forged, foul, huge and broken: none of them does anything, and the gateway stays well."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from support.hostile import SitePage, expect_harmless, site_pages
from support.http_client import PASSWORD, new_email
from support.page_client import Page, Person
from support.stack import Stack
from support.staff import Staff

FORMS = [(page, form) for page in site_pages() for form in page.forms]
NAMES = [f"{page.name} {form}".strip() for page, form in FORMS]
CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "{home}"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "{home}.evil.example"},
    {"Origin": "{home}@evil.example"},
    {"Origin": "{home}0"},
    {"Origin": ""},
]


@dataclass
class People:
    author: Person
    other: Person
    clerk: Person
    visitor: Person
    numbers: dict[str, Any]
    stale: dict[str, str]  # by e-mail: the token of a session that has ended

    def who_sends(self, page: SitePage) -> Person:
        return self.clerk if page.user == "staff" else self.author


@pytest.fixture(scope="module", name="people")
def _people(shared_stack: Stack) -> People:
    staff = Staff(shared_stack)
    author, other = (Person(shared_stack.url).register() for _ in range(2))
    numbers = {
        "post": int(author.write().split("/")[2]),
        "user": staff.user(author.email)["id"],
        "letter": 1,
        "command": shared_stack.signed_id(str(uuid.uuid4())),
    }
    clerk = staff.clerk()
    stale = {person.email: _token(person) for person in (author, clerk)}
    for person in (author, clerk):
        assert person.login(person.email).status == 302
    return People(author, other, clerk, Person(shared_stack.url), numbers, stale)


def _token(person: Person, path: str = "/") -> str:
    """The CSRF token on somebody's page."""
    (token, *_) = [each.fields["csrf"] for each in person.get(path).forms if "csrf" in each.fields]
    return token


def _fields(form: str, csrf: str | None) -> dict[str, str]:
    typed = {"title": "Forged", "content": "x", "status": "published", "language": "de", "what": "delete"}
    named = {"form": form} if form else {}
    return typed | named | ({} if csrf is None else {"csrf": csrf})


def _foul_tokens(people: People, person: Person) -> list[str | None]:
    """Tokens that are not this person's, or not any more."""
    right, stale = _token(person), people.stale[person.email]
    made_up = ["", "x", "A" * len(right), right[:-1], right + "A", right.swapcase(), "\0", "%00"]
    return [None, stale, _token(people.other), _token(people.visitor, "/login/"), *made_up]


@pytest.mark.parametrize(("page", "form"), FORMS, ids=NAMES)
def test_no_form_is_taken_without_its_own_token(people: People, page: SitePage, form: str) -> None:
    person, address = people.who_sends(page), page.address(people.numbers)
    for csrf in _foul_tokens(people, person):
        answer = person.post(address, _fields(form, csrf))
        assert answer.status == 403, f"{csrf!r}: {answer.html}"
        assert answer.location == ""
    assert person.post(f"{address}?csrf={_token(person)}", _fields(form, None)).status in (400, 403)
    assert person.get("/account/").status == 200, "the session has ended"


@pytest.mark.parametrize(("page", "form"), FORMS, ids=NAMES)
@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
def test_no_form_of_another_site_is_taken(
    people: People, page: SitePage, form: str, headers: dict[str, str]
) -> None:
    person, address = people.who_sends(page), page.address(people.numbers)
    sent = {name: value.format(home=person.url) for name, value in headers.items()}

    answer = person.post(address, _fields(form, _token(person)), headers=sent)

    assert answer.status == 403
    assert person.get("/account/").status == 200


@pytest.mark.parametrize(("page", "form"), FORMS, ids=NAMES)
def test_no_form_is_taken_by_get(people: People, page: SitePage, form: str) -> None:
    person, address = people.who_sends(page), page.address(people.numbers)

    answer = person.get(f"{address}?{urlencode(_fields(form, _token(person)))}")

    assert answer.status in (200, 404, 405)
    assert person.get("/account/").status == 200
    assert person.get(f"/posts/{people.numbers['post']}/").status == 200
    assert "Forged" not in person.get("/posts/my/").html


FORM = "application/x-www-form-urlencoded"
RIGHT = b"csrf={csrf}&title={title}&content=x&status=published"
Case = tuple[str, bytes, str]


def _defects(right: bytes) -> Iterator[Case]:
    """What is wrong, the body, and its media type; {csrf} and the like are put in."""
    yield "an unclosed escape", right + b"&x=%", FORM
    yield "half an escape", right + b"&x=%4", FORM
    yield "an escape of no digits", right + b"&x=%zz", FORM
    yield "NUL", right + b"%00", FORM
    yield "no UTF-8", right + b"%ff%fe", FORM
    yield "overlong UTF-8", right + b"%c0%bc", FORM
    yield "a surrogate", right + b"%ed%a0%80", FORM
    yield "10 000 fields", right + b"".join(b"&f%d=x" % number for number in range(10_000)), FORM
    yield "a wrong token behind the right one", right + b"&csrf=wrong", FORM
    yield "a token of nothing", right.replace(b"{csrf}", b""), FORM
    yield "nothing", b"", FORM
    yield "no form", b"{csrf}\r\n\0\xff", FORM
    yield "no UTF-8 in another charset", right + b"%ff", f"{FORM}; charset=utf-16"
    json = right.replace(b"&", b'","').replace(b"=", b'":"')
    yield "JSON", b'{"' + json + b'"}', "application/json"
    yield "plain text", right, "text/plain"
    yield "no type", right, ""
    fields = (each.split(b"=") for each in right.split(b"&"))
    parts = [b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (*each,) for each in fields]
    yield "several parts", b"".join(parts) + b"--b--\r\n", "multipart/form-data; boundary=b"
    yield "too much", right + b"&x=" + b"x" * (2 << 20), FORM


def _broken() -> Iterator[Case]:
    """The same of a post, and what is wrong with its own fields."""
    yield from _defects(RIGHT)
    yield "NUL in a text", RIGHT.replace(b"=x", b"=%00"), FORM
    yield "no UTF-8 in a text", RIGHT.replace(b"=x", b"=%ff%fe"), FORM
    yield "10 000 titles", RIGHT + b"&title=x" * 10_000, FORM
    yield "a title like PHP's", RIGHT.replace(b"title", b"title[]", 1), FORM
    yield "an unknown status", RIGHT.replace(b"published", b"burnt"), FORM
    yield "a title too long", RIGHT.replace(b"{title}", b"{title}" + b"x" * 256), FORM
    yield "no content", RIGHT.replace(b"=x", b"="), FORM


def _odd() -> Iterator[Case]:
    """What is strange and does no more than the form would: the rest is passed over."""
    yield "NUL in a name", RIGHT + b"&ti%00tle=x", FORM
    yield "10 000 separators", RIGHT + b"&" * 10_000, FORM
    yield "a huge name", RIGHT + b"&" + b"n" * 100_000 + b"=x", FORM
    yield "a foul identity", RIGHT + b"&once=../../etc/passwd", FORM
    yield "somebody else's name", RIGHT + b"&author_id=1&author=1&user_id=1&is_staff=true", FORM
    yield "a title twice", RIGHT + b"&title={title}", FORM


def _send(person: Person, title: str, case: Case) -> Page:
    _, body, kind = case
    csrf = _token(person, "/posts/new/").encode()
    filled = body.replace(b"{csrf}", csrf).replace(b"{title}", title.encode())
    return person.post("/posts/new/", filled, headers={"Content-Type": kind} if kind else {})


@pytest.mark.parametrize("case", _broken(), ids=lambda case: case[0])
def test_a_broken_form_does_nothing(people: People, case: Case) -> None:
    title = f"broken{uuid.uuid4().hex}"

    answer = _send(people.author, title, case)

    assert answer.status in (200, 400, 403, 413, 415)
    expect_harmless(answer)
    assert answer.location == ""
    assert title not in people.author.get("/posts/my/").html


@pytest.mark.parametrize("case", _odd(), ids=lambda case: case[0])
def test_an_odd_form_does_what_it_would_do_anyway(people: People, case: Case) -> None:
    title = f"odd{uuid.uuid4().hex}"

    answer = _send(people.author, title, case)

    assert answer.status in (302, 400)
    posts = people.author.get("/posts/my/").html.count(f">{title}<")
    assert posts == (1 if answer.status == 302 else 0)
    if answer.status == 302:
        expect_harmless(people.author.get(answer.location))
        assert people.author.email in people.author.get(answer.location).html


def _of_visitors() -> dict[str, bytes]:
    """What would work, but for what is wrong with it."""
    password = urlencode({"password": PASSWORD}).encode()
    twice = password.replace(b"password=", b"password1=") + b"&" + password.replace(b"=", b"2=", 1)
    return {
        "/login/": b"csrf={csrf}&username={email}&" + password,
        "/registration/": b"csrf={csrf}&email={new}&" + twice,
        "/language/": b"csrf={csrf}&language=de",
    }


def _send_as_visitor(people: People, path: str, case: Case) -> tuple[Person, Page]:
    visitor, (_, body, kind) = Person(people.author.url), case
    filling = {"csrf": _token(visitor, "/login/"), "email": people.author.email, "new": new_email()}
    for name, text in filling.items():
        body = body.replace(b"{%s}" % name.encode(), quote(text).encode())
    return visitor, visitor.post(path, body, headers={"Content-Type": kind} if kind else {})


@pytest.mark.parametrize("path", _of_visitors())
def test_a_broken_form_of_a_visitor_starts_nothing(people: People, path: str) -> None:
    for case in _defects(_of_visitors()[path]):
        visitor, answer = _send_as_visitor(people, path, case)

        assert answer.status in (200, 400, 403, 413, 415), f"{case[0]}: {answer.html}"
        assert answer.location == ""
        assert visitor.session.cookies.keys() == ["csrf"], case[0]
        expect_harmless(answer)


@pytest.mark.parametrize("path", _of_visitors())
def test_nothing_else_was_wrong_with_it(people: People, path: str) -> None:
    visitor, answer = _send_as_visitor(people, path, ("", _of_visitors()[path], FORM))

    assert answer.status == 302, answer.html
    assert {"session", "language"} & set(visitor.session.cookies.keys())


def test_a_broken_form_ends_no_session(people: People) -> None:
    leaver = Person(people.author.url).register()
    csrf = _token(leaver).encode()

    for name, body, kind in _defects(b"csrf={csrf}"):
        headers = {"Content-Type": kind} if kind else {}
        answer = leaver.post("/logout/", body.replace(b"{csrf}", csrf), headers=headers)
        assert answer.status in (400, 403, 413, 415), f"{name}: {answer.html}"

    assert leaver.get("/account/").status == 200
    assert leaver.post("/logout/", {"csrf": csrf}).status == 302
    assert leaver.get("/account/").status == 302


def test_a_form_sent_twice_is_done_once_and_nobody_elses(people: People) -> None:
    form = people.author.get("/posts/new/").form("/posts/new/").fields
    typed = {"title": "Only once", "content": "x", "status": "published"}

    first, again = (people.author.post("/posts/new/", form | typed) for _ in range(2))
    other = form | typed | {"csrf": _token(people.other)}
    theirs = people.other.post("/posts/new/", other)

    assert first.status == 302 and again.location == first.location
    assert people.author.get("/posts/my/").html.count(">Only once<") == 1
    assert theirs.location != first.location


def test_hostile_numbers_in_paths_reach_nobody_elses_post(people: People) -> None:
    number = people.numbers["post"]
    for path, person in itertools.product(
        (f"/posts/{number}/edit/", f"/posts/{number}/delete/"), (people.other, people.visitor)
    ):
        answer = person.post(path, _fields("", _token(person, "/login/")))
        assert answer.status in (302, 403, 404), answer.html
        assert answer.status != 302 or answer.location.startswith("/login/")
    assert people.author.get(f"/posts/{number}/").status == 200


def test_a_visitor_and_a_user_may_not_send_the_forms_of_the_staff(people: People) -> None:
    for page, form in FORMS:
        if page.user != "staff":
            continue
        for person in (people.visitor, people.other):
            answer = person.post(page.address(people.numbers), _fields(form, _token(person, "/login/")))
            assert answer.status in (302, 403), f"{page.name}: {answer.status}"
            assert answer.status != 302 or answer.location.startswith("/login/")


def test_a_password_is_never_sent_back(people: People) -> None:
    secret = "hush" + quote(PASSWORD)
    for path, fields in (
        ("/login/", {"username": "x@example.org", "password": secret}),
        ("/registration/", {"email": "x", "password1": secret, "password2": secret + "x"}),
    ):
        visitor = Person(people.author.url)
        answer = visitor.post(path, fields | {"csrf": _token(visitor, "/login/")})
        assert answer.status == 200
        assert "hush" not in answer.html
