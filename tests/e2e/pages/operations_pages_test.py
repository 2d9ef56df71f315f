"""The staff sees what goes on, deals with dead letters and runs jobs; everybody may ask for health."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from support.amqp_client import AmqpClient
from support.page_client import Page, Person
from support.staff import Staff
from support.stack import SERVICES, Stack
from support.waiting import wait_for

OPERATIONS = "/admin/operations/"
EVENTS = "/admin/operations/events"
LETTERS = "/admin/operations/dead-letters/"
JOBS = "/admin/operations/jobs/"
SECONDS = 60


@pytest.fixture(name="clerk")
def _clerk(stack: Stack) -> Person:
    return Staff(stack).clerk()


def _choose(person: Person, language: str) -> None:
    person.send(person.get("/"), "/language/", language=language)


def _events(person: Person) -> requests.Response:
    return person.session.get(person.url + EVENTS, stream=True, timeout=SECONDS)


def _overviews(response: requests.Response) -> Iterator[dict[str, Any]]:
    for line in response.iter_lines():
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


def _message(overview: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in overview["messages"] if each["name"] == name)


@pytest.mark.parametrize("path", [OPERATIONS, LETTERS, JOBS])
def test_operations_are_for_the_staff_only(stack: Stack, path: str) -> None:
    assert Person(stack.url).get(path).location.startswith("/login/?next=")
    assert Person(stack.url).register().get(path).status == 403


def test_every_message_and_process_is_shown(stack: Stack, clerk: Person) -> None:
    def page() -> Page | None:
        found = clerk.get(OPERATIONS)
        return found if all(f">{each}</th>" in found.html for each in SERVICES) else None

    html = wait_for(page, "all processes to be shown").html
    for contract in stack.contracts.of_kind("command") + stack.contracts.of_kind("query"):
        assert f'data-message="{contract.name}"' in html


def test_the_page_loads_itself_again_without_script_for_who_asks_for_it(clerk: Person) -> None:
    reload = '<noscript><meta http-equiv="refresh" content="5"></noscript>'
    chosen = f"{OPERATIONS}?refresh=yes"

    assert reload not in clerk.get(OPERATIONS).html
    assert f'href="{chosen}"' in clerk.get(OPERATIONS).html
    assert reload in clerk.get(chosen).html
    assert f'href="{OPERATIONS}"' in clerk.get(chosen).html


def test_events_tell_what_goes_on(clerk: Person) -> None:
    with _events(clerk) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        for overview in _overviews(response):
            me = _message(overview, "users.me")
            if me["done"] > 0 and me.get("consumers", 0) > 0 and overview["processes"]:
                break  # or the time is over, and the stream ends
        else:
            pytest.fail("no event has told of users.me")
    assert {each["service"] for each in overview["processes"]} <= set(SERVICES)
    assert me["queue"] == "query.users.me"


def test_events_come_again_and_again(clerk: Person) -> None:
    with _events(clerk) as response:
        overviews = _overviews(response)
        first, second = next(overviews)["at"], next(overviews)["at"]

    assert first < second


def test_events_are_for_the_staff_only(stack: Stack) -> None:
    assert _events(Person(stack.url)).status_code == 403
    assert _events(Person(stack.url).register()).status_code == 403
    answer = Person(stack.url).session.post(stack.url + EVENTS, timeout=SECONDS)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_who_listens_does_not_hold_up_a_gateway_that_stops(
    new_stack: Callable[[], Stack],
) -> None:
    stack = new_stack().prepare().start_all()
    clerk = Staff(stack).clerk()
    with _events(clerk) as response:
        overviews = _overviews(response)
        next(overviews)

        gateway = stack.of("gateway")[0]
        gateway.signal(15)

        for _ in overviews:
            pass  # the stream comes to its end; one that the end of the gateway cuts off raises
    assert gateway.wait() == 0


def _bury(
    amqp: AmqpClient, clerk: Person, name: str = "posts.delete", **fields: Any
) -> str:
    """A command that nobody waits for fails for good; its letter's number."""
    before = set(re.findall(rf'href="{LETTERS}(\d+)/"', clerk.get(LETTERS).html))
    amqp.send(
        name,
        fields or {"post_id": 987654321},
        headers={"user_id": clerk_id(clerk)},
        reply_to=None,
    )

    def found() -> str:
        now = set(re.findall(rf'href="{LETTERS}(\d+)/"', clerk.get(LETTERS).html))
        return (now - before).pop() if now - before else ""

    return wait_for(found, "the letter to be shown")


def clerk_id(clerk: Person) -> int:
    answer = clerk.session.get(f"{clerk.url}/api/me", timeout=SECONDS)
    return int(answer.json()["id"])


def _fields(page: Page) -> dict[str, str]:
    form = next(form for form in page.forms if "once" in form.fields and "csrf" in form.fields
                and form.action.startswith(LETTERS))
    return {name: form.fields[name] for name in ("csrf", "once")}


def test_a_letter_is_shown_and_dropped(amqp: AmqpClient, clerk: Person) -> None:
    number = _bury(amqp, clerk)
    page = clerk.get(f"{LETTERS}{number}/")
    assert page.status == 200
    assert "posts.delete" in page.html
    assert "987654321" in page.html

    answer = clerk.post(f"{LETTERS}{number}/", _fields(page) | {"ids": number, "form": "drop"})

    assert answer.location == LETTERS
    assert clerk.follow(answer).text_of("notice") == "The letter has been dropped."
    assert clerk.get(f"{LETTERS}{number}/").status == 404


def test_a_letter_is_sent_again(amqp: AmqpClient, clerk: Person) -> None:
    number = _bury(amqp, clerk)
    page = clerk.get(LETTERS)

    answer = clerk.post(LETTERS, _fields(page) | {"ids": number, "form": "retry"})

    assert clerk.follow(answer).text_of("notice") == "The letter is sent again."
    assert clerk.get(f"{LETTERS}{number}/").status == 404
    _choose(clerk, "de")
    [line] = [each for each in clerk.get(LETTERS).html.split("<li>") if f": {number} " in each]
    assert f"Erneut gesendet: {number} " in line
    assert "erneut gesendet nach: " in line


@pytest.mark.parametrize(
    ("name", "fields", "reason"),
    [
        ("posts.delete", {"post_id": "x"}, "Unreadable"),
        (
            "users.change_password",
            {"old_password": "wrong", "new_password1": "a", "new_password2": "b"},
            "Has secrets",
        ),
    ],
)
def test_a_letter_that_cannot_be_sent_again_stays_and_says_why(
    amqp: AmqpClient, clerk: Person, name: str, fields: dict[str, str], reason: str
) -> None:
    number = _bury(amqp, clerk, name, **fields)

    for path in (f"{LETTERS}{number}/", LETTERS):
        answer = clerk.post(path, _fields(clerk.get(path)) | {"ids": number, "form": "retry"})
        assert answer.status == 200
        assert f"Letter {number} has been left as it is: {reason}" in answer.text_of("alert")
        assert not clerk.get(LETTERS).text_of("notice")
    assert clerk.get(f"{LETTERS}{number}/").status == 200


def test_what_is_done_with_letters_comes_back_to_the_same_part_of_the_list(
    amqp: AmqpClient, clerk: Person
) -> None:
    number = _bury(amqp, clerk)
    path = f"{LETTERS}?message=posts.delete"
    form = clerk.get(path).form(path)

    answer = clerk.post(path, form.fields | {"ids": number, "form": "drop"})

    assert answer.location == path


def test_a_letter_that_is_gone_meanwhile_is_said_where_it_was_shown(
    amqp: AmqpClient, clerk: Person
) -> None:
    number = _bury(amqp, clerk)
    page = clerk.get(f"{LETTERS}{number}/")
    clerk.post(LETTERS, _fields(page) | {"ids": number, "form": "drop"})

    answer = clerk.post(f"{LETTERS}{number}/", _fields(page) | {"ids": number, "form": "retry"})

    assert answer.status == 404
    assert "There are no such dead letters" in answer.html


def test_nothing_chosen_is_said_beside_the_list(amqp: AmqpClient, clerk: Person) -> None:
    _bury(amqp, clerk)

    answer = clerk.post(LETTERS, _fields(clerk.get(LETTERS)) | {"form": "drop"})

    assert answer.status == 200
    assert answer.text_of("alert") == "Choose at least one."


def test_a_job_is_run_by_hand(stack: Stack, clerk: Person) -> None:
    page = clerk.get(JOBS)
    form = page.form(JOBS)
    names = re.findall(r'name="name" value="([^"]+)"', page.html)
    assert names
    assert '<p class="hint">Tell the staff of the dead letters of the last day</p>' in page.html

    answer = clerk.post(
        JOBS, {name: form.fields[name] for name in ("csrf", "once")} | {"name": names[0]}
    )

    assert answer.location == JOBS
    page = clerk.follow(answer)
    assert page.text_of("notice") == "The job has been started."
    wait_for(lambda: clerk.email in clerk.get(JOBS).html.split("<main")[1], "who ran it")


def test_health_is_a_page_for_people(stack: Stack) -> None:
    person = Person(stack.url)
    accept = {"Accept": "text/html"}

    def page() -> requests.Response | None:
        found = person.session.get(f"{stack.url}/ht/", headers=accept, timeout=SECONDS)
        return found if found.status_code == 200 else None

    found = wait_for(page, "all to be well")
    assert found.headers["Content-Type"].startswith("text/html")
    for part in ("Broker", "Database", "Mail", *SERVICES):
        assert f">{part}</th>" in found.text


def test_health_is_told_in_the_readers_language(stack: Stack) -> None:
    person = Person(stack.url)
    headers = {"Accept": "text/html", "Accept-Language": "de"}

    found = person.session.get(f"{stack.url}/ht/", headers=headers, timeout=SECONDS)

    assert ">Datenbank</th>" in found.text


def test_a_page_of_bad_health_is_a_503(new_stack: Callable[[], Stack]) -> None:
    stack = new_stack()
    stack.start("gateway", AMQP_URL="amqp://nobody:x@127.0.0.1:1/")

    found = requests.get(f"{stack.url}/ht/", headers={"Accept": "text/html"}, timeout=SECONDS)

    assert found.status_code == 503
    assert found.headers["Content-Type"].startswith("text/html")
