"""From schema files to the model."""

from __future__ import annotations

from typing import Any, Optional

import check
from load import ContractError, Library, Schema
from model import INTEGER_MAX, Catalogue, Enum, Error, Field, Message, Object
from route import build_http

LISTS = "contracts/meson.build"
FIELDS_MAX = 64  # JSON_FIELDS_MAX of common/json/json.h


class Builder:
    def __init__(self, library: Library, table: dict[str, Error]) -> None:
        self.library = library
        self.table = table
        self.objects: dict[str, Object] = {}  # by file, in the order they are complete
        self.enums: dict[str, Enum] = {}
        self.in_progress: list[str] = []

    def catalogue(self, paths: dict[str, list[str]], models: list[str]) -> Catalogue:
        """Of these messages, by kind, and of these models that no message refers to."""
        messages = [self.message(path, kind) for kind in paths for path in paths[kind]]
        messages.sort(key=lambda message: message.name)
        for name in models:
            self.model_object(LISTS, name, self.library.refer(LISTS, f"models/{name}.json"))
        objects, enums = list(self.objects.values()), list(self.enums.values())
        return Catalogue(messages, objects, enums, self.table)

    def message(self, path: str, kind: str) -> Message:
        file = f"contracts/{path}.json"
        schema = self.library.read(file)
        check.meta_schema(file, schema)
        written = schema.get("x-kind")
        if written != kind:
            raise ContractError(
                file, f'"x-kind" is {written!r}, but contracts/meson.build lists it as {kind}'
            )
        prefix, name = path.replace("/", "_"), path.replace("/", ".")
        for annotation in ("title", "description"):
            if not isinstance(schema.get(annotation), str):
                raise ContractError(file, f'"{annotation}" is missing')
        if kind == "event":
            for annotation in check.MESSAGE_KEYWORDS - {"x-kind"}:
                if annotation in schema:
                    raise ContractError(
                        file, f'keyword "{annotation}" is not supported in an event'
                    )
        check.keywords(file, schema, check.MESSAGE_KEYWORDS)
        message = Message(
            path=path,
            kind=kind,
            title=schema["title"],
            description=schema["description"],
            input=self.object(file, schema, f"{prefix}_{kind}", f"{name} {kind}"),
            result=None if kind == "event" else self.result(file, schema, prefix, name),
            errors=check.errors(file, schema.get("x-errors", []), self.table),
            user=self.choice(file, schema, "x-user", ["optional", "required", "staff"]),
            session=self.choice(file, schema, "x-session", ["untouched", "starts", "ends"]),
            is_background=self.choice(file, schema, "x-background", [False, True]),
            pool=self.pool(file, schema),
        )
        if message.needs_user and "access_denied" not in schema.get("x-errors", []):
            raise ContractError(
                file, f'"x-user" is "{message.user}", but "x-errors" lacks "access_denied"'
            )
        if message.is_background and "x-http" in schema:
            raise ContractError(
                file, 'it has "x-background" and "x-http", which exclude each other'
            )
        if "x-http" in schema:
            message.http = build_http(message, schema["x-http"])
        return message

    def result(self, file: str, schema: Schema, prefix: str, name: str) -> Object:
        result = schema.get("x-result")
        if not isinstance(result, dict) or result.get("type") != "object":
            raise ContractError(file, '"x-result" is missing or no schema of an object')
        check.meta_schema(file, result)
        check.keywords(file, result)
        return self.object(file, result, f"{prefix}_result", f"{name} result")

    def pool(self, file: str, schema: Schema) -> str:
        queue = schema.get("x-queue", {})
        if not isinstance(queue, dict) or set(queue) - {"pool"}:
            raise ContractError(file, '"x-queue" supports "pool" only')
        return str(self.choice(file, queue, "pool", ["default", "password", "mail", "search"]))

    @staticmethod
    def choice(file: str, schema: Schema, keyword: str, choices: list[Any]) -> Any:
        value = schema.get(keyword, choices[0])
        if value not in choices:
            raise ContractError(file, f'"{keyword}" does not support {value!r}')
        return value

    def object(self, file: str, schema: Schema, name: str, label: str) -> Object:
        if schema.get("type") != "object":
            raise ContractError(file, f'"type" of {label} is not "object"')
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        for each in required:
            if each not in properties:
                raise ContractError(file, f'"required" names "{each}", which "properties" does not')
        if len(properties) > FIELDS_MAX:
            raise ContractError(file, f"{label} has more than {FIELDS_MAX} properties")
        made = Object(name, label, file, schema.get("title", ""), schema.get("description", ""))
        made.minimum_properties = schema.get("minProperties", 0)
        if made.minimum_properties > len(properties):
            raise ContractError(file, '"minProperties" is greater than the number of properties')
        role = "result" if name.endswith("_result") else "input"
        role = "model" if file.startswith("contracts/models/") else role
        for index, (field_name, field_schema) in enumerate(properties.items()):
            made.fields.append(
                self.field(file, field_name, field_schema, index, field_name in required, role)
            )
        return made

    def field(
        self, file: str, name: str, schema: Schema, index: int, required: bool, role: str
    ) -> Field:
        if not check.is_c_name(name) or name.endswith("_count") or name.startswith("has_"):
            raise ContractError(
                file, f'"{name}" cannot be the name of a field: it names a C member'
            )
        if not isinstance(schema, dict):
            raise ContractError(file, f'the schema of "{name}" is not an object')
        check.keywords(file, schema, {"x-secret"} if role == "input" else set())
        model = self.library.refer(file, schema["$ref"]) if "$ref" in schema else None
        whole = schema if model is None else {**self.model_schema(model), **schema}
        where = file if model is None else model
        kind = check.type_of(where, whole)
        made = Field(name, index, kind, whole, required)
        made.nullable = isinstance(whole["type"], list)
        made.secret = whole.get("x-secret", False)
        if made.secret and kind != "string":
            raise ContractError(file, f'"x-secret" is on "{name}", which is not a string')
        self.limits(where, made)
        check.examples(where, name, whole)
        if role == "result" and check.is_raw(schema):
            made.kind = "raw"
        elif kind == "object":
            made.type = self.model_object(file, name, model)
        elif kind == "array":
            made.type = self.element(where, name, whole)
        elif "enum" in whole:
            made.kind, made.type = "enum", self.model_enum(file, name, model, whole)
        elif whole.get("format") == "date-time":
            made.kind = "time"
        else:
            made.format = whole.get("format", "")
        self.default(file, made)
        return made

    @staticmethod
    def limits(file: str, field: Field) -> None:
        least, most = {
            "string": ("minLength", "maxLength"),
            "integer": ("minimum", "maximum"),
            "array": ("minItems", "maxItems"),
        }.get(field.kind, ("", ""))
        field.minimum = field.schema.get(least, -INTEGER_MAX if field.kind == "integer" else 0)
        field.maximum = field.schema.get(most, INTEGER_MAX)
        field.not_blank = "pattern" in field.schema
        for value in (field.minimum, field.maximum):
            if not isinstance(value, int) or abs(value) > INTEGER_MAX:
                raise ContractError(
                    file, f'a limit of "{field.name}" is not an integer up to 2^53-1'
                )
        if field.minimum > field.maximum:
            raise ContractError(file, f'"{least}" of "{field.name}" is greater than "{most}"')

    def default(self, file: str, field: Field) -> None:
        if "default" not in field.schema:
            return
        value = field.schema["default"]
        fits = {
            "integer": type(value) is int and field.minimum <= value <= field.maximum,
            "boolean": type(value) is bool,
            "string": isinstance(value, str)
            and field.minimum <= len(value) <= field.maximum
            and not (field.not_blank and not value.strip()),
            "enum": isinstance(field.type, Enum) and value in field.type.values,
        }.get(field.kind, False)
        if not fits:
            raise ContractError(file, f'"default" of "{field.name}" does not fit its own schema')
        if field.required:
            raise ContractError(file, f'"{field.name}" is required and has a "default"')
        field.default = value

    def model_schema(self, file: str) -> Schema:
        schema = self.library.read(file)
        check.meta_schema(file, schema)
        check.keywords(file, schema, {"x-label"} if "enum" in schema else set())
        if "$ref" in schema:
            raise ContractError(file, 'keyword "$ref" is not supported at the top of a model')
        return schema

    def model_name(self, file: str) -> str:
        name = file.rsplit("/", 1)[-1].removesuffix(".json")
        if not check.is_c_name(name):
            raise ContractError(file, f'"{name}" cannot be the name of a model: it names a C type')
        return name

    def model_object(self, file: str, name: str, model: Optional[str]) -> Object:
        if model is None:
            raise ContractError(file, f'"{name}" is an object written in place: make it a model')
        if model in self.in_progress:
            raise ContractError(model, "refers to itself")
        if model not in self.objects:
            self.in_progress.append(model)
            c_name = self.model_name(model)
            made = self.object(model, self.model_schema(model), c_name, c_name)
            self.in_progress.pop()
            self.objects[model] = made
        return self.objects[model]

    def model_enum(self, file: str, name: str, model: Optional[str], schema: Schema) -> Enum:
        if model is None:
            raise ContractError(file, f'"{name}" is an enum written in place: make it a model')
        values = schema["enum"]
        for value in values:
            if not isinstance(value, str) or not check.is_c_name(value):
                raise ContractError(model, f'"enum" does not support {value!r}')
        if model not in self.enums:
            base = self.library.read(model)
            if base.get("x-label", True) is not True:
                raise ContractError(model, '"x-label" is true or left out')
            self.enums[model] = Enum(
                self.model_name(model),
                model,
                base.get("title", ""),
                base.get("description", ""),
                values,
                "x-label" in base,
            )
        return self.enums[model]

    def element(self, file: str, name: str, schema: Schema) -> Object:
        items = schema.get("items")
        if not isinstance(items, dict) or set(items) != {"$ref"}:
            raise ContractError(file, f'"items" of "{name}" is not a $ref to a model of an object')
        model = self.library.refer(file, items["$ref"])
        if check.type_of(model, self.model_schema(model)) != "object":
            raise ContractError(file, f'"items" of "{name}" is not a $ref to a model of an object')
        return self.model_object(file, name, model)
