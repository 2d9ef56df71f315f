"""The contracts as a judge: every reply that a test sees is held against them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

STATUSES = {
    "invalid_input": 400,
    "user_already_exists": 400,
    "authentication_failed": 401,
    "access_denied": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "idempotency_mismatch": 422,
    "too_many_attempts": 429,
    "unavailable": 503,
    "expired": 503,
    "internal": 500,
}
COMMON_CODES = {"invalid_input", "unavailable", "internal", "idempotency_mismatch", "expired"}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "minLength": 1},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"enum": sorted(STATUSES)},
        "retry_after": {"type": "integer", "minimum": 1},
        "errors": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "minLength": 1},
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
    "additionalProperties": False,
}
SIGNED_ID = {  # a message_id with its MAC
    "type": "string",
    "pattern": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$",
}
PENDING = {
    "type": "object",
    "properties": {"id": SIGNED_ID, "state": {"const": "pending"}},
    "required": ["id", "state"],
    "additionalProperties": False,
}
EVENT = {
    "type": "object",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "minLength": 1},
        "type": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "subject": {"type": "string", "minLength": 1},
        "datacontenttype": {"const": "application/json"},
        "traceparent": {"type": "string"},
        "data": {"type": "object"},
    },
    "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "data"],
    "additionalProperties": False,
}
FORMATS = jsonschema.FormatChecker(formats=[])
_titles: dict[str, str] = {}  # one per code, wherever it is seen


@FORMATS.checks("date-time")
def _is_time(value: Any) -> bool:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None


@FORMATS.checks("uuid")
def _is_uuid(value: Any) -> bool:
    pattern = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None


@FORMATS.checks("email")
def _is_email(value: Any) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[!-~]+@[!-~]+", value) is not None


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(pairs) == len(dict(pairs)), f"a key twice in one object: {pairs}"
    return dict(pairs)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def loads(text: bytes) -> Any:
    """JSON, read more strictly than Python does by itself."""
    return json.loads(
        text.decode("utf-8"), object_pairs_hook=_object_without_repeats, parse_constant=_refuse
    )


def check(schema: dict[str, Any], value: Any) -> None:
    jsonschema.Draft202012Validator(schema, format_checker=FORMATS).validate(value)


def check_problem(problem: Any) -> None:
    check(PROBLEM, problem)
    code = problem["code"]
    assert problem["status"] == STATUSES[code]
    assert problem["type"] == f"urn:postroom:problem:{code}"
    assert problem["title"] == _titles.setdefault(code, problem["title"])
    assert ("errors" in problem) == (code == "invalid_input"), problem
    assert ("retry_after" in problem) == (code == "too_many_attempts"), problem


def _check_state(state: Any) -> None:
    """What commands.status tells beyond its schema: its objects are of any shape there."""
    assert (state["result"] is not None) == (state["state"] == "done"), state
    assert (state["problem"] is not None) == (state["state"] == "failed"), state
    if state["problem"] is not None:
        check_problem(state["problem"])


def _load_schema(file: Path) -> Any:
    """A schema with its references filled in."""

    def fill_in(schema: Any) -> Any:
        if isinstance(schema, list):
            return [fill_in(each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        filled = {name: fill_in(value) for name, value in schema.items() if name != "$ref"}
        if "$ref" in schema:
            return _load_schema(file.parent / schema["$ref"]) | filled
        return filled

    return fill_in(json.loads(file.read_text(encoding="utf-8")))


def _members(schema: dict[str, Any], names: list[str] | None) -> dict[str, Any]:
    """An object, or each element of an array, with these members only."""
    if names is None:
        return schema
    if schema["type"] == "array":
        return {"type": "array", "items": _members(schema["items"], names)}
    properties = {name: schema["properties"][name] for name in names}
    return {
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": False,
    }


@dataclass(frozen=True)
class Contract:
    """One message."""

    name: str
    schema: dict[str, Any]

    @property
    def kind(self) -> str:
        return self.schema["x-kind"]

    @property
    def exchange(self) -> str:
        return {"command": "postroom.commands", "query": "postroom.queries"}[self.kind]

    @property
    def queue(self) -> str:
        return f"{self.kind}.{self.name}"

    @property
    def codes(self) -> set[str]:
        return set(self.schema["x-errors"]) | COMMON_CODES

    @property
    def http(self) -> dict[str, Any] | None:
        return self.schema.get("x-http")

    def view(self) -> dict[str, Any] | None:
        """The schema of the body that HTTP shows on success; None: there is none."""
        shows = self.http.get("shows")
        if shows is None:
            return None
        if not shows:
            return {"type": "object", "maxProperties": 0}
        if isinstance(shows, list):
            whole = _members(self.schema["x-result"], shows)
            if "signed" in self.http:
                whole["properties"][self.http["signed"]] = SIGNED_ID
            return whole
        field, names = (shows, None) if isinstance(shows, str) else next(iter(shows.items()))
        return _members(self.schema["x-result"]["properties"][field], names)


class Contracts:
    """All messages of a source tree."""

    def __init__(self, root: Path) -> None:
        folder = root / "contracts"
        self.by_name = {}
        for file in sorted(folder.glob("*/*.json")):
            if file.parent.name != "models":
                name = f"{file.parent.name}.{file.stem}"
                self.by_name[name] = Contract(name, _load_schema(file))

    def __getitem__(self, name: str) -> Contract:
        return self.by_name[name]

    def of_kind(self, kind: str) -> list[Contract]:
        return [each for each in self.by_name.values() if each.kind == kind]

    def of_route(self, method: str, path: str) -> Contract | None:
        """Which message a request becomes; fixed paths go before those with a field."""
        method = "GET" if method == "HEAD" else method
        found = [
            each
            for each in self.by_name.values()
            if each.http
            and each.http["method"] == method
            and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each.http["path"]), path)
        ]
        return min(found, key=lambda each: each.http["path"].count("{"), default=None)

    def check_reply(self, name: str, content_type: str, kind: str, body: bytes) -> None:
        """A reply over the queue."""
        value = loads(body)
        if kind == "problem":
            assert content_type == "application/problem+json"
            check_problem(value)
            assert value["code"] in self[name].codes, f"{name} does not declare {value['code']}"
        else:
            assert kind == f"{name}.result"
            assert content_type == "application/json"
            check(self[name].schema["x-result"], value)
            if name == "commands.status":
                _check_state(value)

    def check_event(self, name: str, content_type: str, body: bytes) -> None:
        """An event as CloudEvents 1.0 has it."""
        assert content_type.split(";")[0] == "application/cloudevents+json"
        event = loads(body)
        check(EVENT, event)
        assert event["type"] == name
        check(self[name].schema, event["data"])

    def check_response(
        self, method: str, path: str, status: int, headers: Any, body: bytes, *, with_token: bool
    ) -> None:
        """A response over HTTP."""
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", headers.get("X-Request-ID", ""))
        content_type = headers.get("Content-Type", "")
        if status >= 400:
            assert content_type == "application/problem+json"
            assert (status == 405) == ("Allow" in headers)
            assert (status in (429, 503)) == ("Retry-After" in headers)
            assert status != 401 or headers["WWW-Authenticate"] == "Bearer"
            if method != "HEAD":
                check_problem(loads(body))
                assert loads(body)["status"] == status
            return
        contract = self.of_route(method, path)
        assert contract is not None, f"{status} for a path that no contract knows: {path}"
        if status == 202:  # written, and not answered in time
            assert contract.kind == "command"
            check(PENDING, loads(body))
            assert headers["Location"] == f"/api/commands/{loads(body)['id']}"
            return
        assert status == contract.http["success"]
        view = contract.view()
        if view is None or method == "HEAD":
            assert body == b""
            return
        assert content_type.split(";")[0] == "application/json"
        value = loads(body)
        if with_token:
            assert isinstance(value.pop("token"), str)
        check(view, value)
        if contract.name == "commands.status":
            _check_state(value)
