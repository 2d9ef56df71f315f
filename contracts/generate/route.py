"""The HTTP binding of a message ("x-http")."""

from __future__ import annotations

import re
from typing import Any, Optional

from check import HTTP_KEYWORDS
from load import ContractError
from model import Field, Http, Message, Object

METHODS = {"GET", "POST", "PATCH", "DELETE"}


def build_http(message: Message, http: Any) -> Http:
    file = message.file
    if not isinstance(http, dict):
        raise ContractError(file, '"x-http" is not an object')
    for keyword in http:
        if keyword not in HTTP_KEYWORDS:
            raise ContractError(file, f'keyword "{keyword}" is not supported in "x-http"')
    for keyword in ("method", "path", "success"):
        if keyword not in http:
            raise ContractError(file, f'"x-http" is without "{keyword}"')
    if http["method"] not in METHODS:
        raise ContractError(file, f'"x-http" does not support the method "{http["method"]}"')
    if (http["method"] == "GET") != (message.kind == "query"):
        raise ContractError(file, f'"x-http" binds a {message.kind} to the method {http["method"]}')
    if http["success"] not in (200, 201, 204):
        raise ContractError(file, f'"x-http" does not support the status {http["success"]}')
    if http["method"] == "GET" and "body" in http:
        raise ContractError(file, '"x-http" takes a body with GET')
    names = path_names(file, http["path"])
    shown_field, shown_members = shown(message, http)
    made = Http(
        method=http["method"],
        path=http["path"],
        path_fields=[scalar(message, "path", name) for name in names],
        query_fields=[scalar(message, "query", name) for name in http.get("query", [])],
        body_fields=[scalar(message, "body", name) for name in http.get("body", [])],
        success=http["success"],
        has_body="shows" in http,
        shown_field=shown_field,
        shown_members=shown_members,
        location=location(message, http.get("location")),
        next_cursor=next_cursor(message, http.get("next")),
        signed_field=http.get("signed"),
    )
    covered(message, made)
    signed(message, made)
    return made


def path_names(file: str, path: Any) -> list[str]:
    if not isinstance(path, str) or not path.startswith("/api/"):
        raise ContractError(file, f'"path" of "x-http" does not begin with "/api/": "{path}"')
    names = []
    for segment in path.split("/")[1:]:
        match = re.fullmatch(r"[a-z0-9_-]+|\{([a-z][a-z0-9_]*)\}", segment)
        if match is None:
            raise ContractError(file, f'"path" of "x-http" has the segment "{segment}"')
        if match.group(1):
            names.append(match.group(1))
    return names


def scalar(message: Message, place: str, name: str) -> Field:
    field = message.input.find(name)
    if field is None:
        raise ContractError(message.file, f'"{place}" of "x-http" names the unknown field "{name}"')
    if field.kind in ("object", "array"):
        raise ContractError(
            message.file, f'"{place}" of "x-http" names "{name}", which is not a single value'
        )
    if place == "path" and not field.required:
        raise ContractError(
            message.file, f'"path" of "x-http" holds "{name}", which is not required'
        )
    return field


def covered(message: Message, http: Http) -> None:
    given = [each.name for each in http.path_fields + http.query_fields + http.body_fields]
    for name in given:
        if given.count(name) > 1:
            raise ContractError(message.file, f'"x-http" takes "{name}" from two places')
    for field in message.input.fields:
        if field.required and field.name not in given:
            raise ContractError(
                message.file, f'"x-http" does not say where the required field "{field.name}" is'
            )
    for field in http.path_fields + http.query_fields:
        if field.secret:
            raise ContractError(
                message.file, f'"x-http" puts the secret "{field.name}" into the address'
            )


def shown(message: Message, http: dict[str, Any]) -> tuple[Optional[Field], Optional[list[Field]]]:
    """The field of the result that the body shows (None: the result itself) and, unless all, its
    members."""
    if ("shows" in http) == (http["success"] == 204):
        raise ContractError(message.file, '"x-http" needs "shows", or 204 as "success"')
    shows = http.get("shows")
    if shows is None:
        return None, None
    if shows == {}:
        return None, []
    assert message.result is not None
    if isinstance(shows, list):
        return None, members_of(message, message.result, "", shows)
    name, members = (shows, None) if isinstance(shows, str) else next(iter(shows.items()))
    if not isinstance(shows, str) and (len(shows) != 1 or not members):
        raise ContractError(message.file, '"shows" of "x-http" names more or less than one field')
    field = message.result.find(name)
    if field is None:
        raise ContractError(message.file, f'"shows" of "x-http" names the unknown field "{name}"')
    if not isinstance(field.type, Object):
        raise ContractError(message.file, f'"shows" of "x-http" names "{name}", a single value')
    if members is None:
        return field, None
    return field, members_of(message, field.type, f"{name}.", members)


def members_of(message: Message, owner: Object, place: str, names: list[str]) -> list[Field]:
    found = []
    for name in names:
        known = owner.find(name)
        if known is None:
            raise ContractError(
                message.file, f'"shows" of "x-http" names the unknown field "{place}{name}"'
            )
        found.append(known)
    return found


def signed(message: Message, http: Http) -> None:
    """Over HTTP the field carries a MAC: in the path as it comes, in the body as it is shown."""
    name = http.signed_field
    if name is None:
        return

    def is_uuid(fields: Optional[list[Field]]) -> bool:
        found = next((field for field in fields or [] if field.name == name), None)
        return found is not None and found.format == "uuid" and found.required

    if not is_uuid(http.path_fields):
        raise ContractError(
            message.file, f'"signed" of "x-http" names "{name}", which is no UUID in the path'
        )
    owner = message.result if http.shown_field is None else http.shown_field.type
    assert isinstance(owner, Object)
    shown_fields = owner.fields if http.shown_members is None else http.shown_members
    if not http.has_body or not is_uuid(shown_fields):
        raise ContractError(
            message.file, f'"signed" of "x-http" names "{name}", which is no UUID of those shown'
        )


def location(message: Message, pattern: Optional[str]) -> Optional[str]:
    for path in re.findall(r"\{([^}]*)\}", pattern or ""):
        place: Any = message.result
        for step in path.split("."):
            field = place.find(step) if isinstance(place, Object) else None
            if field is None:
                raise ContractError(
                    message.file, f'"location" of "x-http" names the unknown field "{path}"'
                )
            place = field.type if field.type is not None else field
        if not isinstance(place, Field) or place.kind not in ("string", "integer"):
            raise ContractError(
                message.file, f'"location" of "x-http" names "{path}", no single value'
            )
    return pattern


def next_cursor(message: Message, name: Optional[str]) -> Optional[str]:
    if name is None:
        return None
    assert message.result is not None
    field = message.result.find(name)
    if field is None:
        raise ContractError(message.file, f'"next" of "x-http" names the unknown field "{name}"')
    if field.kind != "string" or message.input.find("cursor") is None:
        raise ContractError(
            message.file, f'"next" of "x-http" needs the string "{name}" and a field "cursor"'
        )
    return name
