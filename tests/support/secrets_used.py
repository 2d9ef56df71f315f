"""Passwords and tokens that clients have used, and whether a text holds one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TOKEN_SIZE = 43  # 256 bits in base64url
LEAST_SIZE = 12  # shorter passwords are words that may be said for another reason
RUN = re.compile(rf"[\w-]{{{TOKEN_SIZE},}}", re.ASCII)

_passwords: set[str] = set()
_tokens: set[str] = set()


def note_fields(fields: Any) -> None:
    """What was sent: each field that is called a password."""
    if not isinstance(fields, Mapping):
        return
    for name, value in fields.items():
        if "password" in str(name) and isinstance(value, str) and len(value.strip()) >= LEAST_SIZE:
            _passwords.add(value)


def note_token(token: str | None) -> None:
    """A session's token, as a cookie or a body has it."""
    if token is not None and len(token) == TOKEN_SIZE:
        _tokens.add(token)


def find_in(text: str) -> set[str]:
    """Those that stand in the text."""
    runs = {run for run in RUN.findall(text) if len(run) < 10 * TOKEN_SIZE}
    windows = {run[at : at + TOKEN_SIZE] for run in runs for at in range(len(run) - TOKEN_SIZE + 1)}
    return (windows & _tokens) | {password for password in _passwords if password in text}
