"""The documents made from Postroom's own contracts are well-formed and complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from contracts.project import Project
from support.contracts import Contracts
from support.machine import ROOT

HTTP_METHODS = {"get", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def openapi(project: Project) -> Any:
    return project.json("openapi.json")


@pytest.fixture(scope="module")
def asyncapi(project: Project) -> Any:
    return project.json("asyncapi.json")


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """All objects of a document."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from walk(each)


def resolve(document: Any, reference: str) -> Any:
    place = document
    for step in reference.removeprefix("#/").split("/"):
        place = place[step.replace("~1", "/")]
    return place


def validate(document: Any, schema: Any, value: Any) -> None:
    """`schema` may refer to the components of its document."""
    whole = {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


def parameters(openapi: Any, operation: Any, place: str) -> list[Any]:
    """The parameters of an operation that are in the path, the query string or a header."""
    found = [
        resolve(openapi, each["$ref"]) if "$ref" in each else each
        for each in operation.get("parameters", [])
    ]
    return [each for each in found if each["in"] == place]


def operations(openapi: Any) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for path in openapi["paths"].values()
        for method, operation in path.items()
        if method in HTTP_METHODS
    }


@pytest.mark.parametrize("name", ["openapi", "asyncapi"])
def test_every_reference_points_at_something(name: str, request: pytest.FixtureRequest) -> None:
    document = request.getfixturevalue(name)
    references = [each["$ref"] for each in walk(document) if isinstance(each.get("$ref"), str)]

    assert references
    for reference in references:
        resolve(document, reference)


@pytest.mark.parametrize("name", ["openapi", "asyncapi"])
def test_every_component_is_used(name: str, request: pytest.FixtureRequest) -> None:
    document = request.getfixturevalue(name)
    references = {each["$ref"] for each in walk(document) if isinstance(each.get("$ref"), str)}

    for kind in ("schemas", "messages", "responses", "parameters", "headers"):
        for component in document["components"].get(kind, {}):
            assert f"#/components/{kind}/{component}" in references


def test_every_schema_is_one(openapi: Any, asyncapi: Any) -> None:
    schemas = [each["schema"] for each in walk(openapi) if "schema" in each]
    for message in asyncapi["components"]["messages"].values():
        schemas += [message["headers"], message["payload"]]
    for document in (openapi, asyncapi):
        schemas += document["components"]["schemas"].values()

    assert schemas
    for schema in schemas:
        jsonschema.Draft202012Validator.check_schema(schema)


def test_openapi_has_what_readers_look_for_first(openapi: Any) -> None:
    assert openapi["openapi"] == "3.1.0"
    assert openapi["info"]["version"] == "1.2.3"
    tags = [tag["name"] for tag in openapi["tags"]]
    assert tags == sorted({name.split(".")[0] for name in operations(openapi)})
    assert {"commands", "posts", "sessions", "users"} <= set(tags)
    assert set(openapi["components"]["securitySchemes"]) == {"bearer", "cookie"}


def test_openapi_has_the_table_of_the_json_api(openapi: Any) -> None:
    table = {
        (method, path, operation["operationId"], min(set(operation["responses"]) - {"202"}))
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    }

    assert table >= {
        ("post", "/api/register", "users.register", "200"),
        ("post", "/api/login", "users.login", "200"),
        ("post", "/api/logout", "users.logout", "200"),
        ("get", "/api/me", "users.me", "200"),
        ("post", "/api/account/password", "users.change_password", "200"),
        ("get", "/api/sessions", "sessions.list", "200"),
        ("delete", "/api/sessions", "sessions.end_others", "204"),
        ("delete", "/api/sessions/{session_id}", "sessions.end", "204"),
        ("get", "/api/commands/{id}", "commands.status", "200"),
        ("get", "/api/posts", "posts.list", "200"),
        ("get", "/api/posts/my", "posts.my", "200"),
        ("post", "/api/posts", "posts.create", "201"),
        ("get", "/api/posts/{post_id}", "posts.retrieve", "200"),
        ("patch", "/api/posts/{post_id}", "posts.update", "200"),
        ("delete", "/api/posts/{post_id}", "posts.delete", "204"),
    }


def test_openapi_has_each_message_with_a_path_and_no_other(
    openapi: Any, contracts: Contracts
) -> None:
    bound = {
        (each.http["method"].lower(), each.http["path"], name, str(each.http["success"]))
        for name, each in contracts.by_name.items()
        if each.http
    }

    found = {
        (method, path, operation["operationId"], min(set(operation["responses"]) - {"202"}))
        for path, path_operations in openapi["paths"].items()
        for method, operation in path_operations.items()
    }
    assert found == bound


def test_openapi_names_each_parameter_of_a_path(openapi: Any) -> None:
    for path, path_operations in openapi["paths"].items():
        for operation in path_operations.values():
            named = [each["name"] for each in parameters(openapi, operation, "path")]
            assert named == re.findall(r"\{(\w+)\}", path)


def test_openapi_examples_fit_their_schemas(openapi: Any) -> None:
    count = 0
    for holder in walk(openapi):
        if "schema" in holder and "example" in holder:
            validate(openapi, holder["schema"], holder["example"])
            count += 1
        if "schema" in holder and "examples" in holder:
            for example in holder["examples"].values():
                validate(openapi, holder["schema"], example["value"])
                count += 1
    assert count > 30


def test_openapi_takes_bodies_of_both_media_types(openapi: Any, contracts: Contracts) -> None:
    bodies = {
        name: each["requestBody"] for name, each in operations(openapi).items() if "requestBody" in each
    }

    with_body = {name for name, each in contracts.by_name.items() if (each.http or {}).get("body")}
    assert bodies.keys() == with_body
    for body in bodies.values():
        assert set(body["content"]) == {"application/json", "application/x-www-form-urlencoded"}


def test_openapi_declares_every_failure(openapi: Any) -> None:
    statuses = {
        name: {status for status in operation["responses"] if status >= "400"}
        for name, operation in operations(openapi).items()
    }

    assert statuses["posts.list"] == {"400", "500", "503"}
    assert statuses["posts.retrieve"] == {"400", "403", "404", "500", "503"}
    assert statuses["commands.status"] == {"400", "404", "500", "503"}
    assert statuses["users.login"] == {
        "400", "401", "403", "413", "415", "422", "429", "500", "503"
    }  # fmt: skip
    assert statuses["posts.update"] == {"400", "403", "404", "413", "415", "422", "500", "503"}


def test_openapi_tells_of_commands_that_take_too_long(openapi: Any, contracts: Contracts) -> None:
    for name, operation in operations(openapi).items():
        assert ("202" in operation["responses"]) is (contracts[name].kind == "command")

    pending = openapi["components"]["responses"]["pending"]
    assert set(pending["headers"]) == {"X-Request-ID", "Location", "Preference-Applied"}
    body = pending["content"]["application/json"]["schema"]
    assert body["required"] == ["id", "state"]


def test_openapi_says_how_commands_are_repeated_and_waited_for(
    openapi: Any, contracts: Contracts
) -> None:
    for name, operation in operations(openapi).items():
        headers = {each["name"] for each in parameters(openapi, operation, "header")}
        is_command = contracts[name].kind == "command"
        assert headers == {"Prefer"} | ({"Idempotency-Key"} if is_command else set())

    def preferences(name: str) -> str:
        found = parameters(openapi, operations(openapi)[name], "header")
        return next(each["description"] for each in found if each["name"] == "Prefer")

    assert "respond-async" in preferences("posts.create")
    assert "token" in preferences("users.login")
    assert preferences("posts.list").startswith("`wait=N`") and "503" in preferences("posts.list")
    for name in ("posts.list", "users.change_password", "users.login", "users.register", "users.logout"):
        assert "respond-async" not in preferences(name)
        assert "wait=N" in preferences(name)


def test_openapi_signs_the_identity_of_a_command_and_asyncapi_does_not(
    openapi: Any, asyncapi: Any
) -> None:
    operation = operations(openapi)["commands.status"]
    shown = operation["responses"]["200"]["content"]["application/json"]
    pending = openapi["components"]["responses"]["pending"]["content"]["application/json"]

    for schema in (
        parameters(openapi, operation, "path")[0]["schema"],
        shown["schema"]["properties"]["id"],
        pending["schema"]["properties"]["id"],
    ):
        assert re.search(schema["pattern"], shown["example"]["id"])
        assert not re.search(schema["pattern"], shown["example"]["id"].split(".")[0])
    messages = asyncapi["components"]["messages"]
    for name in ("commands.status", "commands.status.result"):
        plain = messages[name]["payload"]["properties"]["id"]
        assert (plain["type"], plain["format"]) == ("string", "uuid")


def test_openapi_declares_headers(openapi: Any) -> None:
    def headers(name: str, status: str) -> set[str]:
        response = operations(openapi)[name]["responses"][status]
        if "$ref" in response:
            response = resolve(openapi, response["$ref"])
        return set(response["headers"])

    common = {"X-Request-ID", "Preference-Applied", "Idempotent-Replayed"}
    assert headers("posts.create", "201") == {*common, "Location"}
    assert headers("posts.list", "200") == {"X-Request-ID", "Link", "Preference-Applied"}
    assert headers("users.login", "200") == {*common, "Set-Cookie"}
    assert headers("users.logout", "200") == {*common, "Set-Cookie"}
    assert headers("users.login", "401") == {
        "X-Request-ID", "WWW-Authenticate", "Idempotent-Replayed"
    }  # fmt: skip
    assert headers("posts.delete", "404") == {"X-Request-ID", "Idempotent-Replayed"}
    assert headers("posts.delete", "422") == {"X-Request-ID"}
    assert headers("posts.retrieve", "404") == {"X-Request-ID"}
    assert headers("users.login", "429") == {"X-Request-ID", "Retry-After"}
    assert headers("posts.my", "503") == {"X-Request-ID", "Retry-After"}


def test_openapi_keeps_secrets_out_of_answers(openapi: Any) -> None:
    for operation in operations(openapi).values():
        body = operation.get("requestBody", {"content": {}})["content"].get("application/json")
        for name, schema in body["schema"]["properties"].items() if body else []:
            is_secret = "password" in name
            assert schema.get("writeOnly", False) is is_secret


def test_openapi_says_who_may_call(openapi: Any, contracts: Contracts) -> None:
    for name, operation in operations(openapi).items():
        needs_user = contracts[name].schema["x-user"] != "optional"
        assert ({} in operation["security"]) is not needs_user
    assert {} not in operations(openapi)["users.me"]["security"]
    assert {} in operations(openapi)["posts.list"]["security"]


def test_asyncapi_has_every_message(asyncapi: Any, project: Project) -> None:
    names = {path.replace("/", ".") for paths in project.lists.values() for path in paths}

    assert asyncapi["asyncapi"] == "3.1.0"
    assert set(asyncapi["operations"]) == names
    for name in names:
        assert asyncapi["channels"][name]["address"] == name
        assert name in asyncapi["components"]["messages"]


def test_asyncapi_replies_to_commands_and_queries(asyncapi: Any, project: Project) -> None:
    for kind in ("commands", "queries", "events"):
        for path in project.lists[kind]:
            operation = asyncapi["operations"][path.replace("/", ".")]
            assert operation["action"] == ("send" if kind == "events" else "receive")
            assert ("reply" in operation) is (kind != "events")


def test_asyncapi_has_the_queues_and_exchanges_of_the_broker(asyncapi: Any) -> None:
    create = asyncapi["channels"]["posts.create"]
    assert create["bindings"]["amqp"]["exchange"]["name"] == "postroom.commands"
    assert create["bindings"]["amqp"]["exchange"]["type"] == "direct"
    assert create["x-queue"]["name"] == "command.posts.create"
    assert create["x-queue"]["arguments"]["x-queue-type"] == "quorum"
    listing = asyncapi["channels"]["posts.list"]
    assert listing["bindings"]["amqp"]["exchange"]["name"] == "postroom.queries"
    assert listing["x-queue"]["name"] == "query.posts.list"
    created = asyncapi["channels"]["posts.created"]
    assert created["bindings"]["amqp"]["exchange"]["name"] == "postroom.events"
    assert created["bindings"]["amqp"]["exchange"]["type"] == "topic"
    assert "x-queue" not in created


def test_asyncapi_promises_no_header_that_the_contract_of_the_wire_does_not_know(
    asyncapi: Any,
) -> None:
    wire = (ROOT / "docs/wire.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`(\w+)(?:: \w+)?`", wire))

    for message in asyncapi["components"]["messages"].values():
        assert message["headers"]["properties"].keys() <= known


def test_asyncapi_examples_fit_their_schemas(asyncapi: Any) -> None:
    for message in asyncapi["components"]["messages"].values():
        assert message["examples"]
        for example in message["examples"]:
            validate(asyncapi, message["payload"], example["payload"])
            validate(asyncapi, message["headers"], example["headers"])


def test_asyncapi_correlates_replies(asyncapi: Any) -> None:
    for message in asyncapi["components"]["messages"].values():
        if "correlationId" in message:
            assert message["correlationId"]["location"] == "$message.header#/correlation_id"
            assert "correlation_id" in message["headers"]["properties"]


def test_the_reference_names_every_message_field_and_error(project: Project, openapi: Any) -> None:
    text = (project.output / "reference.md").read_text(encoding="utf-8")

    for paths in project.lists.values():
        for path in paths:
            assert f"## {path.replace('/', '.')}\n" in text
    assert "| `title` | string | required | 1–255 characters, not blank | " in text
    assert "| `limit` | integer | optional | 1–100, default `20` | How many elements a page" in text
    assert "| `password1` | string | required | 8–1024 characters, secret | " in text
    for code in ("invalid_input", "idempotency_mismatch", "internal"):
        assert f"| `{code}` |" in text


def test_the_reference_has_links_that_lead_somewhere(project: Project) -> None:
    text = (project.output / "reference.md").read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", heading).replace(" ", "-").lower()
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }

    for anchor in re.findall(r"\]\(#([^)]*)\)", text):
        assert anchor in headings
