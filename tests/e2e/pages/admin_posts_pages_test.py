"""The staff lists, adds, changes and deletes posts on pages, and sees what the staff has changed."""

from __future__ import annotations

import re

import pytest

from support.http_client import new_email
from support.page_client import Page, Person
from support.staff import Staff
from support.stack import Stack


@pytest.fixture(name="staff")
def _staff(stack: Stack) -> Staff:
    return Staff(stack)


@pytest.fixture(name="clerk")
def _clerk(staff: Staff) -> Person:
    return staff.clerk()


@pytest.fixture(name="ann")
def _ann(stack: Stack) -> Person:
    """An ordinary user who writes."""
    return Person(stack.url).register()


def _number(path: str) -> str:
    found = re.search(r"\d+", path)
    assert found, path
    return found[0]


def _admin(path: str) -> str:
    """The staff's page of a post."""
    return f"/admin/posts/{_number(path)}/"


def _choose(person: Person, language: str) -> None:
    person.send(person.get("/"), "/language/", language=language)


def _options(page: Page, text: str) -> list[str]:
    """The values of the options with this text."""
    return re.findall(rf'<option value="(\d+)"[^>]*>{re.escape(text)}</option>', page.html)


def test_posts_of_everybody_are_listed_drafts_too(clerk: Person, ann: Person) -> None:
    draft, published = ann.write(status="draft"), ann.write()

    links = clerk.get("/admin/posts/").links

    assert links.index(_admin(published)) < links.index(_admin(draft))


def test_posts_are_searched_and_filtered(clerk: Person, ann: Person, staff: Staff) -> None:
    draft = _admin(ann.write(status="draft", title=f"Über {ann.email}"))
    other = _admin(ann.write(title=f"über {ann.email}"))
    author = staff.user(ann.email)["id"]

    def listed(**params: object) -> list[str]:
        page = clerk.get("/admin/posts/", params=params)
        assert page.status == 200
        return [link for link in page.links if link in (draft, other)]

    assert listed(search=f"ÜBER {ann.email}") == [other, draft]
    assert listed(search=ann.email, status="draft") == [draft]
    assert listed(author=author, status="published") == [other]
    assert listed(search=f"{ann.email}%") == []


def test_the_list_goes_on_with_the_same_filters(clerk: Person, ann: Person, staff: Staff) -> None:
    author = staff.user(ann.email)["id"]
    staff.run(
        "INSERT INTO posts (author_id, status, title, content)"
        f" SELECT {author}, 'draft', 'number ' || n, 'x' FROM generate_series(1, 25) AS n"
    )
    found: list[str] = []
    path = f"/admin/posts/?author={author}&status=draft&search=number"
    while path:
        page = clerk.get(path)
        found += [link for link in page.links if re.fullmatch(r"/admin/posts/\d+/", link)]
        path = next((link for link in page.links if "cursor=" in link), "")

    assert len(found) == len(set(found)) == 25


def test_a_post_is_added_for_an_author_who_was_found(clerk: Person, ann: Person) -> None:
    page = clerk.get("/admin/posts/add/", params={"author": ann.email[2:].upper()})
    author_id = _options(page, ann.email)[0]
    action = page.forms[-2].action
    fields = {"title": "Added", "content": "*text*", "status": "published", "author_id": author_id}

    done = clerk.follow(clerk.send(page, action, **fields))

    assert done.heading == "Added"
    assert done.text_of("notice") == "The post has been created."
    assert f"/posts/{_number(done.response.url.split('/admin/')[1])}/" in ann.get("/posts/my/").links


def test_a_post_has_no_author_until_one_is_chosen(clerk: Person) -> None:
    page = clerk.get("/admin/posts/add/")
    action = page.forms[-2].action

    again = clerk.send(page, action, title="Nobody's", content="x", status="published")

    assert page.forms[-2].fields["author_id"] == ""
    assert again.status == 200
    assert again.text_of("author_id-error") == "must be an integer"


def test_what_was_typed_stays_when_something_is_wrong(clerk: Person, ann: Person) -> None:
    page = clerk.get("/admin/posts/add/", params={"author": ann.email})
    author_id = _options(page, ann.email)[0]
    fields = {"title": " ", "content": "typed <b>", "status": "published", "author_id": author_id}

    again = clerk.send(page, page.forms[-2].action, **fields)

    assert again.status == 200
    assert again.text_of("title-error")
    kept = again.forms[-2].fields
    assert (kept["content"], kept["status"], kept["author_id"]) == (
        "typed <b>",
        "published",
        author_id,
    )


def test_a_post_is_changed_and_gets_another_author(
    stack: Stack, clerk: Person, ann: Person
) -> None:
    bob = Person(stack.url).register()
    post = ann.write(status="draft", title="Before")
    page = clerk.get(_admin(post), params={"author": bob.email})
    assert page.forms[-3].fields["author_id"] == _options(page, ann.email)[0]
    fields = {"title": "After", "status": "published", "author_id": _options(page, bob.email)[0]}

    done = clerk.follow(clerk.send(page, page.forms[-3].action, **fields))

    assert done.heading == "After"
    assert done.text_of("notice") == "The post has been changed."
    assert post in bob.get("/posts/my/").links
    assert post not in ann.get("/posts/my/").links
    assert Person(stack.url).get(post).heading == "After"


def test_a_post_is_deleted(clerk: Person, ann: Person) -> None:
    post = ann.write()

    answer = clerk.send(clerk.get(_admin(post)), f"{_admin(post)}delete/")

    assert answer.location == "/admin/posts/"
    assert clerk.follow(answer).text_of("notice") == "The post has been deleted."
    assert ann.get(post).status == 404
    assert clerk.get(_admin(post)).status == 404


def test_several_posts_are_published_withdrawn_and_deleted(
    stack: Stack, clerk: Person, ann: Person, staff: Staff
) -> None:
    path = f"/admin/posts/?author={staff.user(ann.email)['id']}"
    posts = [ann.write(status="draft"), ann.write()]
    visitor = Person(stack.url)

    def change(what: str, done: str) -> list[int]:
        ids = [_number(post) for post in posts]
        answer = clerk.send(clerk.get(path), path, ids=ids, what=what)
        assert answer.location == path
        assert clerk.follow(answer).text_of("notice") == done
        return [visitor.get(post).status for post in posts]

    assert change("publish", "The post has been published.") == [200, 200]
    assert change("withdraw", "The posts have been made drafts.") == [404, 404]
    assert change("delete", "The posts have been deleted.") == [404, 404]
    assert [clerk.get(_admin(post)).status for post in posts] == [404, 404]


def test_no_post_chosen_is_said(clerk: Person, ann: Person) -> None:
    ann.write()

    page = clerk.send(clerk.get("/admin/posts/"), "/admin/posts/", what="publish")

    assert page.status == 200
    assert page.text_of("alert") == "Choose at least one."


def test_an_ordinary_user_cannot_send_the_staffs_forms(ann: Person, clerk: Person) -> None:
    post = _admin(clerk.write())

    def send(path: str, **typed: str) -> int:
        token = ann.get("/posts/new/").form("/posts/new/").fields
        return ann.post(path, {"csrf": token["csrf"], "once": token["once"]} | typed).status

    assert send(post, title="taken over") == 403
    assert send(f"{post}delete/") == 403
    assert send("/admin/posts/", ids=_number(post), what="delete") == 403
    assert clerk.get(post).heading == "Hello"


def test_the_staff_sees_who_changed_what(clerk: Person, ann: Person, staff: Staff) -> None:
    post = ann.write(title="Before <b>")
    page = clerk.get(_admin(post))
    clerk.send(page, page.forms[-3].action, title="After <i>")

    for path in ("/admin/log/", "/admin/"):
        log = clerk.get(path)
        assert log.status == 200
        row = log.html.split("<tbody>")[1].split("</tr>")[0]
        assert clerk.email in row
        assert "changed a post" in row
        assert f'href="{_admin(post)}"' in row
        assert "<del>Before &lt;b&gt;</del>" in row
        assert "<ins>After &lt;i&gt;</ins>" in row


def test_a_title_that_reads_like_a_flag_is_no_flag(clerk: Person, ann: Person) -> None:
    post = ann.write(title="true", status="draft")
    page = clerk.get(_admin(post))
    clerk.send(page, page.forms[-3].action, title="draft", status="published")
    _choose(clerk, "de")

    row = clerk.get("/admin/log/").html.split("<tbody>")[1].split("</tr>")[0]

    assert "<del>true</del>" in row and "<ins>draft</ins>" in row
    assert "<del>Entwurf</del>" in row and "<ins>veröffentlicht</ins>" in row


def test_the_log_leads_to_no_post_that_it_says_is_deleted(clerk: Person, ann: Person) -> None:
    alone, together = ann.write(title="alone"), ann.write(title="together")
    clerk.send(clerk.get(_admin(alone)), f"{_admin(alone)}delete/")
    clerk.send(clerk.get("/admin/posts/"), "/admin/posts/", ids=_number(together), what="delete")

    rows = clerk.get("/admin/log/").html.split("<tbody>")[1].split("</tr>")

    assert "together" in rows[0] and f'href="{_admin(together)}"' not in rows[0]
    assert "alone" in rows[1] and f'href="{_admin(alone)}"' not in rows[1]


def test_the_log_tells_of_users_without_their_passwords(
    clerk: Person, ann: Person, staff: Staff
) -> None:
    path, email = f"/admin/users/{staff.user(ann.email)['id']}/", new_email()
    clerk.send(clerk.get(path), path, email=email, is_active="false")
    forms = clerk.get(path).forms
    fields = next(form.fields for form in forms if form.fields.get("form") == "password")
    clerk.post(path, fields | {"password1": "secret horse 9", "password2": "secret horse 9"})

    log = clerk.get("/admin/log/")

    rows = log.html.split("<tbody>")[1].split("</tr>")
    assert "set a password" in rows[0] and email in rows[0]
    assert "changed a user" in rows[1]
    assert f"<del>{ann.email}</del>" in rows[1] and f"<ins>{email}</ins>" in rows[1]
    assert "<del>yes</del>" in rows[1] and "<ins>no</ins>" in rows[1]
    assert "secret horse" not in log.html


def test_the_log_goes_on_to_older_entries(clerk: Person, staff: Staff) -> None:
    staff.run(
        "INSERT INTO admin_changes (user_id, user_email, message, object, object_id, label, fields)"
        " SELECT 1, 'a@example.com', 'admin.change_user', 'user', 1, 'entry ' || n,"
        " '{\"fields\": []}' FROM generate_series(1, 60) AS n"
    )

    page = clerk.get("/admin/log/")
    older = clerk.get(next(link for link in page.links if "cursor=" in link))

    assert page.html.count("<tr>") - 1 == 50
    assert older.html.count("<tr>") - 1 >= 10
