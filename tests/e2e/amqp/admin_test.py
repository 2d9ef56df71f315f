"""What the staff asks and changes, sent by any AMQP client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.amqp_client import AmqpClient, Reply
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack
from support.waiting import wait_for

NOWHERE = 2**53 - 1
NEW_PASSWORD = "quite another horse"
Ask = Callable[..., Reply]


@pytest.fixture(name="chief")
def _chief(stack: Stack) -> Visitor:
    """A superuser."""
    user = stack.visitor().register()
    stack.database.run(
        f"UPDATE users SET is_staff = true, is_superuser = true WHERE id = {user.id}"
    )
    return user


@pytest.fixture(name="clerk")
def _clerk(stack: Stack) -> Visitor:
    """A member of the staff who is no superuser."""
    user = stack.visitor().register()
    stack.database.run(f"UPDATE users SET is_staff = true WHERE id = {user.id}")
    return user


@pytest.fixture(name="ask")
def _ask(amqp: AmqpClient, clerk: Visitor) -> Ask:
    """The clerk's way to send a message, or that of somebody else (`by`)."""

    def ask(name: str, by: Visitor = clerk, **fields: Any) -> Reply:
        return amqp.call(f"admin.{name}", fields, headers={"user_id": by.id})

    return ask


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("my_rights", {}),
        ("list_users", {}),
        ("show_user", {"user_id": 1}),
        ("list_posts", {}),
        ("show_post", {"post_id": 1}),
        ("find_authors", {}),
        ("list_changes", {}),
        ("add_user", {"email": "a@b.cd", "password1": PASSWORD, "password2": PASSWORD}),
        ("change_user", {"user_id": 1, "is_active": True}),
        ("set_password", {"user_id": 1, "password1": PASSWORD, "password2": PASSWORD}),
        ("delete_user", {"user_id": 1}),
        ("change_users", {"users": [{"id": 1}], "action": "activate"}),
        ("change_users", {"users": [{"id": 1}], "action": "delete"}),
        ("add_post", {**new_post(), "author_id": 1}),
        ("change_post", {"post_id": 1, "title": "x"}),
        ("delete_post", {"post_id": 1}),
        ("change_posts", {"posts": [{"id": 1}], "action": "delete"}),
    ],
)
def test_only_the_staff_is_answered(
    amqp: AmqpClient, ask: Ask, author: Visitor, name: str, fields: dict[str, Any]
) -> None:
    assert ask(name, by=author, **fields).code == "access_denied"
    assert amqp.call(f"admin.{name}", fields).code == "access_denied"


def test_a_deactivated_member_of_the_staff_is_nobody(
    stack: Stack, ask: Ask, clerk: Visitor
) -> None:
    stack.database.run(f"UPDATE users SET is_active = false WHERE id = {clerk.id}")

    assert ask("list_users").code == "access_denied"


def test_users_are_listed_by_their_latest_login(
    stack: Stack, ask: Ask, author: Visitor, reader: Visitor
) -> None:
    stack.visitor().login(author.email)
    stack.visitor().login(reader.email)

    first = ask("list_users", limit=1).fields
    second = ask("list_users", limit=1, cursor=first["next_cursor"]).fields

    assert [user["id"] for user in first["users"] + second["users"]] == [reader.id, author.id]
    assert first["users"][0]["last_login"] > second["users"][0]["last_login"]


def test_users_are_searched_and_filtered(ask: Ask, author: Visitor, clerk: Visitor) -> None:
    def found(**fields: Any) -> list[int]:
        return [user["id"] for user in ask("list_users", **fields).fields["users"]]

    part = author.email.split("@")[0][2:].upper()
    assert found(search=part) == [author.id]
    assert found(search=part, is_staff=True) == []
    assert found(search=clerk.email, is_staff=True, is_active=True) == [clerk.id]
    assert found(search=author.email.replace("@", "%")) == []


def test_a_user_is_added_and_can_log_in(stack: Stack, ask: Ask) -> None:
    email = new_email()

    user = ask("add_user", email=email, password1=PASSWORD, password2=PASSWORD).fields["user"]

    assert stack.visitor().login(email).id == user["id"]
    assert ask("show_user", user_id=user["id"]).fields["user"]["email"] == email
    assert (user["is_active"], user["is_staff"], user["last_login"]) == (True, False, None)


def test_adding_a_user_refuses_what_registering_does(ask: Ask, author: Visitor) -> None:
    fields = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD}

    taken = ask("add_user", **fields | {"email": author.email.upper()})
    assert taken.code == "user_already_exists"
    unequal = ask("add_user", **fields | {"password2": "another one"})
    assert set(unequal.fields["errors"]) == {"password2"}
    short = ask("add_user", **fields | {"password1": "short", "password2": "short"})
    assert set(short.fields["errors"]) == {"password1"}
    common = ask("add_user", **fields | {"password1": "password1", "password2": "password1"})
    assert set(common.fields["errors"]) == {"password1"}
    odd = ask("add_user", **fields | {"email": "nobody"})
    assert set(odd.fields["errors"]) == {"email"}


def test_only_a_superuser_grants_rights(ask: Ask, chief: Visitor, author: Visitor) -> None:
    assert ask("change_user", user_id=author.id, is_staff=True).code == "access_denied"

    user = ask("change_user", by=chief, user_id=author.id, is_staff=True).fields["user"]

    assert user["is_staff"]
    assert author.get("/api/me").json()["is_staff"]
    assert ask("change_user", user_id=author.id, is_staff=False).code == "access_denied"


def test_the_staff_learns_its_rights(ask: Ask, chief: Visitor) -> None:
    assert ask("my_rights").fields == {"is_superuser": False}
    assert ask("my_rights", by=chief).fields == {"is_superuser": True}


def test_only_a_superuser_changes_a_superuser(ask: Ask, chief: Visitor) -> None:
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    everybody = {"users": [{"id": chief.id}], "action": "deactivate"}

    assert ask("change_user", user_id=chief.id, email=new_email()).code == "access_denied"
    assert ask("set_password", user_id=chief.id, **passwords).code == "access_denied"
    assert ask("change_users", **everybody).code == "access_denied"
    assert chief.get("/api/me").status_code == 200


def test_nobody_locks_themselves_out(ask: Ask, chief: Visitor) -> None:
    fields = {"is_active": False, "is_staff": False, "is_superuser": False}

    reply = ask("change_user", by=chief, user_id=chief.id, **fields)

    assert set(reply.fields["errors"]) == set(fields)
    several = ask("change_users", by=chief, users=[{"id": chief.id}], action="deactivate")
    assert set(several.fields["errors"]) == {"users"}
    assert chief.get("/api/me").json()["is_staff"]


def test_deactivation_ends_the_sessions_at_once(stack: Stack, ask: Ask, author: Visitor) -> None:
    assert author.get("/api/me").status_code == 200

    assert ask("change_user", user_id=author.id, is_active=False).code is None

    assert author.get("/api/me").status_code == 403
    fields = {"username": author.email, "password": PASSWORD}
    assert stack.visitor().post("/api/login", fields).status_code == 401
    assert stack.database.rows(f"SELECT 1 FROM sessions WHERE user_id = {author.id}") == []

    assert ask("change_user", user_id=author.id, is_active=True).code is None
    assert author.get("/api/me").status_code == 403  # ended is ended
    assert stack.visitor().login(author.email).id == author.id


def test_a_changed_address_is_the_one_to_log_in_with(
    stack: Stack, ask: Ask, author: Visitor
) -> None:
    old, new = author.email, new_email()

    assert ask("change_user", user_id=author.id, email=new).code is None

    fields = {"username": old, "password": PASSWORD}
    assert stack.visitor().post("/api/login", fields).status_code == 401
    assert stack.visitor().login(new).id == author.id
    assert author.get("/api/me").json()["email"] == new  # the sessions stay
    assert stack.visitor().register(email=old).id != author.id  # and the old one is free


def test_an_address_of_another_is_refused(ask: Ask, author: Visitor, reader: Visitor) -> None:
    reply = ask("change_user", user_id=author.id, email=reader.email.upper())

    assert reply.code == "user_already_exists"
    assert set(ask("change_user", user_id=author.id, email="x").fields["errors"]) == {"email"}


def test_a_set_password_ends_the_sessions_and_is_the_one_to_log_in_with(
    stack: Stack, ask: Ask, author: Visitor
) -> None:
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    assert ask("set_password", user_id=author.id, **passwords).code is None

    assert author.get("/api/me").status_code == 403
    fields = {"username": author.email, "password": PASSWORD}
    assert stack.visitor().post("/api/login", fields).status_code == 401
    assert stack.visitor().login(author.email, NEW_PASSWORD).id == author.id


def test_several_users_are_changed_or_none(ask: Ask, author: Visitor, reader: Visitor) -> None:
    users = [{"id": author.id}, {"id": reader.id}]

    gone = ask("change_users", users=[*users, {"id": NOWHERE}], action="deactivate")
    assert gone.code == "not_found"
    assert author.get("/api/me").status_code == 200

    assert ask("change_users", users=users, action="deactivate").fields == {"changed": 2}
    assert author.get("/api/me").status_code == 403
    assert reader.get("/api/me").status_code == 403
    assert ask("change_users", users=users, action="deactivate").fields == {"changed": 0}


def test_a_user_is_deleted_with_posts_and_sessions(
    amqp: AmqpClient, stack: Stack, ask: Ask, author: Visitor, reader: Visitor
) -> None:
    ids = [author.write(status=status)["id"] for status in ("draft", "published")]
    kept = reader.write()
    events = amqp.subscribe("posts.deleted")
    assert ask("show_user", user_id=author.id).fields["posts"] == 2

    assert ask("delete_user", user_id=author.id).fields == {"posts": 2}

    assert ask("show_user", user_id=author.id).code == "not_found"
    assert author.get("/api/me").status_code == 403
    assert ask("list_users", by=author).code == "access_denied"
    assert amqp.call("posts.create", new_post(), headers={"user_id": author.id}).code == "access_denied"
    fields = {"username": author.email, "password": PASSWORD}
    assert stack.visitor().post("/api/login", fields).status_code == 401
    assert [reader.get(f"/api/posts/{each}").status_code for each in ids] == [404, 404]
    assert reader.get(f"/api/posts/{kept['id']}").status_code == 200
    assert stack.visitor().register(email=author.email).id != author.id  # the address is free

    def told() -> list[Any]:
        amqp.listen()
        return [event["data"] for _, event in events]

    expected = [{"post_id": each, "author_id": author.id} for each in ids]
    wait_for(lambda: all(each in told() for each in expected), "the end of the posts")


def test_a_deletion_again_is_the_same_one_and_written_down_once(
    amqp: AmqpClient, stack: Stack, clerk: Visitor, author: Visitor
) -> None:
    author.write()
    message_id = "0190aaaa-0000-7000-8000-0000000ad002"
    options = {"message_id": message_id, "headers": {"user_id": clerk.id}}

    amqp.call("admin.delete_user", {"user_id": author.id}, **options)
    again = amqp.call("admin.delete_user", {"user_id": author.id}, **options)

    assert again.is_replayed
    assert again.fields == {"posts": 1}
    query = "SELECT label, fields FROM admin_changes WHERE message = 'admin.delete_user'"
    rows = stack.database.rows(f"{query} AND object_id = {author.id}")
    assert [row["label"] for row in rows] == [author.email]


def test_what_a_deleted_user_sent_is_still_answered(
    amqp: AmqpClient, ask: Ask, author: Visitor
) -> None:
    message_id = "0190aaaa-0000-7000-8000-0000000ad003"
    options = {"message_id": message_id, "headers": {"user_id": author.id}}
    fields = new_post()
    amqp.call("posts.create", fields, **options)
    ask("delete_user", user_id=author.id)

    again = amqp.call("posts.create", fields, **options)

    assert again.code in ("access_denied", "idempotency_mismatch")  # from somebody else: nobody


def test_who_may_not_be_deleted(ask: Ask, chief: Visitor, clerk: Visitor) -> None:
    assert ask("delete_user", user_id=NOWHERE).code == "not_found"
    assert ask("delete_user", user_id=chief.id).code == "access_denied"
    assert set(ask("delete_user", user_id=clerk.id).fields["errors"]) == {"user_id"}
    own = ask("change_users", by=chief, users=[{"id": clerk.id}, {"id": chief.id}], action="delete")
    assert set(own.fields["errors"]) == {"users"}
    assert clerk.get("/api/me").status_code == 200


def test_a_user_with_too_many_posts_is_not_deleted(
    stack: Stack, ask: Ask, author: Visitor
) -> None:
    stack.database.run(
        "INSERT INTO posts (author_id, status, title, content)"
        f" SELECT {author.id}, 'draft', 'title', 'text' FROM generate_series(1, 10001)"
    )

    refused = ask("delete_user", user_id=author.id)

    assert set(refused.fields["errors"]) == {"user_id"}
    assert author.get("/api/me").status_code == 200
    stack.database.run(f"DELETE FROM posts WHERE author_id = {author.id}")


def test_several_users_are_deleted_or_none(
    ask: Ask, chief: Visitor, author: Visitor, reader: Visitor
) -> None:
    users = [{"id": author.id}, {"id": reader.id}]
    author.write()

    with_a_chief = ask("change_users", users=[*users, {"id": chief.id}], action="delete")
    assert with_a_chief.code == "access_denied"
    assert author.get("/api/me").status_code == 200

    assert ask("change_users", users=users, action="delete").fields == {"changed": 2}
    assert author.get("/api/me").status_code == 403
    assert ask("show_user", user_id=reader.id).code == "not_found"


def test_posts_of_all_are_listed_searched_and_filtered(
    ask: Ask, author: Visitor, reader: Visitor
) -> None:
    draft = author.write(status="draft", title=f"Über {author.email}")
    other = reader.write(title=f"über {author.email}")

    def found(**fields: Any) -> list[int]:
        return [post["id"] for post in ask("list_posts", **fields).fields["posts"]]

    assert found(limit=2) == [other["id"], draft["id"]]
    part = f"ÜBER {author.email}"
    assert found(search=part) == [other["id"], draft["id"]]
    assert found(search=part, status="draft") == [draft["id"]]
    assert found(search=part, author=reader.id) == [other["id"]]
    assert ask("show_post", post_id=draft["id"]).fields == {"post": draft}


def test_an_author_is_found(ask: Ask, author: Visitor) -> None:
    found = ask("find_authors", search=author.email[2:].upper()).fields["authors"]

    assert found == [{"id": author.id, "email": author.email}]


def test_a_post_is_added_changed_and_deleted_as_its_author_would(
    amqp: AmqpClient, ask: Ask, author: Visitor, reader: Visitor
) -> None:
    events = amqp.subscribe("posts.*")

    post = ask("add_post", **new_post(status="draft"), author_id=author.id).fields["post"]
    assert author.get(f"/api/posts/{post['id']}").json() == post
    changes = {"title": "Other", "status": "published", "author_id": reader.id}
    changed = ask("change_post", post_id=post["id"], **changes).fields["post"]
    assert changed["author"] == {"id": reader.id, "email": reader.email}
    assert author.get(f"/api/posts/{post['id']}").json() == changed
    assert ask("delete_post", post_id=post["id"]).fields == {}
    assert author.get(f"/api/posts/{post['id']}").status_code == 404

    def told() -> list[tuple[str, Any]]:
        amqp.listen()
        return [(name, event["data"]) for name, event in events]

    expected = [
        ("posts.created", {"post": post}),
        ("posts.updated", {"post": changed}),
        ("posts.deleted", {"post_id": post["id"], "author_id": reader.id}),
    ]
    wait_for(lambda: all(each in told() for each in expected), "the life of the post")


def test_a_post_needs_an_author_who_is_there(ask: Ask, author: Visitor) -> None:
    added = ask("add_post", **new_post(), author_id=NOWHERE)
    changed = ask("change_post", post_id=author.write()["id"], author_id=NOWHERE)

    assert set(added.fields["errors"]) == {"author_id"}
    assert set(changed.fields["errors"]) == {"author_id"}


def test_several_posts_are_published_withdrawn_and_deleted(
    ask: Ask, author: Visitor, visitor: Visitor
) -> None:
    ids = [author.write(status=status)["id"] for status in ("draft", "published")]
    posts = [{"id": each} for each in (*ids, ids[0])]  # named twice is meant once

    def statuses() -> list[int]:
        return [visitor.get(f"/api/posts/{each}").status_code for each in ids]

    assert ask("change_posts", posts=posts, action="publish").fields == {"changed": 1}
    assert statuses() == [200, 200]
    assert ask("change_posts", posts=posts, action="withdraw").fields == {"changed": 2}
    assert statuses() == [404, 404]
    assert ask("change_posts", posts=posts, action="delete").fields == {"changed": 2}
    assert ask("show_post", post_id=ids[0]).code == "not_found"
    assert ask("change_posts", posts=posts, action="delete").code == "not_found"


def test_no_more_than_a_hundred_at_once(ask: Ask) -> None:
    too_many = [{"id": each} for each in range(1, 102)]

    assert set(ask("change_posts", posts=too_many, action="delete").fields["errors"]) == {"posts"}
    nobody = ask("change_users", users=[], action="activate").fields["errors"]
    assert nobody == {"users": ["must not be empty"]}


def test_every_change_is_written_down_without_secrets(
    stack: Stack, ask: Ask, clerk: Visitor, author: Visitor
) -> None:
    old, new = author.email, new_email()
    ask("change_user", user_id=author.id, email=new, is_active=True)
    ask("set_password", user_id=author.id, password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    assert ask("change_user", user_id=author.id, email=new).code is None  # nothing changes
    assert ask("change_user", user_id=author.id, is_superuser=True).code == "access_denied"

    first = ask("list_changes", limit=1).fields
    second = ask("list_changes", limit=1, cursor=first["next_cursor"]).fields

    latest, before = first["changes"][0], second["changes"][0]
    assert latest["message"] == "admin.set_password"
    assert latest["changed"] == {"fields": [{"field": "password", "old": None, "new": None}]}
    assert before["message"] == "admin.change_user"
    assert before["user"] == {"id": clerk.id, "email": clerk.email}
    assert (before["object"], before["object_id"], before["label"]) == ("user", author.id, new)
    assert before["changed"] == {"fields": [{"field": "email", "old": old, "new": new}]}
    kept = stack.database.rows("SELECT fields::text FROM admin_changes")
    assert not any(NEW_PASSWORD in row["fields"] or PASSWORD in row["fields"] for row in kept)


def test_the_same_change_again_is_written_down_once(
    amqp: AmqpClient, stack: Stack, clerk: Visitor, author: Visitor
) -> None:
    message_id = "0190aaaa-0000-7000-8000-0000000ad001"
    fields = {"user_id": author.id, "email": new_email()}
    options = {"message_id": message_id, "headers": {"user_id": clerk.id}}

    amqp.call("admin.change_user", fields, **options)
    again = amqp.call("admin.change_user", fields, **options)

    assert again.is_replayed
    query = f"SELECT 1 FROM admin_changes WHERE object = 'user' AND object_id = {author.id}"
    assert len(stack.database.rows(query)) == 1
