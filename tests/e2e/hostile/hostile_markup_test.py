"""Markup typed into every field, and sent to every page in every way, stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from support.hostile import (
    MARKDOWN,
    MARKUP,
    SitePage,
    expect_harmless,
    leads_home,
    shows,
    site_pages,
    structure,
)
from support.hostile_world import TITLES, World, make_world, number_in
from support.page_client import Form, Page, Person
from support.stack import Stack
from support.staff import Staff

SHOWN = [page for page in site_pages() if page.has_template]
LEFT_ALONE = {"form", "csrf", "once", "ids"}  # without which nothing is sent to a service
TEXTS = {"email", "password", "search", "text", "textarea"}  # what one types into


@pytest.fixture(scope="module", name="world")
def _world(shared_stack: Stack) -> World:
    return make_world(shared_stack)


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

    expect_harmless(hostile, TITLES[number])
    assert structure(hostile) == structure(page_of(world.harmless))


def _walk(person: Person, path: str) -> Iterator[Page]:
    """All pages of a list."""
    while path:
        yield (page := person.get(path))
        path = next((link for link in page.links if re.search(r"[?&]cursor=.", link)), "")


@pytest.mark.parametrize(
    ("path", "by_clerk", "texts"),
    [
        ("/posts/my/", False, TITLES),
        ("/?author={user}", False, TITLES),
        ("/admin/posts/?author={user}", True, TITLES),
        ("/admin/operations/dead-letters/", True, MARKUP),
    ],
)
def test_lists_show_each_hostile_text_as_it_is(
    world: World, path: str, by_clerk: bool, texts: list[str]
) -> None:
    who = world.clerk if by_clerk else world.hostile
    missing = set(texts)

    for page in _walk(who, path.format(user=world.users[world.hostile.email])):
        expect_harmless(page)
        missing -= {text for text in missing if shows(page, text)}

    assert not missing


@pytest.mark.parametrize("payload", MARKUP)
def test_a_hostile_letter_looks_like_others(world: World, payload: str) -> None:
    path = "/admin/operations/dead-letters/{}/"

    hostile = world.clerk.get(path.format(world.letters[MARKUP.index(payload)]))

    expect_harmless(hostile, payload)
    assert hostile.status == 200
    assert structure(hostile) == structure(world.clerk.get(path.format(world.harmless_letters[0])))


def test_a_hostile_title_is_shown_as_it_was_typed(world: World) -> None:
    title = "<b onclick=\"x('1')\">&amp; `x`"
    page = world.hostile.get(world.hostile.write(title=title))

    assert page.heading.strip() == title


@pytest.mark.parametrize("content", MARKDOWN + MARKUP)
def test_hostile_markdown_does_nothing(world: World, content: str) -> None:
    path = world.hostile.write(content=content)

    for page in (world.hostile.get(path), world.hostile.get(f"{path}edit/"),
                 world.clerk.get(f"/admin/posts/{number_in(path)}/")):  # fmt: skip
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
            answer = person.get(f"{page.address(world.numbers())}?{query}")
            expect_harmless(answer)
            for form in answer.forms:
                for name in [each for each in page.query if form.types.get(each) == "search"]:
                    assert form.fields[name] == (payload if f"{name}={text}" in query else "")


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


TYPED = [page for page in SHOWN if page.forms and page.is_there]


def _tries(form: Form, payload: str) -> Iterator[dict[str, str]]:
    """Every field and button foul; then one by one those without which nothing is sent to a service."""
    chosen = {name: values[0] for name, values in form.choices.items() if name in LEFT_ALONE}
    names = form.types.keys() | form.choices.keys()
    if names - LEFT_ALONE:
        yield form.fields | chosen | {name: payload for name in names - LEFT_ALONE}
    chosen.pop("ids", None)
    for name in sorted(names & LEFT_ALONE - {"csrf"}):
        yield form.fields | chosen | {name: payload}


def _expect_typed(page: Page, sent: Form, payload: str) -> None:
    """What was typed is still there; passwords are not."""
    for form in page.forms:
        if (form.action, form.fields.get("form")) == (sent.action, sent.fields.get("form")):
            for name in form.fields.keys() & sent.fields.keys() - LEFT_ALONE:
                if form.types[name] in TEXTS:
                    assert form.fields[name] == ("" if form.types[name] == "password" else payload)


@pytest.mark.parametrize("page", TYPED, ids=lambda page: page.name)
def test_what_is_typed_into_a_form_comes_back_as_text(world: World, page: SitePage) -> None:
    person = world.who_sees(page)
    for payload in MARKUP:
        address = page.address(world.numbers(payload))
        shown = person.get(address)
        forms = [each for each in shown.forms if each.method == "post" and each.action == address]
        assert shown.status == 200 and forms, f"{shown.status}: {shown.html}"
        for form in forms:
            for number, fields in enumerate(_tries(form, payload)):
                answer = person.post(address, fields)
                expect_harmless(answer)
                assert answer.status in (200, 302, 400, 404, 429), answer.html
                assert leads_home(answer.location)
                if answer.status == 302:
                    expect_harmless(person.get(answer.location))
                if answer.status == 200 and number == 0:
                    _expect_typed(answer, form, payload)


def test_hostile_addresses_of_people_stay_text(world: World, shared_stack: Stack) -> None:
    """Whatever may stand before the @ of an address, on every page that shows it."""
    staff, person = Staff(shared_stack), Person(shared_stack.url)
    person.register()
    email = f"&'`{{{{7*7}}}}/=?x{person.email}"
    clerk = world.clerk
    user_id = staff.user(person.email)["id"]
    answer = clerk.get(f"/admin/users/{user_id}/")
    fields = answer.form(f"/admin/users/{user_id}/").fields | {"email": email, "is_active": "true"}

    changed = clerk.post(f"/admin/users/{user_id}/", fields)

    assert changed.status == 302, changed.html
    path = person.write()
    for page in (person.get("/account/"), person.get(path), clerk.get(f"/admin/users/{user_id}/"),
                 clerk.get("/admin/log/"), clerk.get("/admin/users/"), world.visitor.get("/")):  # fmt: skip
        assert page.status == 200
        expect_harmless(page, email)
        assert email not in page.html  # but with & and ' escaped
