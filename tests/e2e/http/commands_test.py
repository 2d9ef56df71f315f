"""What has become of a command: 202, and /api/commands/{id}."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests

from support.http_client import PASSWORD, Visitor, new_email, new_post
from support.stack import Stack
from support.waiting import wait_for

ASYNC = {"Prefer": "respond-async"}


def _accepted(response: requests.Response) -> str:
    """Where to ask for the command."""
    assert response.status_code == 202
    body = response.json()
    assert body["state"] == "pending"
    assert response.headers["Location"] == f"/api/commands/{body['id']}"
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    return response.headers["Location"]


def _final(visitor: Visitor, path: str) -> dict[str, Any]:
    """Its state, once it is done or has failed."""

    def state() -> dict[str, Any] | None:
        response = visitor.get(path)
        assert response.status_code == 200, response.text
        found = response.json()
        assert path.endswith(found["id"])
        return found if found["state"] != "pending" else None

    return wait_for(state, "the end of a command")


def test_a_command_that_nobody_waited_for_is_done(author: Visitor) -> None:
    fields = new_post()

    path = _accepted(author.post("/api/posts", fields, headers=ASYNC))

    state = _final(author, path)
    assert state["state"] == "done"
    assert state["problem"] is None
    post = state["result"]["post"]
    assert {name: post[name] for name in fields} == fields
    assert author.get(f"/api/posts/{post['id']}").json() == post


def test_a_command_without_a_result_to_show_is_done(author: Visitor) -> None:
    post = author.write()

    path = _accepted(author.delete(f"/api/posts/{post['id']}", headers=ASYNC))

    assert _final(author, path)["result"] == {}
    assert author.get(f"/api/posts/{post['id']}").status_code == 404


def test_a_command_that_has_failed_says_why(author: Visitor, reader: Visitor) -> None:
    post = author.write()

    path = _accepted(reader.delete(f"/api/posts/{post['id']}", headers=ASYNC))

    state = _final(reader, path)
    assert state["state"] == "failed"
    assert state["result"] is None
    assert state["problem"]["code"] == "access_denied"
    assert state["problem"]["status"] == 403


def test_only_its_sender_may_know(stack: Stack, author: Visitor, reader: Visitor) -> None:
    path = _accepted(author.post("/api/posts", new_post(), headers=ASYNC))
    _final(author, path)

    assert stack.visitor().login(author.email).get(path).status_code == 200
    assert reader.get(path).status_code == 404
    assert stack.visitor().get(path).status_code == 404


def test_a_stranger_may_know_of_a_command_without_a_user(
    visitor: Visitor, author: Visitor
) -> None:
    path = _accepted(visitor.post("/api/posts", new_post(), headers=ASYNC))

    assert _final(visitor, path)["problem"]["code"] == "access_denied"
    assert author.get(path).status_code == 404


def test_the_outcome_is_there_under_the_key_as_well(author: Visitor) -> None:
    fields = new_post()
    key = {"Idempotency-Key": uuid.uuid4().hex}
    path = _accepted(author.post("/api/posts", fields, headers=ASYNC | key))
    state = _final(author, path)

    response = author.post("/api/posts", fields, headers=key)

    assert response.status_code == 201
    assert response.json() == state["result"]["post"]
    assert response.headers["Idempotent-Replayed"] == "true"


def test_the_same_command_of_another_session_has_a_state_of_its_own(
    stack: Stack, author: Visitor
) -> None:
    fields = new_post()
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = author.post("/api/posts", fields, headers=key)
    again = stack.visitor().login(author.email)

    path = _accepted(again.post("/api/posts", fields, headers=ASYNC | key))

    assert _final(again, path)["result"]["post"] == first.json()


def test_who_a_registration_made_may_know_of_it(stack: Stack, visitor: Visitor) -> None:
    fields = {"email": new_email(), "password1": PASSWORD, "password2": PASSWORD}
    response = visitor.post("/api/register", fields)
    rows = stack.database.rows(
        f"SELECT message_id FROM inbox WHERE session_user_id = {response.json()['id']}"
    )
    path = f"/api/commands/{stack.signed_id(rows[0]['message_id'])}"

    assert visitor.get(path).json()["result"]["user"]["id"] == response.json()["id"]


def test_a_command_that_has_not_begun_is_pending(
    stack: Stack, author: Visitor, visitor: Visitor
) -> None:
    signed = stack.signed_id(str(uuid.uuid4()))

    for each in (author, visitor):
        response = each.get(f"/api/commands/{signed}")
        assert response.status_code == 200
        assert response.json() == {
            "id": signed,
            "state": "pending",
            "result": None,
            "problem": None,
        }


def test_a_wrong_mac_is_no_path(stack: Stack, author: Visitor) -> None:
    path = _accepted(author.post("/api/posts", new_post(), headers=ASYNC))
    _final(author, path)
    message_id, mac = path.removeprefix("/api/commands/").split(".")
    other = str(uuid.uuid4())
    wrong = [
        message_id,
        f"{message_id}.",
        f"{message_id}.{mac[:-1]}",
        f"{message_id}.{mac}=",
        f"{message_id}.{mac[:-1]}{'B' if mac[-1] == 'A' else 'A'}",
        f"{message_id.upper()}.{mac}",
        f"{other}.{mac}",
        stack.signed_id(other).replace(other, message_id),
        stack.signed_id("nothing"),
        f"{message_id}{mac}",
    ]

    for each in wrong:
        response = author.get(f"/api/commands/{each}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found"), each


def test_a_state_is_only_read(stack: Stack, author: Visitor) -> None:
    path = f"/api/commands/{stack.signed_id(str(uuid.uuid4()))}"

    for method in ("POST", "PATCH", "DELETE", "PUT"):
        response = author.request(method, path)
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD"
    assert author.request("HEAD", path).status_code == 200


@pytest.mark.parametrize("query", ["?id=x", "?x=1"])
def test_a_state_takes_no_parameters(stack: Stack, author: Visitor, query: str) -> None:
    path = f"/api/commands/{stack.signed_id(str(uuid.uuid4()))}"

    assert author.get(path + query).status_code == 400
