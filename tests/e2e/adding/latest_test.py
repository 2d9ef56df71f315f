"""Adding a message is cheap: what docs/add-a-message.md says, done to a copy of the tree."""

from __future__ import annotations

import json

from support.adding import LIST, MESSAGE, Added
from support.machine import ROOT
from support.stack import Stack


def test_the_build_names_the_handler_to_write(added_message: Added) -> None:
    assert "posts_latest_handle" in added_message.refusal
    assert MESSAGE["handler"] in added_message.refusal


def test_its_own_test_passes(added_message: Added) -> None:
    done = added_message.clone.call("build/tests/query/query_posts_latest_test")

    assert done.returncode == 0, done.stdout
    assert "100%" in done.stdout


def test_it_answers_over_http_over_amqp_and_on_the_command_line(stack: Stack) -> None:
    author = stack.visitor().register()
    author.write(status="draft")
    older, newer = author.write(), author.write()

    over_http = stack.visitor().get("/api/posts/latest?limit=1")
    over_amqp = stack.amqp().call("posts.latest", {"limit": 2})
    by_hand = stack.postroom("query", "posts.latest", "limit=1")

    assert [post["id"] for post in over_http.json()] == [newer["id"]]
    assert [post["id"] for post in over_amqp.fields["posts"]] == [newer["id"], older["id"]]
    assert [post["id"] for post in json.loads(by_hand.stdout)["posts"]] == [newer["id"]]
    wrong = stack.visitor().get("/api/posts/latest?limit=0&page=2")
    assert set(wrong.json()["errors"]) == {"limit", "page"}


def test_it_is_documented(added_message: Added) -> None:
    openapi = json.loads(added_message.clone.read("build/contracts/openapi.json"))
    asyncapi = added_message.clone.read("build/contracts/asyncapi.json")

    assert "get" in openapi["paths"]["/api/posts/latest"]
    assert "posts.latest" in asyncapi


def test_no_other_file_was_touched(added_message: Added) -> None:
    assert added_message.changed == {*MESSAGE.values(), LIST}
    assert added_message.lines == {"  'posts/latest',"}


def test_the_tests_of_the_documents_mind_no_message_more(added_message: Added) -> None:
    clone = added_message.clone
    command = ["/usr/bin/python3", "-B", "-m", "pytest", "-q", "tests/contracts/documents_test.py"]

    for done in (
        clone.call(*command),
        clone.call("env", f"SOURCE_ROOT={clone.folder}", "build/tests/cli/documents_test"),
    ):
        assert done.returncode == 0, done.stdout


def test_the_document_names_these_files() -> None:
    text = (ROOT / "docs/add-a-message.md").read_text(encoding="utf-8")

    assert all(name in text for name in (*MESSAGE.values(), LIST))
