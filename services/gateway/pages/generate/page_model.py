"""What the site says, as plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from load import ContractError
from model import Field, Message, Object


class SiteError(ContractError):
    """What is wrong with a file of the site, in one sentence."""


@dataclass
class Input:
    field: Field
    source: str  # path, query, form, literal
    name: str


@dataclass
class Value:
    """A single value in a struct: the C designator, and what it is."""

    struct: str
    path: str
    field: Field


@dataclass
class Ask:
    name: str
    message: Optional[Message]
    local: Optional[str]
    type: Object
    inputs: list[Input]


@dataclass
class FormField:
    name: str
    field: Optional[Field]
    initial: Optional[Value]


@dataclass
class Piece:
    kind: str  # text, path, form, result
    text: str
    value: Optional[Value] = None


@dataclass
class Notice:
    code: str
    conditions: list[tuple[Piece, str]]  # a value, and what it must be


@dataclass
class Form:
    name: Optional[str]
    message: Optional[Message]
    local: Optional[str]
    inputs: list[Input]
    fields: list[FormField]
    errors: dict[str, str]  # by the error's name: the contract's field
    ignored: list[str]
    redirect: list[Piece]
    follows_next: bool
    notices: list[Notice]
    unfinished: Optional[str]  # an array of the result


@dataclass
class Page:
    name: str  # posts/list
    file: str
    path: str
    user: str
    template: Optional[str]
    asks: list[Ask]
    forms: list[Form]
    queries: list[str]

    @property
    def prefix(self) -> str:
        return self.name.replace("/", "_")

    @property
    def struct(self) -> str:
        return f"{self.prefix}_page"

    def path_names(self) -> list[str]:
        return re.findall(r"\{([^}]*)\}", self.path)
