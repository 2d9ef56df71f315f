"""Dead letters by the command line: read, sent again, edited, dropped, and who did it."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.amqp_client import AmqpClient
from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack
from support.waiting import wait_for

PROBLEM, USAGE, UNREACHABLE = 1, 64, 69
NOWHERE = 2**53 - 1
DIGEST = "0123456789abcdef" * 4


class Letters:
    """Makes dead letters, and looks at what becomes of them."""

    def __init__(self, stack: Stack, amqp: AmqpClient) -> None:
        self.stack = stack
        self.amqp = amqp

    def rows(self, message_id: str) -> list[dict[str, Any]]:
        return self.stack.database.rows(
            f"SELECT * FROM dead_letters WHERE message_id = '{message_id}' ORDER BY id"
        )

    def state(self, message_id: str) -> dict[str, Any] | None:
        """The row that the state of a command is read from."""
        found = self.stack.database.rows(
            f"SELECT * FROM inbox WHERE message_id = '{message_id}'"
        )
        return found[0] if found else None

    def actions(self, letter: dict[str, Any]) -> list[dict[str, Any]]:
        return self.stack.database.rows(
            f"SELECT * FROM dead_letter_actions WHERE letter_id = {letter['id']} ORDER BY id"
        )

    def make(self, name: str, fields: Any, **options: Any) -> dict[str, Any]:
        """Post a command that fails with nobody to tell; its letter."""
        message_id = options.setdefault("message_id", str(uuid.uuid4()))
        self.amqp.send(name, fields, reply_to=None, **options)
        (letter,) = wait_for(lambda: self.rows(message_id), "the dead letter")
        return letter

    def of_nothing(self, user: Visitor, **options: Any) -> dict[str, Any]:
        """The letter of a post's deletion that was not there."""
        headers = {"user_id": user.id} | options.pop("headers", {})
        return self.make("posts.delete", {"post_id": NOWHERE}, headers=headers, **options)

    def show(self, letter: dict[str, Any]) -> dict[str, Any]:
        shown = self.stack.postroom("dead", "show", str(letter["id"]), "--json")
        assert shown.returncode == 0
        return json.loads(shown.stdout)

    def run(self, verb: str, *arguments: Any, **options: Any) -> subprocess.CompletedProcess[str]:
        return self.stack.postroom("dead", verb, *map(str, arguments), **options)

    def is_gone(self, letter: dict[str, Any]) -> bool:
        return not self.stack.database.rows(
            f"SELECT id FROM dead_letters WHERE id = {letter['id']}"
        )


@pytest.fixture
def letters(stack: Stack, amqp: AmqpClient) -> Letters:
    return Letters(stack, amqp)


@contextmanager
def _held(stack: Stack, letter: dict[str, Any]) -> Iterator[None]:
    """Somebody else works on the letter."""
    with subprocess.Popen(
        ["psql", "-X", "-q", "-A", "-t", "-d", stack.database.url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as session:  # fmt: skip
        assert session.stdin is not None and session.stdout is not None
        session.stdin.write(
            f"BEGIN; SELECT 'held' FROM dead_letters WHERE id = {letter['id']} FOR UPDATE;\n"
        )
        session.stdin.flush()
        assert session.stdout.readline() == "held\n"
        yield
        session.stdin.close()
        session.wait(30)


def _line(done: subprocess.CompletedProcess[str], status: int) -> str:
    """What is said about a failure, in one line."""
    assert (done.returncode, done.stdout) == (status, ""), done
    assert done.stderr.startswith("postroom: ") and done.stderr.count("\n") == 1
    return done.stderr


def test_letters_are_listed_by_message_and_reason(letters: Letters, author: Visitor) -> None:
    made = [letters.of_nothing(author) for _ in range(2)]

    groups = json.loads(letters.run("list", "--json").stdout)
    table = letters.run("list").stdout

    (group,) = [
        each for each in groups if (each["message"], each["code"]) == ("posts.delete", "not_found")
    ]
    newest = group["letters"][:2]
    assert [each["id"] for each in newest] == [made[1]["id"], made[0]["id"]]
    assert set(newest[0]) == {"id", "message_id", "detail", "failed_at"}
    assert newest[0]["message_id"] == made[1]["message_id"]
    assert group["count"] >= 2
    assert group["oldest"] <= newest[1]["failed_at"] <= newest[0]["failed_at"] == group["newest"]
    assert table.splitlines()[0].split() == [
        "COUNT", "MESSAGE", "CODE", "OLDEST", "NEWEST", "LETTERS",
    ]  # fmt: skip
    assert any(
        line.split()[:3] == [str(group["count"]), "posts.delete", "not_found"]
        and str(made[1]["id"]) in line.split()
        for line in table.splitlines()
    )


def test_the_list_can_be_narrowed(letters: Letters, author: Visitor) -> None:
    letters.of_nothing(author)
    letters.make("posts.create", new_post())

    def listed(*arguments: str) -> set[tuple[str, str]]:
        groups = json.loads(letters.run("list", "--json", *arguments).stdout)
        return {(each["message"], each["code"]) for each in groups}

    assert ("posts.create", "access_denied") in listed()
    assert {message for message, _ in listed("--message", "posts.del*")} == {"posts.delete"}
    assert {code for _, code in listed("--code", "not_found")} == {"not_found"}
    assert listed("--message", "posts.burn") == set()


def test_a_long_list_shows_the_newest_and_counts_all(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack().prepare()
    assert stack.postroom("dead", "list").stdout == "no dead letters\n"
    assert stack.postroom("dead", "list", "--json").stdout == "[]\n"
    stack.database.run(
        "INSERT INTO dead_letters (message, code, detail, body, headers)"
        " SELECT 'posts.delete', 'internal', 'x', '{}', '{}' FROM generate_series(1, 130)"
    )

    (group,) = json.loads(stack.postroom("dead", "list", "--json").stdout)

    assert group["count"] == 130
    assert [each["id"] for each in group["letters"]] == list(range(130, 30, -1))


def test_a_letter_is_shown_with_all_that_is_kept(letters: Letters, author: Visitor) -> None:
    letter = letters.of_nothing(author, headers={"language": "de"})

    shown = letters.show(letter)
    text = letters.run("show", letter["id"]).stdout

    assert shown["body"] == {"post_id": NOWHERE}
    assert shown["headers"]["language"] == "de"
    assert shown["code"] == "not_found"
    assert letter["message_id"] in text and f'{{"post_id":{NOWHERE}}}' in text.replace(" ", "")


def test_a_letter_that_is_not_there_is_told(letters: Letters) -> None:
    for verb, more in (("show", ()), ("retry", ()), ("drop", ()), ("edit", ("post_id=1",))):
        assert "no dead letter 999999999" in _line(letters.run(verb, 999999999, *more), PROBLEM)


def test_retry_after_edit_has_exactly_one_effect(letters: Letters, author: Visitor) -> None:
    post, other = author.write(), author.write()
    letter = letters.of_nothing(author, headers={"language": "de"})

    edited = letters.run("edit", letter["id"], f"post_id={post['id']}", SUDO_USER="ann")
    retried = letters.run("retry", letter["id"], SUDO_USER="bob")

    assert (edited.returncode, json.loads(edited.stdout)) == (0, {"post_id": post["id"]})
    assert (retried.returncode, retried.stderr) == (0, "")
    assert letter["message_id"] in retried.stdout
    wait_for(lambda: [each["id"] for each in author.get("/api/posts/my").json()] == [other["id"]],
             "the post to be deleted")  # fmt: skip
    wait_for(lambda: letters.state(letter["message_id"]), "the outcome")
    state = letters.state(letter["message_id"])
    assert state is not None and state["error"] is None and state["user_id"] == author.id
    assert letters.rows(letter["message_id"]) == []
    actions = letters.actions(letter)
    assert [(each["action"], each["actor"]) for each in actions] == [
        ("edit", "ann"), ("retry", "bob"),
    ]  # fmt: skip
    assert all(each["message_id"] == letter["message_id"] for each in actions)
    assert str(NOWHERE) in actions[0]["detail"] and str(post["id"]) in actions[0]["detail"]
    log = json.loads(letters.run("log", "--json").stdout)
    mine = [each["action"] for each in log if each["letter_id"] == letter["id"]]
    assert mine == ["retry", "edit"]
    assert "bob" in letters.run("log").stdout


def test_the_same_identity_again_finds_what_the_retry_has_done(
    letters: Letters, amqp: AmqpClient, author: Visitor
) -> None:
    post = author.write()
    letter = letters.of_nothing(author)
    letters.run("edit", letter["id"], f"post_id={post['id']}")
    letters.run("retry", letter["id"])

    reply = amqp.call(
        "posts.delete", {"post_id": post["id"]},
        message_id=letter["message_id"], headers={"user_id": author.id},
    )  # fmt: skip

    assert (reply.code, reply.is_replayed) == (None, True)


def test_a_retry_that_fails_again_is_a_letter_again(letters: Letters, author: Visitor) -> None:
    letter = letters.of_nothing(author)

    assert letters.run("retry", letter["id"]).returncode == 0

    (again,) = wait_for(lambda: letters.rows(letter["message_id"]), "the letter to come back")
    state = letters.state(letter["message_id"])
    assert again["id"] > letter["id"]
    assert (again["code"], json.loads(again["body"])) == ("not_found", {"post_id": NOWHERE})
    assert state is not None and state["error"] == "not_found"


def test_an_effect_that_has_happened_is_not_repeated(letters: Letters, author: Visitor) -> None:
    letter = letters.make("posts.create", {}, headers={"user_id": author.id})
    letters.amqp.call(
        "posts.create", new_post(), message_id=letter["message_id"],
        headers={"user_id": author.id},
    )  # fmt: skip
    letters.run("edit", letter["id"], "-", text=json.dumps(new_post()))

    assert letters.run("retry", letter["id"]).returncode == 0

    # with other fields than those that were done: refused, told by a new letter
    wait_for(lambda: letters.is_gone(letter), "the letter to go")
    wait_for(
        lambda: [each["code"] for each in letters.rows(letter["message_id"])]
        in (["idempotency_mismatch"], []),
        "the answer",
    )
    assert len(author.get("/api/posts/my").json()) == 1


def test_a_letter_without_identity_gets_one(letters: Letters, author: Visitor) -> None:
    newest = letters.stack.database.rows("SELECT coalesce(max(id), 0) AS id FROM dead_letters")
    letters.amqp.send("posts.create", new_post(), message_id=None, reply_to=None,
                      headers={"user_id": author.id})  # fmt: skip
    (letter,) = wait_for(
        lambda: letters.stack.database.rows(
            f"SELECT * FROM dead_letters WHERE id > {newest[0]['id']}"
        ),
        "the letter",
    )
    assert letter["message_id"] is None

    assert letters.run("retry", letter["id"]).returncode == 0

    wait_for(lambda: author.get("/api/posts/my").json(), "the post")
    (action,) = letters.actions(letter)
    state = letters.state(action["message_id"])
    assert state is not None and state["error"] is None


def test_a_deadline_that_has_passed_does_not_bind_the_retry(
    letters: Letters, author: Visitor
) -> None:
    letter = letters.make(
        "posts.create", new_post(), headers={"user_id": author.id, "deadline": 1}
    )
    assert letter["code"] == "expired"

    assert letters.run("retry", letter["id"]).returncode == 0

    wait_for(lambda: len(author.get("/api/posts/my").json()) == 1, "the post")


def test_many_are_retried_at_once(letters: Letters, author: Visitor) -> None:
    made = [letters.of_nothing(author) for _ in range(3)]
    other = letters.make("posts.create", new_post())

    done = letters.run("retry", "--message", "posts.del*", "--code", "not_found")

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].endswith(" dead letters sent again")
    assert all(letters.is_gone(each) for each in made)
    assert not letters.is_gone(other)
    for each in made:
        wait_for(lambda id_=each["message_id"]: letters.rows(id_), "the letter to come back")


def test_two_at_once_do_not_both_retry(letters: Letters, author: Visitor) -> None:
    letter = letters.of_nothing(author)

    with _held(letters.stack, letter):
        for verb, more in (("retry", ()), ("drop", ()), ("edit", ("post_id=1",))):
            told = _line(letters.run(verb, letter["id"], *more), PROBLEM)
            assert "being worked on" in told

    assert not letters.is_gone(letter)
    state = letters.state(letter["message_id"])
    assert state is not None and state["error"] == "not_found"


def test_no_broker_changes_nothing(letters: Letters, author: Visitor) -> None:
    letter = letters.of_nothing(author)

    done = letters.run("retry", letter["id"], AMQP_URL="amqp://a:b@127.0.0.1:1/c")

    assert "cannot reach the broker" in _line(done, UNREACHABLE)
    assert letters.rows(letter["message_id"]) == [letter]
    state = letters.state(letter["message_id"])
    assert state is not None and state["error"] == "not_found"


def test_drop_leaves_the_state_failed(letters: Letters, author: Visitor) -> None:
    letter = letters.of_nothing(author)

    done = letters.run("drop", letter["id"])

    assert (done.returncode, done.stderr) == (0, "")
    assert letters.is_gone(letter)
    state = letters.state(letter["message_id"])
    assert state is not None and state["error"] == "not_found"
    (action,) = letters.actions(letter)
    assert (action["action"], action["code"]) == ("drop", "not_found")


@pytest.mark.parametrize(("code", "is_final"), [("internal", True), ("expired", False)])
def test_drop_makes_the_state_failed_where_nothing_said_so(
    letters: Letters, author: Visitor, code: str, is_final: bool
) -> None:
    letter = letters.of_nothing(author)
    id_ = letter["message_id"]
    letters.stack.database.run(f"DELETE FROM inbox WHERE message_id = '{id_}'")
    letters.stack.database.run(
        f"UPDATE dead_letters SET code = '{code}', user_id = {author.id} WHERE message_id = '{id_}'"
    )

    assert letters.run("drop", letter["id"]).returncode == 0

    state = letters.state(id_)
    assert state is not None
    assert (state["error"], state["is_final"], state["user_id"]) == (code, is_final, author.id)
    assert json.loads(state["body"])["code"] == code


def test_many_are_dropped_at_once(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack().prepare()
    stack.database.run(
        "INSERT INTO dead_letters (message, code, detail, body, headers)"
        " SELECT 'no.such', 'internal', 'x', 'null', '{}' FROM generate_series(1, 1500)"
    )

    done = stack.postroom("dead", "drop", "--all")

    assert done.stdout.splitlines()[-1] == "1500 of 1500 dead letters dropped"
    assert stack.database.rows("SELECT id FROM dead_letters") == []
    count = stack.database.rows("SELECT count(*) AS count FROM dead_letter_actions")
    assert count == [{"count": 1500}]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (("title=",), '"title":['),
        (("status=burnt",), '"status":['),
        (("colour=red",), "no field 'colour'"),
        (("title",), "neither"),
    ],
    ids=str,
)
def test_edit_is_held_against_the_contract(
    letters: Letters, fields: tuple[str, ...], told: str
) -> None:
    letter = letters.make("posts.create", new_post())

    done = letters.run("edit", letter["id"], *fields)

    assert done.returncode in (PROBLEM, USAGE)
    assert told in done.stdout + done.stderr
    assert letters.rows(letter["message_id"]) == [letter]
    assert letters.actions(letter) == []


def test_edit_takes_a_whole_body(letters: Letters) -> None:
    letter = letters.make("posts.create", None, body=b"unreadable")
    assert "could not be read" in _line(letters.run("retry", letter["id"]), PROBLEM)
    post = new_post()

    refused = letters.run("edit", letter["id"], "-", text='{"title": "only"}')
    done = letters.run("edit", letter["id"], "-", text=json.dumps(post))

    assert refused.returncode == PROBLEM
    assert json.loads(refused.stdout)["code"] == "invalid_input"
    assert done.returncode == 0
    assert letters.show(letter)["body"] == post


def test_what_is_no_command_of_ours_can_only_be_dropped(letters: Letters) -> None:
    letters.stack.database.run(
        "INSERT INTO dead_letters (message, code, detail, body, headers)"
        " VALUES ('no.such', 'internal', 'x', 'null', '{}')"
    )
    (letter,) = letters.stack.database.rows("SELECT * FROM dead_letters WHERE message = 'no.such'")

    for verb, more in (("retry", ()), ("edit", ("a=b",))):
        told = _line(letters.run(verb, letter["id"], *more), PROBLEM)
        assert "no command of ours: drop it" in told
    assert letters.run("drop", letter["id"]).returncode == 0


SECRET = "a secret that nobody may read"


def _registration(letters: Letters, **changes: Any) -> dict[str, Any]:
    fields = {"email": new_email(), "password1": SECRET, "password2": SECRET + "!"} | changes
    headers = {"new_session": DIGEST}
    letter = letters.make("users.register", fields, headers=headers)
    assert letter["code"] == "invalid_input"
    return letter


def _everything(stack: Stack) -> str:
    """All that is stored and logged."""
    tables = ("dead_letters", "dead_letter_actions", "inbox", "outbox", "attempts")
    rows = [stack.database.rows(f"SELECT * FROM {table}") for table in tables]
    return json.dumps(rows) + stack.output()


def test_secrets_are_neither_shown_nor_edited(letters: Letters) -> None:
    letter = _registration(letters)

    shown = letters.show(letter)
    everything = letters.run("show", letter["id"]).stdout + letters.run("list", "--json").stdout

    assert shown["body"]["password1"] == shown["body"]["password2"] == "[removed]"
    assert shown["headers"] == {}
    assert SECRET not in everything and DIGEST not in everything
    for arguments, text in (
        (("password1=topsecret", f"email={new_email()}"), ""),
        (("-",), json.dumps(shown["body"] | {"password1": "topsecret"})),
    ):
        done = letters.run("edit", letter["id"], *arguments, text=text)
        assert "password1 is secret: give it to retry" in _line(done, USAGE)
    assert "topsecret" not in _everything(letters.stack)


def test_a_secret_is_given_again_for_one_retry_and_kept_nowhere(
    letters: Letters, tmp_path: Path, visitor: Visitor
) -> None:
    letter = _registration(letters)
    email = new_email()
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")

    without = letters.run("retry", letter["id"])
    half = letters.run("retry", letter["id"], "password1=-", text=PASSWORD)
    other = letters.run("retry", letter["id"], f"email={email}")
    edited = letters.run("edit", letter["id"], f"email={email}")
    done = letters.run("retry", letter["id"], f"password1=@{tmp_path}/password", "password2=-",
                       text=PASSWORD)  # fmt: skip

    assert " password1=… password2=…" in _line(without, PROBLEM)
    assert " password2=…" in _line(half, PROBLEM)
    assert "email is not secret" in _line(other, USAGE)
    assert json.loads(edited.stdout) == {
        "email": email, "password1": "[removed]", "password2": "[removed]",
    }  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    wait_for(lambda: letters.is_gone(letter), "the letter to go")
    wait_for(lambda: letters.stack.database.rows(f"SELECT id FROM users WHERE email = '{email}'"),
             "the user")  # fmt: skip
    visitor.login(email)
    (action,) = [each for each in letters.actions(letter) if each["action"] == "retry"]
    assert PASSWORD not in json.dumps(action)
    assert PASSWORD not in _everything(letters.stack)
    assert PASSWORD not in done.stdout
    assert letters.stack.database.rows("SELECT 1 FROM sessions WHERE encode(digest, 'hex') ="
                                       f" '{DIGEST}'") == []  # fmt: skip


def test_a_wrong_secret_makes_a_letter_without_it(letters: Letters) -> None:
    letter = _registration(letters)

    done = letters.run("retry", letter["id"], f"password1={SECRET}1", f"password2={SECRET}2")

    assert done.returncode == 0
    (again,) = wait_for(lambda: letters.rows(letter["message_id"]), "the letter to come back")
    assert again["code"] == "invalid_input"
    assert SECRET not in _everything(letters.stack)


def test_the_actor_is_the_account(letters: Letters, author: Visitor) -> None:
    letter = letters.of_nothing(author)
    name = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()

    letters.run("drop", letter["id"])

    (action,) = letters.actions(letter)
    assert action["actor"] == name


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("burn",),
        ("list", "7"),
        ("list", "--all"),
        ("show",),
        ("show", "first"),
        ("show", "1", "2"),
        ("retry",),
        ("retry", "--all", "7"),
        ("retry", "--message", "*", "--all"),
        ("retry", "1", "2", "password=-"),
        ("retry", "--all", "password=-"),
        ("retry", "1", "-"),
        ("retry", "1", "--json"),
        ("drop",),
        ("drop", "1", "a=b"),
        ("edit", "1"),
        ("edit", "a=b"),
        ("edit", "1", "a=b", "-"),
        ("edit", "1", "2", "a=b"),
        ("log", "1"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told(stack: Stack, arguments: tuple[str, ...]) -> None:
    done = stack.postroom("dead", *arguments)

    assert (done.returncode, done.stdout) == (USAGE, "")
    assert done.stderr != ""
