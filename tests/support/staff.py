"""People who may enter the administration pages."""

from __future__ import annotations

from typing import Any

from support.page_client import Person
from support.stack import Stack


class Staff:
    """Makes them, and knows of all people what pages do not tell."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def clerk(self) -> Person:
        """A member of the staff who is no superuser."""
        person = Person(self.stack.url).register()
        self.run(f"UPDATE users SET is_staff = true WHERE email = '{person.email}'")
        return person

    def chief(self) -> Person:
        """A superuser."""
        person = self.clerk()
        self.run(f"UPDATE users SET is_superuser = true WHERE email = '{person.email}'")
        return person

    def run(self, statement: str) -> None:
        self.stack.database.run(statement)

    def user(self, email: str) -> dict[str, Any]:
        """The user's row."""
        return self.stack.database.rows(f"SELECT * FROM users WHERE email = '{email}'")[0]
