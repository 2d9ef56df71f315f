"""Posts, as people read and write them on pages."""

from __future__ import annotations

import json

import pytest

from support.page_client import Page, Person
from support.stack import Stack


@pytest.fixture(name="person")
def _person(stack: Stack) -> Person:
    """Nobody yet."""
    return Person(stack.url)


@pytest.fixture(name="author")
def _author(stack: Stack) -> Person:
    return Person(stack.url).register()


def _all_links(person: Person, path: str) -> list[str]:
    """The links of a list, through all its parts."""
    links: list[str] = []
    while path:
        page = person.get(path)
        assert page.status == 200
        links += page.links
        older = [link for link in page.links if "cursor=" in link]
        path = older[0] if older else ""
    return links


def test_the_front_page_lists_what_is_published_newest_first(
    person: Person, author: Person
) -> None:
    first, second = author.write(title="one <b>"), author.write(title="two & three")

    page = person.get("/")

    assert page.status == 200
    posts = [link for link in page.links if link in (first, second)]
    assert posts == [second, first]
    assert "one &lt;b&gt;" in page.html
    assert "two &amp; three" in page.html


def test_drafts_are_listed_for_their_author_only(person: Person, author: Person) -> None:
    draft = author.write(status="draft", title="a draft of mine")

    assert draft in author.get("/posts/my/").links
    assert draft not in author.get("/").links
    assert draft not in person.get("/").links
    assert draft not in Person(author.url).register().get("/posts/my/").links


def test_the_posts_of_one_author_say_whose_they_are(person: Person, author: Person) -> None:
    post = person.get(author.write(title="of one author"))
    of_the_author = next(link for link in post.links if link.startswith("/?author="))

    assert f"<h1>Posts by {author.email}</h1>" in _on_one_line(person.get(of_the_author))


def test_who_has_published_nothing_is_not_named(person: Person, author: Person) -> None:
    author.write(status="draft")
    number = json.loads(author.get("/api/me").html)["id"]

    page = _on_one_line(person.get(f"/?author={number}"))

    assert "<h1>Posts</h1>" in page
    assert "There are no posts here." in page
    assert author.email not in page


def _on_one_line(page: Page) -> str:
    return page.html.replace("\n", "")


def test_lists_go_on_to_older_posts(author: Person) -> None:
    written = [author.write(title=f"number {number}") for number in range(25)]

    links = _all_links(author, "/posts/my/")

    assert [link for link in links if link in written] == written[::-1]


def test_the_posts_of_one_author_are_listed(person: Person, author: Person) -> None:
    written = [author.write(title=f"number {number}") for number in range(22)]
    other = Person(author.url).register().write()
    author_link = next(link for link in person.get(written[0]).links if "author=" in link)

    links = _all_links(person, author_link)

    assert [link for link in links if link in written] == written[::-1]
    assert other not in links


@pytest.mark.parametrize("query", ["cursor=x", "cursor=%00", "author=x", "author=-1"])
def test_a_list_that_cannot_be_is_a_mistake_of_the_visitor(person: Person, query: str) -> None:
    page = person.get(f"/?{query}")

    assert page.status == 400
    assert page.heading


def test_unknown_parameters_do_no_harm(person: Person) -> None:
    assert person.get("/?utm_source=letter&author=").status == 200


def test_a_post_is_shown_to_everybody(person: Person, author: Person) -> None:
    path = author.write(title="A <title>", content="# Hello\n\n*World* & <b>bold</b>")

    page = person.get(path)

    assert page.status == 200
    assert page.heading == "A <title>"
    assert page.title.startswith("A <title>")
    assert "<h2>Hello</h2>" in page.html
    assert "<em>World</em> &amp; " in page.html
    assert "<b>" not in page.html
    assert author.email in page.html
    assert not [form for form in page.forms if "/delete/" in form.action]


def test_a_draft_is_shown_to_its_author_only(person: Person, author: Person) -> None:
    path = author.write(status="draft")

    assert author.get(path).status == 200
    assert person.get(path).status == 404
    assert Person(author.url).register().get(path).status == 404


def test_writing_leads_to_the_post(author: Person) -> None:
    answer = author.send(
        author.get("/posts/new/"),
        "/posts/new/",
        title="Über Käse",
        content="one\r\ntwo",
        status="published",
    )

    page = author.follow(answer)
    assert page.heading == "Über Käse"
    assert page.text_of("notice") == "The post has been created."
    edit = author.get(f"{answer.location}edit/").form(f"{answer.location}edit/")
    assert edit.fields["content"] == "one\ntwo"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " \t "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"content": ""}, "content"),
        ({"content": "\r\n \r\n"}, "content"),
        ({"content": "x" * 100_001}, "content"),
        ({"status": "secret"}, "status"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    author: Person, typed: dict[str, str], field: str
) -> None:
    whole = {"title": "<Title>", "content": "\nText & <more>", "status": "published"} | typed

    answer = author.send(author.get("/posts/new/"), "/posts/new/", **whole)

    assert answer.status == 200
    assert answer.text_of(f"{field}-error")
    form = answer.form("/posts/new/")
    assert f"{field}-error" in form.described_by[field].split()
    assert form.fields["title"] == whole["title"]
    assert form.fields["content"] == whole["content"]


@pytest.mark.parametrize("size", [100_000])
def test_the_longest_text_can_be_written(author: Person, size: int) -> None:
    path = author.write(content="😀" * size, title="😀" * 255)

    assert author.get(f"{path}edit/").form(f"{path}edit/").fields["content"] == "😀" * size


def test_editing_shows_what_is_there_and_leads_to_the_post(author: Person) -> None:
    path = author.write(title="Before", content="  <old> text", status="draft")
    edit = author.get(f"{path}edit/")
    form = edit.form(f"{path}edit/")
    assert (form.fields["title"], form.fields["content"], form.fields["status"]) == (
        "Before",
        "  <old> text",
        "draft",
    )

    answer = author.send(edit, f"{path}edit/", title="After", status="published")

    assert answer.location == path
    page = author.follow(answer)
    assert page.heading == "After"
    assert page.text_of("notice") == "The post has been changed."


def test_an_edit_that_failed_keeps_what_was_typed(author: Person) -> None:
    path = author.write(title="Before")

    answer = author.send(author.get(f"{path}edit/"), f"{path}edit/", title="", content="new")

    assert answer.status == 200
    assert answer.text_of("title-error")
    assert answer.form(f"{path}edit/").fields["content"] == "new"
    assert author.get(path).heading == "Before"


def _refused(person: Person, path: str, author: Person) -> list[Page]:
    """Somebody's attempts at another's post."""
    csrf = person.get("/").form("/language/").fields["csrf"]
    fields = {"csrf": csrf, "title": "Stolen", "content": "x", "status": "published"}
    pages = [
        person.get(f"{path}edit/"),
        person.post(f"{path}edit/", fields),
        person.post(f"{path}delete/", {"csrf": csrf}),
    ]
    assert author.get(path).heading == "Hello"
    return pages


def test_nobody_else_edits_or_deletes_a_post(author: Person) -> None:
    path = author.write()

    pages = _refused(Person(author.url).register(), path, author)

    assert [page.status for page in pages] == [404, 403, 403]


def test_a_visitor_who_edits_or_deletes_is_led_to_login(person: Person, author: Person) -> None:
    path = author.write()

    pages = _refused(person, path, author)

    assert [page.status for page in pages] == [302, 302, 302]
    assert all(page.location.startswith("/login/") for page in pages)


def test_deleting_leads_to_ones_own_posts(author: Person) -> None:
    path = author.write()

    answer = author.send(author.get(path), f"{path}delete/")

    assert answer.location == "/posts/my/"
    page = author.follow(answer)
    assert path not in page.links
    assert page.text_of("notice") == "The post has been deleted."
    assert author.get(path).status == 404
    assert author.send(Page(page.response), "/logout/").status == 302


def test_what_is_gone_cannot_be_edited_or_deleted(author: Person) -> None:
    path = author.write()
    page, edit = author.get(path), author.get(f"{path}edit/")
    author.send(page, f"{path}delete/")

    assert author.send(edit, f"{path}edit/").status == 404
    assert author.send(page, f"{path}delete/", without=("once",)).status == 404


def test_a_form_sent_twice_is_done_once(author: Person) -> None:
    form = author.get("/posts/new/")
    typed = {"title": "Only once", "content": "x", "status": "published"}

    first = author.send(form, "/posts/new/", **typed)
    second = author.send(form, "/posts/new/", **typed)

    assert (first.status, second.status) == (302, 302)
    assert first.location == second.location
    assert author.get("/posts/my/").links.count(first.location) == 1


def test_a_form_sent_again_with_other_content_asks_back(author: Person) -> None:
    form = author.get("/posts/new/")
    typed = {"title": "First", "content": "x", "status": "published"}
    author.send(form, "/posts/new/", **typed)

    again = author.send(form, "/posts/new/", **(typed | {"title": "Second"}))

    assert again.status == 200
    assert "sent before" in again.text_of("problem")
    answer = author.send(again, "/posts/new/")
    assert author.follow(answer).heading == "Second"
