"""What the contracts say, as plain data: what every emitter works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator, Optional, Union

from load import Schema

INTEGER_MAX = 2**53 - 1


@dataclass(frozen=True)
class Error:
    """A row of the table in common/core/err.h."""

    name: str  # NOT_FOUND
    code: str  # not_found
    status: int
    title: str
    is_lasting: bool  # stored as the outcome of its message, and replayed


@dataclass
class Enum:
    """A model with "enum": `enum post_status` and its texts."""

    name: str
    file: str
    title: str
    description: str
    values: list[str]
    has_labels: bool = False  # "x-label": its values are texts for people, too


@dataclass
class Object:
    """A struct: a model, or the input or result of a message."""

    name: str  # C: `struct <name>`, `<name>_object`
    label: str  # for people
    file: str
    title: str = ""
    description: str = ""
    fields: list[Field] = field(default_factory=list)
    minimum_properties: int = 0

    def find(self, name: str) -> Optional[Field]:
        return next((each for each in self.fields if each.name == name), None)


@dataclass
class Field:
    name: str
    index: int
    kind: str  # string, time, integer, boolean, enum, object, array, raw
    schema: Schema  # with its own annotations laid over those of the model it refers to
    required: bool = False
    nullable: bool = False
    secret: bool = False
    not_blank: bool = False
    format: str = ""  # email, uuid
    minimum: int = 0
    maximum: int = INTEGER_MAX
    default: Any = None
    type: Union[Object, Enum, None] = None  # of an object, an enum, an array's elements

    @property
    def has_default(self) -> bool:
        return self.default is not None

    @property
    def has_presence(self) -> bool:
        return self.kind in ("integer", "boolean", "time", "object") and (
            not self.required or self.nullable
        )


@dataclass
class Http:
    """How a message is reached over HTTP ("x-http")."""

    method: str
    path: str
    path_fields: list[Field]
    query_fields: list[Field]
    body_fields: list[Field]
    success: int
    has_body: bool
    shown_field: Optional[Field]  # None: the result itself
    shown_members: Optional[list[Field]]  # None: all
    location: Optional[str]
    next_cursor: Optional[str]
    signed_field: Optional[str]


@dataclass
class Message:
    path: str  # posts/create
    kind: str  # command, query, event
    title: str
    description: str
    input: Object
    result: Optional[Object]
    errors: list[Error]
    user: str  # optional, required, staff
    session: str  # untouched, starts, ends
    is_background: bool
    pool: str  # default, password, mail, search
    http: Optional[Http] = None

    @property
    def needs_user(self) -> bool:
        return self.user != "optional"

    @property
    def file(self) -> str:
        return f"contracts/{self.path}.json"

    @property
    def name(self) -> str:
        return self.path.replace("/", ".")

    @property
    def prefix(self) -> str:
        return self.path.replace("/", "_")

    @property
    def exchange(self) -> str:
        return {"command": "postroom.commands", "query": "postroom.queries"}.get(
            self.kind, "postroom.events"
        )

    @property
    def queue(self) -> Optional[str]:
        return None if self.kind == "event" else f"{self.kind}.{self.name}"


@dataclass
class Catalogue:
    """All of it. Messages are sorted by name; a model comes after those it is made of."""

    messages: list[Message]
    objects: list[Object]
    enums: list[Enum]
    errors: dict[str, Error]  # by code
    jobs: list[Any] = field(default_factory=list)  # of schedule.py, sorted by name

    def of_kind(self, kind: str) -> list[Message]:
        return [message for message in self.messages if message.kind == kind]

    def bindings(self) -> Iterator[Message]:
        """Messages with an HTTP binding; of two paths that match, the fixed one first."""
        bound = [message for message in self.messages if message.http is not None]

        def rank(message: Message) -> list[tuple[bool, str]]:
            assert message.http is not None
            return [(part.startswith("{"), part) for part in message.http.path.split("/")]

        return iter(sorted(bound, key=lambda message: (rank(message), message.name)))
