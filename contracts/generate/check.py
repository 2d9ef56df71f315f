"""Refuses what the build has no answer to: each failure is one sentence that names the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Iterable

import jsonschema

from load import ContractError, Library, Schema
from model import Error, Message

ANNOTATIONS = {"title", "description", "examples", "$schema", "$id"}
KEYWORDS = {
    "object": {"properties", "required", "additionalProperties", "minProperties"},
    "array": {"items", "minItems", "maxItems"},
    "string": {"minLength", "maxLength", "format", "pattern", "enum"},
    "integer": {"minimum", "maximum"},
    "boolean": set(),
}
MESSAGE_KEYWORDS = {
    "x-kind", "x-user", "x-session", "x-background", "x-queue", "x-result", "x-errors", "x-http",
}  # fmt: skip
HTTP_KEYWORDS = {
    "method", "path", "query", "body", "success", "shows", "location", "next", "signed",
}  # fmt: skip
FORMATS = {"email", "date-time", "uuid"}
C_KEYWORDS = set(
    "auto break case char const continue default do double else enum extern float for goto if"
    " inline int long register restrict return short signed sizeof static struct switch typedef"
    " union unsigned void volatile while bool true false errno".split()
)
RAW = ["object", "null"]  # the type of what is passed on as it is
IMPLIED_ERRORS = {"invalid_input", "unavailable", "internal"}


def is_c_name(name: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None and name not in C_KEYWORDS


def meta_schema(file: str, schema: Schema) -> None:
    """Is it JSON Schema 2020-12 at all?"""
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        place = "/".join(str(step) for step in error.absolute_path) or "the whole"
        raise ContractError(
            file, f"is not a JSON Schema of 2020-12: {place}: {error.message}"
        ) from error


def keywords(file: str, schema: Schema, extra: Iterable[str] = ()) -> None:
    """Does it use supported keywords only? `extra`: those allowed at this place."""
    if "$ref" in schema:
        known = ANNOTATIONS | {"$ref", "default"} | set(extra)
    else:
        known = ANNOTATIONS | {"type", "default"} | KEYWORDS.get(type_of(file, schema), set())
        known |= set(extra)
    for keyword in schema:
        if keyword not in known:
            raise ContractError(file, f'keyword "{keyword}" is not supported here')
    if schema.get("pattern", "\\S") != "\\S":
        raise ContractError(file, 'keyword "pattern" is supported with "\\\\S" only')
    if "format" in schema and schema["format"] not in FORMATS:
        raise ContractError(file, f'keyword "format" does not support "{schema["format"]}"')
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise ContractError(file, 'an object without "additionalProperties": false')


def is_raw(schema: Schema) -> bool:
    return schema.get("type") == RAW and not KEYWORDS["object"] & set(schema)


def examples(file: str, name: str, schema: Schema) -> None:
    """Do the examples fit their own schema?"""
    alone = {key: value for key, value in schema.items() if key not in ("$ref", "items")}
    validator = jsonschema.Draft202012Validator(alone)
    for example in schema.get("examples", []):
        if not validator.is_valid(example):
            raise ContractError(
                file, f'an example of "{name}" does not fit its own schema: {example!r}'
            )


def type_of(file: str, schema: Schema) -> str:
    """The one type besides "null"."""
    written = schema.get("type")
    types = [written] if isinstance(written, str) else list(written or [])
    if written is not None and not isinstance(written, str) and set(types) - {"null"} == set(types):
        raise ContractError(file, 'keyword "type" is a list without "null"')
    types = [each for each in types if each != "null"]
    if len(types) != 1 or types[0] not in KEYWORDS:
        raise ContractError(file, f'keyword "type" does not support {written!r}')
    return types[0]


def error_table(root: Path) -> dict[str, Error]:
    """The rows of common/core/err.h by code."""
    text = (root / "common/core/err.h").read_text(encoding="utf-8").replace("\\\n", " ")
    rows = re.findall(r'X\((\w+),\s*"(\w+)",\s*(\d+),\s*(\w+),\s*"([^"]*)"\)', text)
    if not rows:
        raise ContractError("common/core/err.h", "holds no table of errors")
    return {
        code: Error(name, code, int(status), title, disposition == "LASTING")
        for name, code, status, disposition, title in rows
    }


def errors(file: str, codes: Any, table: dict[str, Error]) -> list[Error]:
    for code in codes:
        if code not in table:
            raise ContractError(
                file, f'"x-errors" names "{code}", which common/core/err.h does not'
            )
        if code in IMPLIED_ERRORS:
            raise ContractError(
                file, f'"x-errors" names "{code}", with which every message may fail'
            )
    return [table[code] for code in codes]


def lists(library: Library, paths: dict[str, list[str]]) -> None:
    """Is each listed message there, once, and each contract listed?"""
    listed = [path for kind in paths.values() for path in kind]
    for path in listed:
        if listed.count(path) > 1:
            raise ContractError("contracts/meson.build", f'lists "{path}" twice')
        if re.fullmatch(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)+", path) is None:
            raise ContractError(
                "contracts/meson.build", f'"{path}" is no name of a message such as posts/create'
            )
        if not (library.root / f"contracts/{path}.json").is_file():
            raise ContractError(
                f"contracts/{path}.json", "does not exist, but contracts/meson.build lists it"
            )
    for file in sorted((library.root / "contracts").rglob("*.json")):
        path = file.relative_to(library.root / "contracts").with_suffix("").as_posix()
        if not path.startswith(("models/", "generate/")) and path not in listed:
            raise ContractError(f"contracts/{path}.json", "is not listed in contracts/meson.build")


def handlers(root: Path, messages: list[Message]) -> None:
    """Has each command and query its handler, and each handler its test?"""
    for message in messages:
        if message.kind == "event":
            continue
        source = f"services/{message.kind}/handlers/{message.path}.c"
        function = f"{message.prefix}_handle"
        if not (root / source).is_file():
            raise ContractError(
                message.file,
                f"the handler is missing: write the function {function} (its prototype is in"
                f' "contracts/{message.prefix}.h") in {source}',
            )
        test = f"tests/{message.kind}/{message.path}_test.c"
        if not (root / test).is_file():
            raise ContractError(message.file, f"the test of {function} is missing: write {test}")


def routes(messages: Iterable[Message]) -> None:
    """Do two messages claim the same method and shape of path?"""
    taken: dict[tuple[str, str], Message] = {}
    for message in messages:
        assert message.http is not None
        shape = re.sub(r"\{[^}]*\}", "{}", message.http.path)
        other = taken.setdefault((message.http.method, shape), message)
        if other is not message:
            raise ContractError(
                message.file,
                f"its route {message.http.method} {message.http.path} is that of {other.file}, too",
            )
