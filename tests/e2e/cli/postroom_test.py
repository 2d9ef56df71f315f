"""The command line: results on standard output, a status that says how it went."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.amqp_client import AmqpClient
from support.contracts import check_problem
from support.http_client import PASSWORD, Visitor, new_email
from support.machine import ROOT
from support.stack import Stack
from support.waiting import wait_for

PROBLEM, USAGE, UNREACHABLE, NO_ANSWER, SETTINGS = 1, 64, 69, 75, 78


def _create(stack: Stack, email: str, *more: str) -> Any:
    arguments = ["send", "posts.create", "title=Hello", "content=a=b", "status=draft"]
    return stack.postroom(*arguments, "--as", email, *more)


def test_send_prints_the_result(stack: Stack, author: Visitor) -> None:
    done = _create(stack, author.email)

    assert (done.returncode, done.stderr) == (0, "")
    post = json.loads(done.stdout)["post"]
    assert post["author"]["id"] == author.id
    assert post["content"] == "a=b"
    assert author.get(f"/api/posts/{post['id']}").json() == post


def test_query_prints_the_result(stack: Stack, author: Visitor) -> None:
    post = author.write()

    one = stack.postroom("query", "posts.retrieve", f"post_id={post['id']}", "only_owner=false")
    all_ = stack.postroom("query", "posts.my", "limit=5", "--as", author.email.upper())

    assert json.loads(one.stdout) == {"post": post}
    assert [each["id"] for each in json.loads(all_.stdout)["posts"]] == [post["id"]]


def test_the_same_id_is_the_same_message(stack: Stack, author: Visitor) -> None:
    id_ = str(uuid.uuid4())

    first, second = (_create(stack, author.email, "--id", id_) for _ in range(2))

    assert first.stdout == second.stdout
    assert len(author.get("/api/posts/my").json()) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("send", "posts.delete", "post_id=9007199254740991"), "access_denied"),
        (("query", "users.me"), "access_denied"),
        (("query", "posts.retrieve", "post_id=9007199254740991"), "not_found"),
        (("query", "posts.retrieve", "post_id=one"), "invalid_input"),
        (("query", "posts.retrieve"), "invalid_input"),
        (("query", "posts.list", "limit=0"), "invalid_input"),
        (("query", "posts.list", "--json", '{"limit": 0}'), "invalid_input"),
        (("query", "posts.list", "--json", "{"), "invalid_input"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_problem_is_printed_too(stack: Stack, arguments: tuple[str, ...], code: str) -> None:
    done = stack.postroom(*arguments)

    problem = json.loads(done.stdout)
    assert done.returncode == PROBLEM
    assert problem["code"] == code
    check_problem(problem)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("send",),
        ("query",),
        ("send", "posts.burn"),
        ("query", "posts.create"),
        ("send", "posts.list"),
        ("send", "posts.created"),
        ("query", "posts.list", "colour=red"),
        ("query", "posts.list", "limit"),
        ("send", "posts.delete", "post_id=1", "--id", "nonsense"),
        ("users",),
        ("users", "create"),
        ("users", "destroy", "a@example.com"),
        ("users", "grant", "a@example.com"),
        ("users", "revoke", "--staff"),
        ("users", "grant", "a@example.com", "--staff", "--password-stdin"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told(stack: Stack, arguments: tuple[str, ...]) -> None:
    done = stack.postroom(*arguments)

    assert done.returncode == USAGE
    assert done.stdout == ""
    assert done.stderr != ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("migrate", "--help"),
        ("send", "--help"),
        ("send", "posts.create", "--help"),
        ("query", "--help"),
        ("users", "--help"),
        ("users", "create", "--help"),
        ("dead", "--help"),
        ("topology", "--help"),
    ],
    ids=" ".join,
)
def test_help_needs_nothing(stack: Stack, arguments: tuple[str, ...]) -> None:
    done = stack.postroom(*arguments, **dict.fromkeys(stack.settings))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: postroom")


def test_help_lists_every_message_and_field(stack: Stack) -> None:
    commands = stack.postroom("send", "--help").stdout
    fields = stack.postroom("send", "posts.create", "--help").stdout

    assert all(each.name in commands for each in stack.contracts.of_kind("command"))
    assert all(name in fields for name in ("title", "content", "status", "draft", "published"))


def test_users_create_makes_staff_who_can_log_in(stack: Stack, visitor: Visitor) -> None:
    email = new_email()

    done = stack.postroom(
        "users", "create", "--staff", "--password-stdin", email, text=PASSWORD + "\n"
    )

    user = json.loads(done.stdout)["user"]
    assert done.returncode == 0
    assert user == {"id": user["id"], "email": email, "is_staff": True}
    visitor.login(email)
    assert visitor.get("/api/me").json() == user


def test_users_create_makes_superusers_who_may_grant_rights(
    stack: Stack, amqp: AmqpClient, author: Visitor
) -> None:
    done = stack.postroom(
        "users", "create", "--superuser", "--password-stdin", new_email(), text=PASSWORD
    )

    user = json.loads(done.stdout)["user"]
    assert user["is_staff"] is True
    fields = {"user_id": author.id, "is_staff": True, "is_superuser": True}
    reply = amqp.call("admin.change_user", fields, headers={"user_id": user["id"]})
    assert reply.fields["user"]["is_superuser"] is True


def test_users_grant_gives_rights_to_who_is_registered_and_revoke_takes_them(
    stack: Stack, author: Visitor
) -> None:
    def rights(*arguments: str) -> tuple[bool, bool]:
        done = stack.postroom("users", *arguments, author.email.upper())
        user = json.loads(done.stdout)["user"]
        row = stack.database.rows(f"SELECT * FROM users WHERE id = {author.id}")[0]
        assert (done.returncode, user["id"], user["email"]) == (0, author.id, author.email)
        assert user["is_staff"] == row["is_staff"]
        return row["is_staff"], row["is_superuser"]

    assert rights("grant", "--staff") == (True, False)
    assert rights("grant", "--superuser") == (True, True)
    assert rights("grant", "--staff") == (True, True)  # nothing is taken
    assert rights("revoke", "--superuser") == (True, False)
    assert rights("grant", "--superuser") == (True, True)
    assert rights("revoke", "--staff") == (False, False)  # a superuser is staff


def test_users_grant_knows_nobody_by_that_name(stack: Stack) -> None:
    done = stack.postroom("users", "grant", new_email(), "--staff")

    assert done.returncode == PROBLEM
    assert done.stdout == ""
    assert "there is no user" in done.stderr


@pytest.mark.parametrize(
    ("options", "lang", "language"),
    [
        (("--language", "fr"), "de_DE.UTF-8", "fr"),
        ((), "de_DE.UTF-8", "de-DE"),
        ((), "C.UTF-8", None),
    ],
)
def test_users_create_keeps_the_language_of_e_mails(
    stack: Stack, options: tuple[str, ...], lang: str, language: str | None
) -> None:
    arguments = ("users", "create", new_email(), "--password-stdin", *options)

    done = stack.postroom(*arguments, text=PASSWORD, LC_ALL=lang)

    user = json.loads(done.stdout)["user"]
    row = stack.database.rows(f"SELECT language FROM users WHERE id = {user['id']}")[0]
    assert row["language"] == language


def test_users_create_makes_ordinary_users(stack: Stack) -> None:
    done = stack.postroom("users", "create", new_email(), "--password-stdin", text=PASSWORD)

    assert json.loads(done.stdout)["user"]["is_staff"] is False


def test_users_create_refuses_a_taken_address(stack: Stack, author: Visitor) -> None:
    done = stack.postroom("users", "create", author.email, "--password-stdin", text=PASSWORD)

    assert done.returncode == PROBLEM
    assert json.loads(done.stdout)["code"] == "user_already_exists"


def test_users_create_refuses_a_short_password(stack: Stack) -> None:
    done = stack.postroom("users", "create", new_email(), "--password-stdin", text="short")

    assert done.returncode == PROBLEM
    assert json.loads(done.stdout)["code"] == "invalid_input"


def test_secrets_come_by_file_or_standard_input(
    stack: Stack, author: Visitor, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    login = ("send", "users.login", f"username={author.email}")

    by_file = stack.postroom(*login, f"password=@{tmp_path}/password")
    by_input = stack.postroom(*login, "password=-", text=PASSWORD + "\n")

    assert by_file.returncode == by_input.returncode == 0


def test_nobody_by_that_name_is_told(stack: Stack) -> None:
    done = _create(stack, new_email())

    assert done.returncode == PROBLEM
    assert done.stderr != "" or json.loads(done.stdout)


@pytest.mark.parametrize("name", ["AMQP_URL", "DATABASE_URL"])
def test_what_is_out_of_reach_is_told(stack: Stack, author: Visitor, name: str) -> None:
    scheme = "amqp" if name == "AMQP_URL" else "postgresql"

    done = stack.postroom(
        "send", "users.logout", "--as", author.email, **{name: f"{scheme}://a:b@127.0.0.1:1/c"}
    )

    assert done.returncode == UNREACHABLE
    assert done.stdout == ""
    assert "postroom: " in done.stderr


@pytest.mark.parametrize(("name", "value"), [("AMQP_URL", None), ("REPLY_TIMEOUT_MS", "x")])
def test_a_wrong_setting_is_told(stack: Stack, name: str, value: str | None) -> None:
    done = stack.postroom("query", "posts.list", **{name: value})

    assert done.returncode == SETTINGS
    assert name in done.stderr


def test_no_answer_is_told_in_time(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack().prepare()  # nobody serves
    assert stack.postroom("topology").returncode == 0  # the first to declare it takes longer

    query = stack.postroom("query", "posts.list", "--timeout", "1000")
    command = stack.postroom("send", "users.logout", REPLY_TIMEOUT_MS="1000")
    user = stack.postroom(
        "users", "create", new_email(), "--password-stdin", text=PASSWORD, REPLY_TIMEOUT_MS="1000"
    )

    assert (query.returncode, query.stdout) == (NO_ANSWER, "")
    assert (command.returncode, command.stdout) == (NO_ANSWER, "")
    assert (user.returncode, user.stdout) == (NO_ANSWER, "")
    assert "--id" in command.stderr  # that verb can ask again
    assert "--id" not in user.stderr


def test_dead_letters_can_be_read(stack: Stack, author: Visitor) -> None:
    id_ = str(uuid.uuid4())
    done = stack.postroom(
        "send", "posts.delete", "post_id=9007199254740991", "--as", author.email, "--id", id_,
        "--no-wait",
    )  # fmt: skip
    assert done.returncode == 0

    wait_for(lambda: id_ in stack.postroom("dead", "list", "--json").stdout, "the dead letter")


def test_migrate_brings_an_empty_database_up_to_date_and_then_does_nothing(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack()
    stack.database.create()

    first, second = (stack.postroom("migrate", AMQP_URL=None) for _ in range(2))

    assert first.returncode == second.returncode == 0
    assert stack.database.rows("SELECT count(*) AS count FROM users") == [{"count": 0}]


@pytest.mark.parametrize("change", ["edited", "removed"])
def test_migrate_refuses_a_history_that_has_changed(
    new_stack: Callable[[], Stack], tmp_path: Path, change: str
) -> None:
    stack = new_stack()
    stack.database.create()
    copy = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", copy)
    assert stack.postroom("migrate", MIGRATIONS_DIR=str(copy)).returncode == 0
    latest = max(copy.glob("*.sql"))

    if change == "edited":
        latest.write_text(latest.read_text(encoding="utf-8") + "-- more\n", encoding="utf-8")
    else:
        latest.unlink()
    done = stack.postroom("migrate", MIGRATIONS_DIR=str(copy))

    assert done.returncode != 0
    assert latest.name in done.stderr


def test_a_migration_that_fails_changes_nothing(
    new_stack: Callable[[], Stack], tmp_path: Path
) -> None:
    stack = new_stack()
    stack.database.create()
    copy = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", copy)
    (copy / "9999_wrong.sql").write_text("CREATE TABLE half ();\nSELECT 1/0;\n", encoding="utf-8")

    done = stack.postroom("migrate", MIGRATIONS_DIR=str(copy))

    assert done.returncode != 0
    assert "9999_wrong.sql" in done.stderr
    tables = stack.database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert "half" not in {each["tablename"] for each in tables}
