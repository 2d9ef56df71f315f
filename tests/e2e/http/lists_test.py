"""Lists: what is in them, in which order, and how they are walked page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.http_client import Visitor, next_page
from support.stack import Stack


def _ids(posts: list[dict[str, Any]]) -> list[int]:
    return [post["id"] for post in posts]


def test_the_public_list_shows_published_posts_newest_first(
    visitor: Visitor, author: Visitor
) -> None:
    written = [author.write(title=str(number)) for number in range(3)]

    listed = visitor.get(f"/api/posts?author={author.id}").json()

    assert _ids(listed) == _ids(written)[::-1]
    assert listed[0] == {
        "id": written[2]["id"],
        "title": "2",
        "created_at": written[2]["created_at"],
        "author": {"id": author.id, "email": author.email},
    }


def test_drafts_are_never_in_the_public_list(author: Visitor) -> None:
    draft = author.write(status="draft")
    published = author.write()

    assert _ids(author.walk(f"/api/posts?author={author.id}")) == [published["id"]]
    assert draft["id"] not in _ids(author.walk("/api/posts?limit=100"))


def test_a_post_enters_and_leaves_the_public_list_with_its_status(author: Visitor) -> None:
    path = f"/api/posts/{author.write(status='draft')['id']}"

    assert author.get(f"/api/posts?author={author.id}").json() == []
    author.patch(path, {"status": "published"})
    assert len(author.get(f"/api/posts?author={author.id}").json()) == 1
    author.patch(path, {"status": "draft"})
    assert author.get(f"/api/posts?author={author.id}").json() == []


def test_ones_own_list_shows_drafts_too_and_only_ones_own(
    author: Visitor, reader: Visitor
) -> None:
    reader.write()
    draft, published = author.write(status="draft"), author.write()

    listed = author.get("/api/posts/my").json()

    assert _ids(listed) == [published["id"], draft["id"]]
    assert [post["status"] for post in listed] == ["published", "draft"]


def test_the_list_of_an_author_shows_nobody_elses(author: Visitor, reader: Visitor) -> None:
    post = author.write()
    reader.write()

    assert _ids(reader.get(f"/api/posts?author={author.id}").json()) == [post["id"]]
    assert reader.get(f"/api/posts?author={2**53 - 1}").json() == []


def test_a_page_holds_twenty_unless_told_otherwise(author: Visitor) -> None:
    for _ in range(21):
        author.write()

    for path in (f"/api/posts?author={author.id}", "/api/posts/my"):
        joint = "&" if "?" in path else "?"
        assert len(author.get(path).json()) == 20
        assert len(author.get(f"{path}{joint}limit=1").json()) == 1
        assert len(author.get(f"{path}{joint}limit=100").json()) == 21


def test_the_last_page_has_no_link(author: Visitor) -> None:
    for _ in range(2):
        author.write()
    path = f"/api/posts?author={author.id}"

    assert "Link" not in author.get(path).headers
    assert "Link" not in author.get(f"{path}&limit=2").headers
    first = author.get(f"{path}&limit=1")
    assert first.links["next"]["rel"] == "next"
    assert "Link" not in author.get(next_page(first)).headers


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_the_links_lead_through_the_whole_list(author: Visitor, limit: int) -> None:
    written = [author.write() for _ in range(7)]

    for path in (f"/api/posts?author={author.id}&limit={limit}", f"/api/posts/my?limit={limit}"):
        assert _ids(author.walk(path)) == _ids(written)[::-1]


def test_a_walk_neither_repeats_nor_misses_what_is_there_throughout(author: Visitor) -> None:
    lasting = [author.write() for _ in range(10)]
    passing = [author.write() for _ in range(5)]
    path = f"/api/posts?author={author.id}&limit=2"

    found = []
    while path:  # between any two pages the list changes before and behind the reader
        response = author.get(path)
        found += _ids(response.json())
        author.write()
        author.write(status="draft")
        if passing:
            author.delete(f"/api/posts/{passing.pop()['id']}")
        path = next_page(response)

    assert len(found) == len(set(found))
    assert set(_ids(lasting)) <= set(found)


def test_posts_of_one_moment_are_told_apart_by_id(stack: Stack, author: Visitor) -> None:
    written = [author.write() for _ in range(5)]
    stack.database.run(
        f"UPDATE posts SET created_at = '2024-01-01T00:00:00Z' WHERE author_id = {author.id}"
    )

    assert _ids(author.walk("/api/posts/my?limit=2")) == _ids(written)[::-1]
    assert author.get("/api/posts/my").json()[0]["created_at"] == "2024-01-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    "spoil", [lambda cursor: cursor + "x", lambda cursor: cursor[:-1], str.swapcase]
)
def test_a_cursor_that_is_not_ours_is_refused_or_leads_somewhere(
    author: Visitor, spoil: Callable[[str], str]
) -> None:
    for _ in range(2):
        author.write()
    path, _, cursor = next_page(author.get("/api/posts/my?limit=1")).partition("cursor=")

    response = author.get(f"{path}cursor={spoil(cursor)}")

    assert response.status_code in (200, 400)
