"""Markup typed into every field, and sent to every page in every way, stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from support.hostile import (
    MARKDOWN,
    MARKUP,
    SitePage,
    expect_harmless,
    is_safe_url,
    leads_home,
    site_pages,
    structure,
)
from support.page_client import Page, Person
from support.stack import Stack
from support.staff import Staff

SHOWN = [page for page in site_pages() if page.has_template]
LEFT_ALONE = {"form", "csrf", "once", "ids"}  # without which nothing is sent to a service
TITLES = [each for each in MARKUP if len(each) <= 255]


@dataclass
class World:
    """A harmless author and a hostile one, with as many posts each; a clerk; nobody."""

    harmless: Person
    hostile: Person
    clerk: Person
    visitor: Person
    posts: dict[str, list[int]]  # by e-mail, oldest first
    users: dict[str, int]

    def who_sees(self, page: SitePage) -> Person:
        return {"optional": self.hostile, "required": self.hostile, "staff": self.clerk}[page.user]

    def numbers(self) -> dict[str, int]:
        email = self.hostile.email
        return {"post": self.posts[email][0], "user": self.users[email]}


def _number(path: str) -> int:
    found = re.search(r"\d+", path)
    assert found, path
    return int(found[0])


@pytest.fixture(scope="module", name="world")
def _world(shared_stack: Stack) -> World:
    staff = Staff(shared_stack)
    harmless, hostile = (Person(shared_stack.url).register() for _ in range(2))
    posts: dict[str, list[int]] = {harmless.email: [], hostile.email: []}
    for title in TITLES:
        for person, text in ((harmless, "harmless"), (hostile, title)):
            posts[person.email].append(_number(person.write(title=text, content="x")))
    clerk = staff.clerk()
    for person in (harmless, hostile, clerk):
        person.get("/")  # so that no notice is left
    users = {person.email: staff.user(person.email)["id"] for person in (harmless, hostile)}
    visitor = Person(shared_stack.url)
    return World(harmless, hostile, clerk, visitor, posts, users)


def _both(world: World, path: str, by_clerk: bool = False) -> Iterator[Page]:
    for person in (world.harmless, world.hostile):
        who = world.clerk if by_clerk else person
        yield who.get(path.format(user=world.users[person.email]))


@pytest.mark.parametrize(
    ("path", "by_clerk"),
    [
        ("/posts/my/", False),
        ("/?author={user}", False),
        ("/admin/posts/?author={user}", True),
        ("/admin/users/{user}/", True),
    ],
)
def test_lists_of_hostile_titles_look_like_others(
    world: World, path: str, by_clerk: bool
) -> None:
    harmless, hostile = _both(world, path, by_clerk)

    expect_harmless(hostile)
    assert hostile.status == 200
    assert structure(hostile) == structure(harmless)


@pytest.mark.parametrize(
    "path",
    ["/posts/{post}/", "/posts/{post}/edit/", "/admin/posts/{post}/?author=nobody"],  # offers none
)
@pytest.mark.parametrize("number", range(len(TITLES)))
def test_a_post_with_a_hostile_title_looks_like_others(
    world: World, path: str, number: int
) -> None:
    def page_of(person: Person) -> Page:
        who = world.clerk if path.startswith("/admin/") else person
        return who.get(path.format(post=world.posts[person.email][number]))

    hostile = page_of(world.hostile)

    expect_harmless(hostile)
    assert structure(hostile) == structure(page_of(world.harmless))


def test_a_hostile_title_is_shown_as_it_was_typed(world: World) -> None:
    title = "<b onclick=\"x('1')\">&amp; `x`"
    page = world.hostile.get(world.hostile.write(title=title))

    assert page.heading.strip() == title


@pytest.mark.parametrize("content", MARKDOWN + MARKUP)
def test_hostile_markdown_does_nothing(world: World, content: str) -> None:
    path = world.hostile.write(content=content)

    for page in (world.hostile.get(path), world.hostile.get(f"{path}edit/"),
                 world.clerk.get(f"/admin/posts/{_number(path)}/")):  # fmt: skip
        assert page.status == 200
        expect_harmless(page)
    assert world.hostile.get(f"{path}edit/").form(f"{path}edit/").fields["content"] == content


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_what_the_query_string_says_stays_text(world: World, page: SitePage) -> None:
    names = {*page.query, "next", "search", "cursor", "limit", "notice", "language", "x"}
    person = world.who_sees(page)
    for payload in MARKUP:
        text = quote(payload, safe="")
        for query in ("&".join(f"{name}={text}" for name in sorted(names)), f"next={text}", text,
                      *(f"{name}={text}" for name in page.query)):  # fmt: skip
            expect_harmless(person.get(f"{page.address(world.numbers())}?{query}"))


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_what_headers_and_cookies_say_stays_text(world: World, page: SitePage) -> None:
    for payload in [each for each in MARKUP if each.isascii() and each.isprintable()]:
        value = payload.strip()
        headers = {
            "Accept-Language": value,
            "Referer": value,
            "User-Agent": value,
            "X-Request-ID": value,
            "X-Forwarded-For": value,
            "X-Forwarded-Host": value,
            "Cookie": "; ".join(f"{name}={value}" for name in ("language", "notice", "csrf")),
        }
        expect_harmless(world.visitor.get(page.address(world.numbers()), headers=headers))
        # A signed-in person, with the other cookies foul.
        person = world.who_sees(page)
        session = person.session.cookies.get("session")
        headers["Cookie"] += f"; session={session}"
        answer = person.get(page.address(world.numbers()), headers=headers)
        assert answer.status == 200 or not page.is_there
        expect_harmless(answer)


@pytest.mark.parametrize("payload", MARKUP)
@pytest.mark.parametrize("folder", ["/", "/posts/", "/admin/users/", "/assets/", "/api/"])
def test_what_the_path_says_stays_text(world: World, folder: str, payload: str) -> None:
    page = world.clerk.get(folder + quote(payload, safe=""))

    expect_harmless(page)
    assert page.status in (301, 400, 404)
    assert leads_home(page.location)


def _foul(page: Page, action: str, payload: str) -> dict[str, str]:
    """Each field that one types into, and those that are hidden, too."""
    fields = page.form(action).fields
    return {name: text if name in LEFT_ALONE else payload for name, text in fields.items()}


TYPED = [page for page in SHOWN if page.forms and page.is_there]


@pytest.mark.parametrize("page", TYPED, ids=lambda page: page.name)
def test_what_is_typed_into_a_form_comes_back_as_text(world: World, page: SitePage) -> None:
    person, address = world.who_sees(page), page.address(world.numbers())
    for payload in MARKUP:
        shown = person.get(address)
        for form in [each for each in shown.forms if each.method == "post" and each.action == address]:
            fields = {name: text if name in LEFT_ALONE else payload
                      for name, text in form.fields.items()}  # fmt: skip
            answer = person.post(address, fields)
            expect_harmless(answer)
            assert answer.status in (200, 302, 400, 429), answer.html
            assert leads_home(answer.location)
            if answer.status == 302:
                expect_harmless(person.get(answer.location))


def test_hostile_addresses_of_people_stay_text(world: World, shared_stack: Stack) -> None:
    """Whatever may stand before the @ of an address, on every page that shows it."""
    staff, person = Staff(shared_stack), Person(shared_stack.url)
    person.register()
    email = f"&'`{{{{7*7}}}}/=?x{person.email}"
    clerk = world.clerk
    user_id = staff.user(person.email)["id"]
    answer = clerk.get(f"/admin/users/{user_id}/")
    fields = _foul(answer, f"/admin/users/{user_id}/", "") | {"email": email, "is_active": "true"}

    changed = clerk.post(f"/admin/users/{user_id}/", fields)

    assert changed.status == 302, changed.html
    path = person.write()
    for page in (person.get("/account/"), person.get(path), clerk.get(f"/admin/users/{user_id}/"),
                 clerk.get("/admin/log/"), clerk.get("/admin/users/"), world.visitor.get("/")):  # fmt: skip
        assert page.status == 200
        expect_harmless(page)
        assert email not in page.html  # but with & and ' escaped


def test_the_checks_themselves_find_what_is_foul() -> None:
    for url in ("javascript:x", " javascript:x", "java\tscript:x", "\x01data:x", "vbscript:x"):
        assert not is_safe_url(url)
    for url in ("//evil.example", "/\\evil.example", "\t//evil.example", "https://evil.example"):
        assert not leads_home(url)
    assert leads_home("/posts/1/?x=//evil.example")
