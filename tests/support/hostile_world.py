"""Postroom with something hostile in all that it keeps."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

from support.hostile import MARKUP, SitePage
from support.page_client import Person
from support.stack import Stack
from support.staff import Staff

TITLES = [each for each in MARKUP if len(each) <= 255]


@dataclass
class World:
    """A harmless author and a hostile one, with as many posts each; a superuser; nobody.

    Dead letters: for each payload one to look at and one to do something with, and a harmless one.
    """

    harmless: Person
    hostile: Person
    clerk: Person
    visitor: Person
    posts: dict[str, list[int]]  # by e-mail, oldest first
    users: dict[str, int]
    looked_at_user: int  # who does nothing
    spare_users: list[int]  # to be changed and deleted, in the order of MARKUP
    letters: list[int]  # to look at, in the order of MARKUP
    spare_letters: list[int]  # to be sent again and dropped
    harmless_letters: list[int]
    command: str  # that nobody has heard of

    def who_sees(self, page: SitePage) -> Person:
        return {"optional": self.hostile, "required": self.hostile, "staff": self.clerk}[page.user]

    def numbers(self, payload: str | None = None) -> dict[str, Any]:
        """What to look at; with a payload, what may be changed and deleted by it."""
        post = self.posts[self.hostile.email][0]
        place = 0 if payload is None else MARKUP.index(payload)
        letter = self.spare_letters[place]
        return {
            "post": post,
            "user": self.looked_at_user if payload is None else self.spare_users[place],
            "letter": letter,
            "command": self.command,
        }


def number_in(path: str) -> int:
    found = re.search(r"\d+", path)
    assert found, path
    return int(found[0])


def make_world(stack: Stack) -> World:
    staff = Staff(stack)
    harmless, hostile = (Person(stack.url).register() for _ in range(2))
    posts: dict[str, list[int]] = {harmless.email: [], hostile.email: []}
    for title in TITLES:
        for person, text in ((harmless, "harmless"), (hostile, title)):
            posts[person.email].append(number_in(person.write(title=text, content="x")))
    clerk = staff.chief()
    for person in (harmless, hostile, clerk):
        person.get("/")  # so that no notice is left
    looked_at, *spare = (
        staff.user(Person(stack.url).register().email)["id"] for _ in range(1 + len(MARKUP))
    )
    users = {person.email: staff.user(person.email)["id"] for person in (harmless, hostile)}
    letters = [_letters(staff, MARKUP), _letters(staff, MARKUP), _letters(staff, ["harmless"])]
    visitor = Person(stack.url)
    return World(harmless, hostile, clerk, visitor, posts, users, looked_at, spare, *letters, stack.signed_id(str(uuid.uuid4())))


def _letters(staff: Staff, texts: list[str]) -> list[int]:
    """Dead letters that say these wherever they say something; and what was done with ones like them."""
    for text in texts:
        headers = json.dumps({text: text}, ensure_ascii=False)
        staff.run(
            "INSERT INTO dead_letters (message, code, detail, body, headers)"
            f" SELECT text, text, text, text, $text${headers}$text$ FROM (VALUES ($text${text}$text$)) t (text)"
        )
    staff.run(
        "INSERT INTO dead_letter_actions (letter_id, action, actor, message, code, detail)"
        " SELECT id, 'drop', message, message, code, detail FROM dead_letters WHERE code = message"
    )
    found = staff.stack.database.rows("SELECT id FROM dead_letters WHERE code = message ORDER BY id")
    return [row["id"] for row in found[-len(texts) :]]
