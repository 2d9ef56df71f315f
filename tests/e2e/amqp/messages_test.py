"""Each message, sent by any AMQP client."""

from __future__ import annotations

from typing import Any

import pytest

from support.amqp_client import AmqpClient
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack
from support.waiting import wait_for

NOWHERE = 2**53 - 1


def _as(user: Visitor) -> dict[str, Any]:
    return {"user_id": user.id}


def test_register_creates_a_user_who_can_log_in(stack: Stack, amqp: AmqpClient) -> None:
    email = new_email()

    reply = amqp.call(
        "users.register", {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    )

    user = reply.fields["user"]
    assert user == {"id": user["id"], "email": email, "is_staff": False}
    assert stack.visitor().login(email).id == user["id"]


def test_register_refuses_a_taken_address(amqp: AmqpClient, author: Visitor) -> None:
    fields = {"email": author.email.upper(), "password1": PASSWORD, "password2": PASSWORD}

    assert amqp.call("users.register", fields).code == "user_already_exists"


def test_register_refuses_unequal_passwords(amqp: AmqpClient) -> None:
    fields = {"email": new_email(), "password1": PASSWORD, "password2": "another one"}

    reply = amqp.call("users.register", fields)

    assert set(reply.fields["errors"]) == {"password2"}


def test_login_answers_with_the_user(amqp: AmqpClient, author: Visitor) -> None:
    reply = amqp.call("users.login", {"username": author.email, "password": PASSWORD})

    assert reply.fields == {"user": {"id": author.id, "email": author.email, "is_staff": False}}


def test_login_refuses_a_wrong_password(amqp: AmqpClient, author: Visitor) -> None:
    reply = amqp.call("users.login", {"username": author.email, "password": "wrong password"})

    assert reply.code == "authentication_failed"


def test_me_answers_with_the_user(amqp: AmqpClient, author: Visitor) -> None:
    reply = amqp.call("users.me", headers=_as(author))

    assert reply.fields == {"user": {"id": author.id, "email": author.email, "is_staff": False}}


def test_create_stores_a_post(amqp: AmqpClient, author: Visitor) -> None:
    reply = amqp.call("posts.create", new_post(title="From afar"), headers=_as(author))

    post = reply.fields["post"]
    assert post["title"] == "From afar"
    assert author.get(f"/api/posts/{post['id']}").json() == post


def test_update_changes_what_is_given(amqp: AmqpClient, author: Visitor) -> None:
    post = author.write()

    reply = amqp.call(
        "posts.update", {"post_id": post["id"], "title": "Other"}, headers=_as(author)
    )

    changed = reply.fields["post"]
    assert changed == post | {"title": "Other", "updated_at": changed["updated_at"]}


def test_update_of_nothing_is_invalid(amqp: AmqpClient, author: Visitor) -> None:
    fields = {"post_id": author.write()["id"]}

    reply = amqp.call("posts.update", fields, headers=_as(author))

    assert reply.code == "invalid_input"


def test_delete_removes_a_post(amqp: AmqpClient, author: Visitor) -> None:
    post_id = author.write()["id"]

    reply = amqp.call("posts.delete", {"post_id": post_id}, headers=_as(author))

    assert reply.fields == {}
    assert author.get(f"/api/posts/{post_id}").status_code == 404


def test_list_shows_published_posts_page_by_page(amqp: AmqpClient, author: Visitor) -> None:
    written = [author.write() for _ in range(3)]
    author.write(status="draft")

    first = amqp.call("posts.list", {"author": author.id, "limit": 2}).fields
    fields = {"author": author.id, "limit": 2, "cursor": first["next_cursor"]}
    second = amqp.call("posts.list", fields).fields

    found = [post["id"] for post in first["posts"] + second["posts"]]
    assert found == [post["id"] for post in written[::-1]]
    assert first["posts"][0]["status"] == "published"
    assert second["next_cursor"] is None


def test_my_shows_ones_own_posts_drafts_too(amqp: AmqpClient, author: Visitor) -> None:
    draft = author.write(status="draft")

    posts = amqp.call("posts.my", headers=_as(author)).fields["posts"]

    assert [(post["id"], post["status"]) for post in posts] == [(draft["id"], "draft")]


def test_retrieve_shows_a_published_post(amqp: AmqpClient, author: Visitor) -> None:
    post = author.write()

    assert amqp.call("posts.retrieve", {"post_id": post["id"]}).fields == {"post": post}


def test_retrieve_shows_ones_own_draft(
    amqp: AmqpClient, author: Visitor, reader: Visitor
) -> None:
    fields = {"post_id": author.write(status="draft")["id"]}

    assert amqp.call("posts.retrieve", fields, headers=_as(author)).code is None
    assert amqp.call("posts.retrieve", fields, headers=_as(reader)).code == "not_found"
    assert amqp.call("posts.retrieve", fields).code == "not_found"


def test_only_owner_hides_what_others_have_published(
    amqp: AmqpClient, author: Visitor, reader: Visitor
) -> None:
    fields = {"post_id": author.write()["id"], "only_owner": True}

    assert amqp.call("posts.retrieve", fields, headers=_as(author)).code is None
    assert amqp.call("posts.retrieve", fields, headers=_as(reader)).code == "not_found"
    assert amqp.call("posts.retrieve", fields).code == "access_denied"
    open_to_all = fields | {"only_owner": False}
    assert amqp.call("posts.retrieve", open_to_all, headers=_as(reader)).code is None


def test_the_notification_is_for_users_only(amqp: AmqpClient) -> None:
    reply = amqp.call("users.send_registration_notification", {"user_id": NOWHERE})

    assert reply.code == "not_found"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("users.me", {}),
        ("users.logout", {}),
        ("posts.my", {}),
        ("posts.create", new_post()),
        ("posts.update", {"post_id": NOWHERE, "title": "Other"}),
        ("posts.delete", {"post_id": NOWHERE}),
    ],
)
def test_what_needs_a_user_is_denied_to_nobody(
    amqp: AmqpClient, name: str, fields: dict[str, Any]
) -> None:
    assert amqp.call(name, fields).code == "access_denied"
    assert amqp.call(name, fields, headers={"user_id": NOWHERE}).code == "access_denied"
    assert amqp.call(name, fields, headers={"session": "0" * 64}).code == "access_denied"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("posts.update", {"post_id": NOWHERE, "title": "Other"}),
        ("posts.delete", {"post_id": NOWHERE}),
        ("posts.retrieve", {"post_id": NOWHERE}),
        ("posts.retrieve", {"post_id": NOWHERE, "only_owner": True}),
    ],
)
def test_what_is_not_there_is_not_found(
    amqp: AmqpClient, author: Visitor, name: str, fields: dict[str, Any]
) -> None:
    assert amqp.call(name, fields, headers=_as(author)).code == "not_found"


@pytest.mark.parametrize("name", ["posts.update", "posts.delete"])
def test_a_post_is_changed_by_its_author_only(
    amqp: AmqpClient, author: Visitor, reader: Visitor, name: str
) -> None:
    fields = {"post_id": author.write()["id"]}
    fields |= {"title": "Other"} if name == "posts.update" else {}

    assert amqp.call(name, fields, headers=_as(reader)).code == "access_denied"


@pytest.mark.parametrize("name", ["users.register", "users.login", "posts.create", "posts.list"])
def test_the_contract_is_checked_before_anything_else(amqp: AmqpClient, name: str) -> None:
    reply = amqp.call(name, {"nonsense": 1, "email": 1, "author": "x", "status": "x"})

    assert reply.code == "invalid_input"
    assert "nonsense" in reply.fields["errors"]


def test_a_command_without_a_reply_is_carried_out(amqp: AmqpClient, author: Visitor) -> None:
    amqp.send("posts.create", new_post(), headers=_as(author), reply_to=None)

    wait_for(lambda: author.get("/api/posts/my").json(), "the post to be stored")
