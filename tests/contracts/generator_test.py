"""What the generator refuses, sentence by sentence, and what it makes of good contracts."""

from __future__ import annotations

import copy
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.project import Project
from support.machine import ROOT

Change = Callable[[Project], object]

CREATE = "contracts/notes/create.json"
LIST = "contracts/notes/list.json"
WRITTEN = "contracts/notes/written.json"
LISTS = "contracts/meson.build"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def prop(name: str, schema: object) -> Change:
    return lambda project: project.create["properties"].update({name: schema})


def http(**members: object) -> Change:
    return lambda project: project.create["x-http"].update(members)


def create(**members: object) -> Change:
    return lambda project: project.create.update(
        {name.replace("_", "-"): value for name, value in members.items()}
    )


def model(name: str, schema: object) -> Change:
    return lambda project: project.models.update({name: schema})


UUID = {"type": "string", "format": "uuid"}


def sign(
    project: Project, *, field: object = UUID, result: object = UUID, **members: object
) -> None:
    """`cursor` carries a MAC: in the path and in the result, which is shown whole."""
    project.list["properties"]["cursor"] = field
    project.list["required"] = ["cursor"]
    project.list["x-result"]["properties"]["cursor"] = result
    project.list["x-result"]["required"].append("cursor")
    project.list["x-http"] = {
        "method": "GET",
        "path": "/api/notes/{cursor}",
        "success": 200,
        "shows": ["notes", "next", "cursor"],
        "signed": "cursor",
        **members,
    }


REFUSED: dict[str, tuple[Change, str]] = {
    # keywords
    "an unknown keyword": (
        prop("text", {"type": "string", "oneOf": []}),
        f'{CREATE}: is not a JSON Schema of 2020-12: properties/text/oneOf: [] is too short',
    ),
    "an unsupported keyword": (
        prop("text", {"type": "string", "oneOf": [{}]}),
        f'{CREATE}: keyword "oneOf" is not supported here',
    ),
    "an unsupported keyword beside $ref": (
        prop("text", {"$ref": "../models/text.json", "minLength": 2}),
        f'{CREATE}: keyword "minLength" is not supported here',
    ),
    "an unsupported keyword in a model": (
        model("text", {"type": "string", "const": "x"}),
        'contracts/models/text.json: keyword "const" is not supported here',
    ),
    "an unsupported keyword at the top": (
        create(allOf=[{}]),
        f'{CREATE}: keyword "allOf" is not supported here',
    ),
    "a keyword of another type": (
        prop("text", {"type": "string", "minimum": 1}),
        f'{CREATE}: keyword "minimum" is not supported here',
    ),
    "an unsupported type": (
        prop("text", {"type": "number"}),
        f"{CREATE}: keyword \"type\" does not support 'number'",
    ),
    "two types": (
        prop("text", {"type": ["string", "integer"]}),
        f'{CREATE}: keyword "type" is a list without "null"',
    ),
    "no type": (prop("text", {}), f'{CREATE}: keyword "type" does not support None'),
    "another pattern": (
        prop("text", {"type": "string", "pattern": "^a"}),
        f'{CREATE}: keyword "pattern" is supported with "\\\\S" only',
    ),
    "another format": (
        prop("text", {"type": "string", "format": "ipv4"}),
        f'{CREATE}: keyword "format" does not support "ipv4"',
    ),
    "an object that is open": (
        lambda project: project.create.pop("additionalProperties"),
        f'{CREATE}: an object without "additionalProperties": false',
    ),
    "a broken schema": (
        prop("text", {"type": "string", "minLength": "x"}),
        f"{CREATE}: is not a JSON Schema of 2020-12: properties/text/minLength:"
        " 'x' is not of type 'integer'",
    ),
    "an object in place": (
        prop("text", {"type": "object", "additionalProperties": False}),
        f'{CREATE}: "text" is an object written in place: make it a model',
    ),
    "an object of any shape in an input": (
        prop("text", {"type": ["object", "null"]}),
        f'{CREATE}: "text" is an object written in place: make it a model',
    ),
    "an object of a shape of its own in a result": (
        lambda project: project.list["x-result"]["properties"].update(
            next={"type": ["object", "null"], "properties": {}}
        ),
        f'{LIST}: "next" is an object written in place: make it a model',
    ),
    "an enum in place": (
        prop("text", {"type": "string", "enum": ["a"]}),
        f'{CREATE}: "text" is an enum written in place: make it a model',
    ),
    "an enum with odd values": (
        model("colour", {"type": "string", "enum": ["Light Blue"]}),
        "contracts/models/colour.json: \"enum\" does not support 'Light Blue'",
    ),
    "labels of what is no enum": (
        model("colour", {"type": "string", "x-label": True}),
        'contracts/models/colour.json: keyword "x-label" is not supported here',
    ),
    "labels of an enum that are said not to be": (
        model("colour", {"type": "string", "enum": ["red"], "x-label": False}),
        'contracts/models/colour.json: "x-label" is true or left out',
    ),
    "an array of scalars": (
        prop("text", {"type": "array", "items": {"type": "string"}}),
        f'{CREATE}: "items" of "text" is not a $ref to a model of an object',
    ),
    "a reference to nowhere": (
        prop("text", {"$ref": "../models/nothing.json"}),
        f'{CREATE}: "$ref": "../models/nothing.json" is no file in contracts/models',
    ),
    "a reference out of the models": (
        prop("text", {"$ref": "list.json"}),
        f'{CREATE}: "$ref": "list.json" is no file in contracts/models',
    ),
    "a reference into a file": (
        prop("text", {"$ref": "#/properties/colour"}),
        f'{CREATE}: "$ref": "#/properties/colour" is not a relative path to a model',
    ),
    "a model that refers to itself": (
        lambda project: project.models["note"]["properties"].update(next={"$ref": "note.json"}),
        "contracts/models/note.json: refers to itself",
    ),
    # fields
    "a field that names no C member": (
        prop("Text", {"type": "string"}),
        f'{CREATE}: "Text" cannot be the name of a field: it names a C member',
    ),
    "a field named as a C keyword": (
        prop("register", {"type": "string"}),
        f'{CREATE}: "register" cannot be the name of a field: it names a C member',
    ),
    "a required field that is not there": (
        create(required=["text", "size"]),
        f'{CREATE}: "required" names "size", which "properties" does not',
    ),
    "limits the wrong way round": (
        prop("priority", {"type": "integer", "minimum": 2, "maximum": 1}),
        f'{CREATE}: "minimum" of "priority" is greater than "maximum"',
    ),
    "a limit beyond integers": (
        prop("priority", {"type": "integer", "maximum": 2**53}),
        f'{CREATE}: a limit of "priority" is not an integer up to 2^53-1',
    ),
    "a default out of range": (
        prop("priority", {"type": "integer", "maximum": 9, "default": 10}),
        f'{CREATE}: "default" of "priority" does not fit its own schema',
    ),
    "a default of another type": (
        prop("priority", {"type": "integer", "default": True}),
        f'{CREATE}: "default" of "priority" does not fit its own schema',
    ),
    "a default not in the enum": (
        prop("colour", {"$ref": "../models/colour.json", "default": "blue"}),
        f'{CREATE}: "default" of "colour" does not fit its own schema',
    ),
    "a default of a required field": (
        prop("text", {"type": "string", "default": "x"}),
        f'{CREATE}: "text" is required and has a "default"',
    ),
    "an example that does not fit": (
        prop("priority", {"type": "integer", "maximum": 9, "examples": [10]}),
        f'{CREATE}: an example of "priority" does not fit its own schema: 10',
    ),
    "more least properties than there are": (
        create(minProperties=5),
        f'{CREATE}: "minProperties" is greater than the number of properties',
    ),
    "a secret that is no string": (
        prop("priority", {"type": "integer", "x-secret": True}),
        f'{CREATE}: "x-secret" is on "priority", which is not a string',
    ),
    "a secret in a result": (
        lambda project: project.create["x-result"]["properties"].update(
            key={"type": "string", "x-secret": True}
        ),
        f'{CREATE}: keyword "x-secret" is not supported here',
    ),
    # annotations
    "a message without title": (
        lambda project: project.create.pop("title"),
        f'{CREATE}: "title" is missing',
    ),
    "a message without result": (
        lambda project: project.create.pop("x-result"),
        f'{CREATE}: "x-result" is missing or no schema of an object',
    ),
    "a result that is no schema": (
        lambda project: project.create["x-result"].update(required="note"),
        f"{CREATE}: is not a JSON Schema of 2020-12: required: 'note' is not of type 'array'",
    ),
    "an unknown error": (
        create(x_errors=["nonsense"]),
        f'{CREATE}: "x-errors" names "nonsense", which common/core/err.h does not',
    ),
    "an error of every message": (
        create(x_errors=["internal"]),
        f'{CREATE}: "x-errors" names "internal", with which every message may fail',
    ),
    "an unknown caller": (
        create(x_user="maybe"),
        f"{CREATE}: \"x-user\" does not support 'maybe'",
    ),
    "a user without a refusal": (
        create(x_user="staff", x_errors=[]),
        f'{CREATE}: "x-user" is "staff", but "x-errors" lacks "access_denied"',
    ),
    "an unknown pool": (
        create(x_queue={"pool": "big"}),
        f"{CREATE}: \"pool\" does not support 'big'",
    ),
    "an unknown setting of the queue": (
        create(x_queue={"length": 1}),
        f'{CREATE}: "x-queue" supports "pool" only',
    ),
    "a background message over HTTP": (
        create(x_background=True),
        f'{CREATE}: it has "x-background" and "x-http", which exclude each other',
    ),
    "an event with a result": (
        lambda project: project.written.update({"x-result": {}}),
        f'{WRITTEN}: keyword "x-result" is not supported in an event',
    ),
    # HTTP
    "an unknown keyword of HTTP": (
        http(cookies=[]),
        f'{CREATE}: keyword "cookies" is not supported in "x-http"',
    ),
    "HTTP without a path": (
        lambda project: project.create["x-http"].pop("path"),
        f'{CREATE}: "x-http" is without "path"',
    ),
    "an unknown method": (
        http(method="PUT"),
        f'{CREATE}: "x-http" does not support the method "PUT"',
    ),
    "a command by GET": (
        http(method="GET"),
        f'{CREATE}: "x-http" binds a command to the method GET',
    ),
    "an unknown status": (http(success=418), f'{CREATE}: "x-http" does not support the status 418'),
    "a path elsewhere": (
        http(path="/notes"),
        f'{CREATE}: "path" of "x-http" does not begin with "/api/": "/notes"',
    ),
    "an odd segment": (
        http(path="/api/no tes"),
        f'{CREATE}: "path" of "x-http" has the segment "no tes"',
    ),
    "an unknown field in the path": (
        http(path="/api/notes/{note_id}"),
        f'{CREATE}: "path" of "x-http" names the unknown field "note_id"',
    ),
    "an optional field in the path": (
        http(path="/api/notes/{priority}"),
        f'{CREATE}: "path" of "x-http" holds "priority", which is not required',
    ),
    "an unknown field in the query string": (
        http(query=["page"]),
        f'{CREATE}: "query" of "x-http" names the unknown field "page"',
    ),
    "a field from two places": (
        http(query=["text"]),
        f'{CREATE}: "x-http" takes "text" from two places',
    ),
    "a required field from nowhere": (
        http(body=["colour"]),
        f'{CREATE}: "x-http" does not say where the required field "text" is',
    ),
    "a secret in the address": (
        http(body=["text"], query=["password"]),
        f'{CREATE}: "x-http" puts the secret "password" into the address',
    ),
    "nothing to show": (
        lambda project: project.create["x-http"].pop("shows"),
        f'{CREATE}: "x-http" needs "shows", or 204 as "success"',
    ),
    "an unknown field to show": (
        http(shows="notes"),
        f'{CREATE}: "shows" of "x-http" names the unknown field "notes"',
    ),
    "an unknown member to show": (
        http(shows={"note": ["id", "size"]}),
        f'{CREATE}: "shows" of "x-http" names the unknown field "note.size"',
    ),
    "an unknown field in the location": (
        http(location="/api/notes/{note.number}"),
        f'{CREATE}: "location" of "x-http" names the unknown field "note.number"',
    ),
    "an object in the location": (
        http(location="/api/notes/{note}"),
        f'{CREATE}: "location" of "x-http" names "note", no single value',
    ),
    "an unknown cursor": (
        lambda project: project.list["x-http"].update(next="more"),
        f'{LIST}: "next" of "x-http" names the unknown field "more"',
    ),
    "an unknown field of the result to show": (
        http(shows=["note", "size"]),
        f'{CREATE}: "shows" of "x-http" names the unknown field "size"',
    ),
    "a signed field from elsewhere": (
        lambda project: sign(project, path="/api/notes", query=["cursor"]),
        f'{LIST}: "signed" of "x-http" names "cursor", which is no UUID in the path',
    ),
    "a signed field that is no UUID": (
        lambda project: sign(project, field={"type": "string"}),
        f'{LIST}: "signed" of "x-http" names "cursor", which is no UUID in the path',
    ),
    "a signed field that is not in the result": (
        lambda project: sign(project, result={"type": "string"}),
        f'{LIST}: "signed" of "x-http" names "cursor", which is no UUID of those shown',
    ),
    "a signed field that is not shown": (
        lambda project: sign(project, shows=["notes"]),
        f'{LIST}: "signed" of "x-http" names "cursor", which is no UUID of those shown',
    ),
    "a body with GET": (
        lambda project: project.list["x-http"].update(body=["cursor"]),
        f'{LIST}: "x-http" takes a body with GET',
    ),
    # lists
    "a message in the wrong list": (
        lambda project: project.create.update({"x-kind": "query"}),
        f"{CREATE}: \"x-kind\" is 'query', but contracts/meson.build lists it as command",
    ),
    "a listed message without contract": (
        lambda project: project.lists["queries"].append("notes/show"),
        "contracts/notes/show.json: does not exist, but contracts/meson.build lists it",
    ),
    "a message listed twice": (
        lambda project: project.lists["queries"].append("notes/create"),
        f'{LISTS}: lists "notes/create" twice',
    ),
    "a name that is none": (
        lambda project: project.lists["queries"].append("Notes"),
        f'{LISTS}: "Notes" is no name of a message such as posts/create',
    ),
    "a contract that is not listed": (
        lambda project: project.lists["queries"].clear(),
        f"{LIST}: is not listed in contracts/meson.build",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses(project: Project, case: str) -> None:
    change, sentence = REFUSED[case]
    change(project)
    project.put_contracts()

    assert project.refusal() == sentence


def test_refuses_two_messages_with_one_route(project: Project) -> None:
    project.list["properties"]["note_id"] = {"type": "integer"}
    project.list["required"] = ["note_id"]
    project.list["x-http"]["path"] = "/api/notes/{note_id}"
    other = copy.deepcopy(project.list)
    other["required"] = ["cursor", "note_id"]
    other["x-http"].update(path="/api/notes/{cursor}", query=["note_id"])
    project.list["x-http"]["query"] = ["cursor"]
    project.lists["queries"].append("notes/zoom")
    project.put_contracts()
    project.put("contracts/notes/zoom.json", json.dumps(other))

    assert re.fullmatch(
        r"contracts/notes/\w+\.json: its route GET /api/notes/\{\w+\} is that of"
        r" contracts/notes/\w+\.json, too",
        project.refusal(),
    )


def test_refuses_a_file_that_is_not_json(project: Project) -> None:
    project.put_contracts()
    project.put(CREATE, "{")

    assert project.refusal().startswith(f"{CREATE}: is not JSON: Expecting property name")


def test_refuses_a_key_that_is_written_twice(project: Project) -> None:
    project.put_contracts()
    project.put(CREATE, '{"title": "a", "title": "b"}')

    assert project.refusal() == f'{CREATE}: "title" is written twice in one object'


def test_names_the_function_of_a_missing_handler(project: Project) -> None:
    project.put_contracts()

    assert project.refusal("--handlers") == (
        f"{CREATE}: the handler is missing: write the function notes_create_handle (its prototype"
        ' is in "contracts/notes_create.h") in services/command/handlers/notes/create.c'
    )


def test_names_the_missing_test_of_a_handler(project: Project) -> None:
    project.put_contracts()
    project.put_handlers()
    (project.root / "tests/query/notes/list_test.c").unlink()

    assert project.refusal("--handlers") == (
        f"{LIST}: the test of notes_list_handle is missing: write tests/query/notes/list_test.c"
    )


def test_is_content_with_handlers_that_are_there(project: Project) -> None:
    project.put_contracts()
    project.put_handlers()

    project.generate("--handlers")

    assert (project.output / "notes_create.h").is_file()


def test_only_checks_without_an_output(project: Project) -> None:
    project.put_contracts()

    done = project.run()

    assert (done.returncode, done.stderr) == (0, "")
    assert not project.output.exists()


def test_says_who_may_send_a_message(project: Project) -> None:
    project.create["x-user"] = "staff"
    project.put_contracts()

    project.generate()

    descriptor = (project.output / "contracts.c").read_text(encoding="utf-8")
    assert re.search(r'\.name = "notes\.create",.*?\.caller = (\w+),', descriptor, re.S)[1] == (
        "CALLER_STAFF"
    )
    reference = (project.output / "reference.md").read_text(encoding="utf-8")
    assert "- Caller: a member of the staff\n" in reference


def test_leaves_alone_what_has_not_changed(project: Project) -> None:
    project.put_contracts()
    project.generate()
    before = {file.name: file.stat().st_mtime_ns for file in project.output.iterdir()}
    project.list["title"] = "List all notes"
    project.put_contracts()

    project.generate()

    after = {file.name: file.stat().st_mtime_ns for file in project.output.iterdir()}
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"contracts.c", "openapi.json", "asyncapi.json", "reference.md"}


def test_lists_in_the_depfile_what_the_output_depends_on(project: Project) -> None:
    project.put_contracts()
    depfile = project.root / "contracts.d"

    project.generate("--depfile", str(depfile), "--target", "out/contracts.c")

    target, files = depfile.read_text(encoding="utf-8").split(": ")
    assert target == "out/contracts.c"
    for name in ("contracts/notes/create.json", "contracts/models/text.json", "common/core/err.h"):
        assert str(project.root / name) in files.split()
    assert str(ROOT / "contracts/generate/build.py") in files.split()
    assert str(ROOT / "contracts/generate/templates/message.h.j2") in files.split()


def test_makes_a_header_that_says_everything(project: Project) -> None:
    project.put_contracts()

    project.generate()

    header = (project.output / "notes_create.h").read_text(encoding="utf-8")
    assert "/* notes.create: Somebody writes a note. */" in header
    struct = re.search(r"struct notes_create_command \{(.*?)\};", header, re.DOTALL)
    assert struct is not None
    assert [line.strip() for line in struct.group(1).strip().splitlines()] == [
        "const char *text;",
        "enum colour colour;",
        "const char *password;",
        "bool has_priority;",
        "int64_t priority;",
    ]
    assert "void notes_create_send(struct ctx *ctx, " in header
    event = (project.output / "notes_written.h").read_text(encoding="utf-8")
    assert "void notes_written_publish(struct ctx *ctx, " in event
    assert "_handle" not in event


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_makes_c_that_compilers_do_not_mind(project: Project, compiler: str) -> None:
    project.put_contracts()
    project.output = project.root / "build" / "contracts"
    project.generate()
    flags = ["-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-Wshadow"]
    flags += ["-Wmissing-prototypes", "-Wno-missing-field-initializers", "-fsyntax-only"]

    for source in sorted(project.output.glob("*.c")):
        subprocess.run(
            [compiler, *flags, f"-I{ROOT}", f"-I{project.output.parent}", str(source)], check=True
        )


def test_puts_fixed_paths_before_those_with_a_field(project: Project) -> None:
    project.list["properties"]["note_id"] = {"type": "integer"}
    project.list["required"] = ["note_id"]
    project.list["x-http"]["path"] = "/api/notes/{note_id}"
    fixed = dict(project.list, required=[])
    fixed["x-http"] = {**project.list["x-http"], "path": "/api/notes/zzz"}
    project.lists["queries"].append("notes/zzz")
    project.put_contracts()
    project.put("contracts/notes/zzz.json", json.dumps(fixed))

    project.generate()

    routes = (project.output / "routes.c").read_text(encoding="utf-8")
    paths = re.findall(r'\.path = "(.*)"', routes)
    assert paths == ["/api/notes", "/api/notes/zzz", "/api/notes/{note_id}"]


def test_passes_a_signed_field_on_to_the_routes(project: Project) -> None:
    sign(project)
    project.put_contracts()

    project.generate()

    routes = (project.output / "routes.c").read_text(encoding="utf-8")
    assert re.findall(r"\.signed_field = (.*),", routes) == ["NULL", '"cursor"']


def test_passes_an_object_of_any_shape_through(project: Project) -> None:
    project.list["x-result"]["properties"]["next"] = {"type": ["object", "null"]}
    project.list["x-http"].pop("next")
    project.put_contracts()

    project.generate()

    header = (project.output / "notes_list.h").read_text(encoding="utf-8")
    assert "struct json_slice next;" in header
    source = (project.output / "contracts.c").read_text(encoding="utf-8")
    assert re.search(r'\.name = "next",.*JSON_RAW,.*JSON_REQUIRED \| JSON_NULLABLE', source)
    reference = (project.output / "reference.md").read_text(encoding="utf-8")
    assert "| `next` | object or null | required |  |" in reference
