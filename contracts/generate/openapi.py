"""The OpenAPI 3.1 document of the JSON API."""

from __future__ import annotations

from typing import Any

from load import Schema
from model import Catalogue, Error, Field, Http, Message, Object
from schema import of_field, of_object, refer, sample, sample_object, used_schemas

DESCRIPTION = """\
Users write posts. Every request becomes a message on a queue; this page is made from the same \
contracts as the services.

HEAD is answered wherever GET is; a known path with another method is 405 with `Allow`. \
A state-changing request without `Authorization` must come from our own pages or from no browser. \
Every response has `X-Request-ID`: the caller's, if it matches `[A-Za-z0-9._-]{1,128}`."""

ID = "00000000-0000-7000-8000-000000000001"
SIGNED_ID = f"{ID}.{'0123456789-' * 3}0123456789"
SIGNED: Schema = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.[A-Za-z0-9_-]{43}$",
    "description": "The command's message_id, a dot and a MAC: nobody can guess it.",
}

TAGS = {
    "commands": "What became of them.",
    "posts": "What users write.",
    "sessions": "Where one is logged in.",
    "users": "Registration, sessions and who one is.",
}

HEADERS: dict[str, Schema] = {
    "X-Request-ID": {
        "description": "The request's own name, for the log.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
    },
    "Location": {
        "description": "The address of what was made or, with 202, of the command's state.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Link": {
        "description": 'The next page, when there is one: `<…>; rel="next"` (RFC 8288).',
        "schema": {"type": "string"},
    },
    "Set-Cookie": {
        "description": "The session cookie: HttpOnly, SameSite=Lax, Path=/;"
        " in production Secure and named `__Host-session`.",
        "schema": {"type": "string"},
    },
    "Preference-Applied": {
        "description": "What of `Prefer` was done (RFC 7240): `token`, when the body holds the"
        " session's token; `respond-async`; `wait=N`, when the wait was shortened.",
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "`true`, when this is the stored outcome of the first request with this"
        " Idempotency-Key.",
        "schema": {"type": "boolean"},
    },
    "Retry-After": {
        "description": "Seconds to wait before trying again.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "WWW-Authenticate": {"description": "`Bearer`", "schema": {"type": "string"}},
}

KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "What makes the request one and the same when it is sent again: the effect"
    " happens once, and the stored outcome is answered. 1–255 printable ASCII characters, quoted"
    " or not. With other content: 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
}


def prefer(message: Message) -> dict[str, Any]:
    """The header Prefer (RFC 7240): of a query, the wait only."""
    wait = "`wait=N`: wait for the outcome N seconds at most, then answer 202"
    if message.kind == "query":
        wait = "`wait=N`: wait for the answer N seconds at most, then answer 503"
    own = "`respond-async`: answer 202 as soon as the command is sure to be done"
    if message.session == "starts":
        own = "`token`: the body of the answer holds the session's token, too"
    has_own = message.kind == "command" and message.session != "ends"
    texts = [own, wait] if has_own else [wait]
    return {
        "name": "Prefer",
        "in": "header",
        "description": f"{'; '.join(texts)}.",
        "schema": {"type": "string"},
        "example": "token" if message.session == "starts" else "wait=2",
    }


def document(catalogue: Catalogue, version: str) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    responses: dict[str, Any] = {}
    for message in catalogue.bindings():
        assert message.http is not None
        operations = paths.setdefault(message.http.path, {})
        operations[message.http.method.lower()] = operation(catalogue, message, responses)
    tags = sorted({message.path.split("/")[0] for message in catalogue.bindings()})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Postroom",
            "version": version,
            "description": DESCRIPTION,
            "contact": {"name": "Postroom"},
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "The gateway that serves this document."}],
        "tags": [{"name": tag, "description": TAGS.get(tag, f"Messages {tag}.*")} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": used_schemas(catalogue, paths),
            "responses": dict(sorted(responses.items())),
            "parameters": {"idempotency_key": KEY},
            "headers": HEADERS,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The session's token; wins over the cookie.",
                },
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "session",
                    "description": "In production `__Host-session`.",
                },
            },
        },
    }


def operation(catalogue: Catalogue, message: Message, responses: dict[str, Any]) -> dict[str, Any]:
    http = message.http
    assert http is not None
    users = [{"bearer": []}, {"cookie": []}]
    made: dict[str, Any] = {
        "operationId": message.name,
        "summary": message.title,
        "description": message.description,
        "tags": [message.path.split("/")[0]],
        "security": users if message.needs_user else [{}, *users],
    }
    parameters = [
        parameter("path", field, is_signed=field.name == http.signed_field)
        for field in http.path_fields
    ]
    parameters += [parameter("query", field) for field in http.query_fields]
    if message.kind == "command":
        parameters += [{"$ref": "#/components/parameters/idempotency_key"}]
    made["parameters"] = [*parameters, prefer(message)]
    if http.body_fields:
        made["requestBody"] = request_body(message, http)
    made["responses"] = {str(http.success): success(message, http)}
    if message.kind == "command":
        responses["pending"] = pending()
        made["responses"]["202"] = {"$ref": "#/components/responses/pending"}
    for status, errors in failures(catalogue, message, http).items():
        may_be_replayed = message.kind == "command" and any(each.is_lasting for each in errors)
        name = "_or_".join(error.code for error in errors)
        name += "_of_command" if may_be_replayed else ""
        responses[name] = failure(errors, may_be_replayed=may_be_replayed)
        made["responses"][str(status)] = {"$ref": f"#/components/responses/{name}"}
    return made


def parameter(place: str, field: Field, *, is_signed: bool = False) -> dict[str, Any]:
    schema = dict(SIGNED) if is_signed else of_field(field)
    texts = [schema.pop("description", ""), field.schema.get("description"), field.schema.get("title")]
    return {
        "name": field.name,
        "in": place,
        "required": field.required,
        "description": next(filter(None, texts), field.name),
        "schema": schema,
        "example": SIGNED_ID if is_signed else sample(field),
    }


def request_body(message: Message, http: Http) -> dict[str, Any]:
    schema = of_object(message.input, http.body_fields)
    for field in http.body_fields:
        if field.secret:
            schema["properties"][field.name] |= {"format": "password", "writeOnly": True}
    example = sample_object(http.body_fields)
    content = {"schema": schema, "example": example}
    return {
        "required": "required" in schema or "minProperties" in schema,
        "content": {"application/json": content, "application/x-www-form-urlencoded": content},
    }


def success(message: Message, http: Http) -> dict[str, Any]:
    names = ["X-Request-ID"]
    names += ["Location"] if http.location else []
    names += ["Link"] if http.next_cursor else []
    names += ["Set-Cookie"] if message.session != "untouched" else []
    names += ["Preference-Applied"]
    names += ["Idempotent-Replayed"] if message.kind == "command" else []
    made: dict[str, Any] = {
        "description": "Done; there is nothing to show." if not http.has_body else "Done.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }
    if http.has_body:
        schema, example = shown(message, http)
        if message.session == "starts":
            schema["properties"]["token"] = {
                "type": "string",
                "description": "With `Prefer: token` only.",
            }
        made["content"] = {"application/json": {"schema": schema, "example": example}}
    return made


def shown(message: Message, http: Http) -> tuple[Schema, Any]:
    """The schema of the body, and an example."""
    assert message.result is not None
    field = http.shown_field
    if field is None:
        return shown_result(message.result, http)
    assert isinstance(field.type, Object)
    members = field.type.fields if http.shown_members is None else http.shown_members
    example = sample_object(members)
    if http.shown_members is None and message.session != "starts":
        return of_field(field), [example] if field.kind == "array" else example
    schema = of_object(field.type, members)
    if field.kind == "array":
        return {**of_field(field), "items": schema}, [example]
    return schema, example


def shown_result(result: Object, http: Http) -> tuple[Schema, Any]:
    members = http.shown_members or []
    schema, example = of_object(result, members), sample_object(members)
    if http.signed_field is not None:
        schema["properties"][http.signed_field] = SIGNED
        example[http.signed_field] = SIGNED_ID
    return schema, example


def pending() -> dict[str, Any]:
    """The gateway never lies about a command that was sent and is not answered in time."""
    schema = {
        "type": "object",
        "properties": {
            "id": SIGNED,
            "state": {"type": "string", "const": "pending"},
        },
        "required": ["id", "state"],
        "additionalProperties": False,
    }
    names = ["X-Request-ID", "Location", "Preference-Applied"]
    return {
        "description": "Accepted; it may still be done, and was not yet when the time to answer was"
        " up or the caller preferred not to wait. `Location` says what becomes of it.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {
            "application/json": {"schema": schema, "example": {"id": SIGNED_ID, "state": "pending"}}
        },
    }


def failures(catalogue: Catalogue, message: Message, http: Http) -> dict[int, list[Error]]:
    """What may go wrong, by status."""
    codes = ["invalid_input", "unavailable", "expired", "internal"]
    codes += [error.code for error in message.errors]
    codes += ["not_found"] if http.path_fields else []
    if http.method != "GET":
        codes += ["access_denied", "payload_too_large", "unsupported_media_type"]
        codes += ["idempotency_mismatch"]
    found = [error for code, error in catalogue.errors.items() if code in codes]
    statuses = sorted({error.status for error in found})
    return {status: [error for error in found if error.status == status] for status in statuses}


def failure(errors: list[Error], *, may_be_replayed: bool) -> dict[str, Any]:
    names = ["X-Request-ID"]
    names += ["Idempotent-Replayed"] if may_be_replayed else []
    names += ["WWW-Authenticate"] if errors[0].status == 401 else []
    names += ["Retry-After"] if errors[0].status in (429, 503) else []
    schema = {
        "$ref": refer("problem"),
        "properties": {"code": {"type": "string", "enum": [error.code for error in errors]}},
    }
    examples = {error.code: {"value": problem(error)} for error in errors}
    return {
        "description": " Or: ".join(f"{error.title}." for error in errors),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {"application/problem+json": {"schema": schema, "examples": examples}},
    }


def problem(error: Error) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": f"urn:postroom:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.title,
        "code": error.code,
    }
    if error.code == "invalid_input":
        made["errors"] = {"title": ["must not be blank"]}
    if error.code == "too_many_attempts":
        made["retry_after"] = 30
    return made
