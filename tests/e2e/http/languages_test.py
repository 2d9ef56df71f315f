"""Why something failed is said in the caller's language; codes and titles never change."""

from __future__ import annotations

import pytest

from support.amqp_client import AmqpClient
from support.http_client import Visitor, new_post

SIGN_IN = {
    "en": "You have to be logged in",
    "de": "Sie müssen angemeldet sein",
    "fr": "Vous devez être connecté",
}


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (None, "en"),
        ("en", "en"),
        ("it", "en"),
        ("de-CH, fr;q=0.9", "de"),
        ("it, fr;q=0.2, en;q=0.1", "fr"),
    ],
)
def test_a_service_answers_in_the_language_asked_for(
    visitor: Visitor, wanted: str | None, language: str
) -> None:
    headers = {} if wanted is None else {"Accept-Language": wanted}

    problem = visitor.post("/api/posts", new_post(), headers=headers).json()

    assert problem == {
        "type": "urn:postroom:problem:access_denied",
        "title": "Access denied",
        "status": 403,
        "detail": SIGN_IN[language],
        "code": "access_denied",
    }


def test_what_the_gateway_refuses_itself_is_translated_too(visitor: Visitor) -> None:
    response = visitor.get("/api/nothing", headers={"Accept-Language": "fr"})

    assert response.json()["detail"] == "Ce chemin n’existe pas."


def test_messages_of_fields_are_translated(author: Visitor) -> None:
    response = author.post("/api/posts", new_post(title=" "), headers={"Accept-Language": "de"})

    assert response.json()["errors"] == {"title": ["darf nicht nur aus Leerzeichen bestehen"]}


def test_a_message_names_its_language(amqp: AmqpClient) -> None:
    reply = amqp.call("posts.create", new_post(), headers={"language": "de"})

    assert reply.fields["detail"] == SIGN_IN["de"]


def test_what_was_chosen_on_a_page_counts_more_than_what_the_browser_asks_for(
    visitor: Visitor,
) -> None:
    headers = {"Accept-Language": "fr", "Cookie": "language=de"}

    problem = visitor.post("/api/posts", new_post(), headers=headers).json()

    assert problem["detail"] == SIGN_IN["de"]


def test_a_choice_that_is_no_language_counts_for_nothing(visitor: Visitor) -> None:
    headers = {"Accept-Language": "fr", "Cookie": "language=x" + "y" * 100}

    assert visitor.get("/api/nothing", headers=headers).json()["detail"] == (
        "Ce chemin n’existe pas."
    )
