"""What keeps accounts theirs: new passwords, the list of sessions, and the throttle of logins."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import requests

from support.http_client import PASSWORD, Visitor, new_email
from support.stack import Stack, address_of, listen
from support.waiting import wait_for

NEW_PASSWORD = "a better horse battery staple"
TRIES = 20  # more than are free, with time to spare for what drains away meanwhile


def change(visitor: Visitor, **fields: str) -> requests.Response:
    made = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    return visitor.post("/api/account/password", made | fields)


def log_in(visitor: Visitor, email: str, password: str) -> requests.Response:
    return visitor.post("/api/login", {"username": email, "password": password})


def try_until_refused(visitor: Visitor, email: str) -> requests.Response:
    for _ in range(TRIES):
        response = log_in(visitor, email, "wrong password")
        if response.status_code != 401:
            return response
    raise AssertionError(f"{TRIES} wrong passwords for {email} in a row were all looked at")


@pytest.fixture
def owner(stack: Stack) -> Visitor:
    return stack.visitor().register()


@pytest.fixture(autouse=True)
def forgotten_attempts(stack: Stack) -> Any:
    """All tests come from one address: none is to wait for another's failures."""
    stack.database.run("DELETE FROM login_attempts")
    yield
    stack.database.run("DELETE FROM login_attempts")


def test_a_changed_password_is_the_only_one_that_works(stack: Stack, owner: Visitor) -> None:
    response = change(owner)

    assert response.json() == {"id": owner.id, "email": owner.email}
    assert log_in(stack.visitor(), owner.email, PASSWORD).status_code == 401
    assert log_in(stack.visitor(), owner.email, NEW_PASSWORD).status_code == 200


def test_it_ends_all_sessions_and_renews_its_own(stack: Stack, owner: Visitor) -> None:
    other = stack.visitor().login(owner.email)
    old = {"Authorization": f"Bearer {owner.token}"}

    change(owner)

    assert owner.get("/api/me").json()["id"] == owner.id
    assert other.get("/api/me").status_code == 403
    assert stack.visitor().get("/api/me", headers=old).status_code == 403


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"old_password": "wrong password"}, {"old_password"}),
        ({"new_password2": "something else"}, {"new_password2"}),
        ({"new_password1": "password1", "new_password2": "password1"}, {"new_password1"}),
        ({"new_password1": "PassWord1", "new_password2": "PassWord1"}, {"new_password1"}),
        ({"new_password1": "short", "new_password2": "short"}, {"new_password1"}),
    ],
)
def test_a_change_that_will_not_do_says_why_and_changes_nothing(
    stack: Stack, owner: Visitor, fields: dict[str, str], wrong: set[str]
) -> None:
    response = change(owner, **fields)

    assert response.status_code == 400
    assert set(response.json()["errors"]) == wrong
    assert owner.get("/api/me").status_code == 200
    assert log_in(stack.visitor(), owner.email, PASSWORD).status_code == 200


def test_only_who_is_signed_in_changes_a_password(visitor: Visitor) -> None:
    assert change(visitor).json()["code"] == "access_denied"


def test_a_change_sent_again_with_its_key_signs_in_again(stack: Stack, owner: Visitor) -> None:
    fields = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    headers = {"Authorization": f"Bearer {owner.token}", "Idempotency-Key": new_email()}
    one, two = stack.visitor(), stack.visitor()

    first = one.post("/api/account/password", fields, headers=headers)
    second = two.post("/api/account/password", fields, headers=headers)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert two.get("/api/me").json()["id"] == owner.id


def test_a_login_sent_again_after_the_change_signs_nobody_in(stack: Stack, owner: Visitor) -> None:
    headers = {"Idempotency-Key": new_email()}
    fields = {"username": owner.email, "password": PASSWORD}
    assert stack.visitor().post("/api/login", fields, headers=headers).status_code == 200
    change(owner)

    late = stack.visitor()
    late.post("/api/login", fields, headers=headers)

    assert late.get("/api/me").status_code == 403


def test_sessions_are_listed_with_where_and_when(stack: Stack, owner: Visitor) -> None:
    other = stack.visitor().login(owner.email)

    mine, theirs = owner.get("/api/sessions").json(), other.get("/api/sessions").json()

    assert len(mine) == 2
    assert [each["is_current"] for each in mine] == [not each["is_current"] for each in theirs]
    for each in mine:
        assert each["client_address"] == "127.0.0.1"
        assert each["created_at"] <= each["last_seen_at"] < each["expires_at"]


def test_nobody_sees_the_sessions_of_others(visitor: Visitor, owner: Visitor) -> None:
    assert visitor.get("/api/sessions").status_code == 403
    assert len(owner.get("/api/sessions").json()) == 1


def test_a_session_is_ended_by_its_id(stack: Stack, owner: Visitor) -> None:
    other = stack.visitor().login(owner.email)
    found = next(each for each in owner.get("/api/sessions").json() if not each["is_current"])

    assert owner.delete(f"/api/sessions/{found['id']}").status_code == 204

    assert other.get("/api/me").status_code == 403
    assert owner.get("/api/me").status_code == 200
    assert owner.delete(f"/api/sessions/{found['id']}").status_code == 404


def test_anothers_session_is_not_found(stack: Stack, owner: Visitor) -> None:
    found = owner.get("/api/sessions").json()[0]

    assert stack.visitor().register().delete(f"/api/sessions/{found['id']}").status_code == 404
    assert owner.get("/api/me").status_code == 200


def test_all_others_are_ended_at_once(stack: Stack, owner: Visitor) -> None:
    others = [stack.visitor().login(owner.email) for _ in range(2)]

    assert owner.delete("/api/sessions").status_code == 204

    assert [each.get("/api/me").status_code for each in others] == [403, 403]
    assert len(owner.get("/api/sessions").json()) == 1


def test_whoever_tries_passwords_has_to_wait(stack: Stack, owner: Visitor) -> None:
    response = try_until_refused(stack.visitor(), owner.email)

    assert response.status_code == 429
    assert response.json()["code"] == "too_many_attempts"
    assert int(response.headers["Retry-After"]) == response.json()["retry_after"] >= 1


def test_the_answer_does_not_tell_whether_the_account_exists(
    stack: Stack, owner: Visitor
) -> None:
    known = try_until_refused(stack.visitor(), owner.email)
    unknown = try_until_refused(stack.visitor(), new_email())

    assert known.status_code == unknown.status_code == 429
    assert set(known.json()) == set(unknown.json())


def test_after_the_wait_the_right_password_works(stack: Stack, owner: Visitor) -> None:
    try_until_refused(stack.visitor(), owner.email)
    stack.database.run("UPDATE login_attempts SET failed_at = failed_at - interval '5 minutes'")

    assert log_in(stack.visitor(), owner.email, PASSWORD).status_code == 200


def test_wrong_old_passwords_are_tries_too(stack: Stack, owner: Visitor) -> None:
    statuses = [change(owner, old_password="wrong password").status_code for _ in range(TRIES)]

    assert set(statuses) == {400, 429}
    assert owner.get("/api/me").status_code == 200


def test_the_owner_is_not_kept_out_by_somebody_elsewhere(stack: Stack, owner: Visitor) -> None:
    amqp = stack.amqp()
    fields = {"username": owner.email, "password": "wrong password"}
    codes = {
        amqp.call("users.login", fields, headers={"client_address": f"198.51.100.{place % 4}"}).code
        for place in range(60)
    }

    assert codes == {"authentication_failed", "too_many_attempts"}
    assert log_in(stack.visitor(), owner.email, PASSWORD).status_code == 200


def test_what_was_typed_is_not_kept(stack: Stack) -> None:
    email = new_email()
    log_in(stack.visitor(), email, "wrong password")

    rows = stack.database.rows("SELECT t::text AS row FROM login_attempts t")

    assert len(rows) == 3
    assert not any(email in row["row"] for row in rows)


def test_a_session_in_use_is_noted_by_the_gateway(stack: Stack, owner: Visitor) -> None:
    _see_long_ago(stack, owner)
    with listen() as listener:  # a gateway that does not know the session yet
        gateway = stack.start("gateway", listener=listener)
        visitor = stack.visitor(f"http://{address_of(listener)}")
        stack.wait_until_serving(visitor.url)
        headers = {"Authorization": f"Bearer {owner.token}"}

        assert visitor.get("/api/me", headers=headers).status_code == 200

        wait_for(lambda: _is_seen_now(stack, owner), "the session to be noted", seconds=30)
        assert gateway.stop() == 0


def test_a_session_that_nobody_uses_ends(stack: Stack, owner: Visitor) -> None:
    amqp = stack.amqp()
    session = {"session": _digest(owner)}
    _see_long_ago(stack, owner)

    assert amqp.call("sessions.touch", {}, headers=session).code is None
    assert _is_seen_now(stack, owner)
    stack.database.run(f"UPDATE sessions SET expires_at = now() WHERE user_id = {owner.id}")
    assert amqp.call("sessions.touch", {}, headers=session).code is None

    assert owner.get("/api/me").status_code == 403


def test_no_session_is_longer_than_its_absolute_end(stack: Stack, owner: Visitor) -> None:
    _see_long_ago(stack, owner)
    stack.database.run(
        f"UPDATE sessions SET ends_at = now() + interval '1 hour' WHERE user_id = {owner.id}"
    )

    stack.amqp().call("sessions.touch", {}, headers={"session": _digest(owner)})

    rows = stack.database.rows(
        f"SELECT expires_at = ends_at AS is_bound FROM sessions WHERE user_id = {owner.id}"
    )
    assert str(rows[0]["is_bound"]).lower() in ("t", "true")


def _digest(visitor: Visitor) -> str:
    return hashlib.sha256(visitor.token.encode()).hexdigest()


def _see_long_ago(stack: Stack, visitor: Visitor) -> None:
    stack.database.run(
        "UPDATE sessions SET last_seen_at = now() - interval '1 hour',"
        f" expires_at = now() + interval '1 hour' WHERE user_id = {visitor.id}"
    )


def _is_seen_now(stack: Stack, visitor: Visitor) -> bool:
    return bool(
        stack.database.rows(
            f"SELECT 1 FROM sessions WHERE user_id = {visitor.id}"
            " AND last_seen_at > now() - interval '1 minute'"
            " AND expires_at > now() + interval '2 hours'"
        )
    )
