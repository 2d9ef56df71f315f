"""A small source tree with contracts of its own, for the generator to judge."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

from support.machine import ROOT

GENERATOR = ROOT / "contracts" / "generate"
OBJECT = {"type": "object", "additionalProperties": False}
CREATE = {
    "title": "Write a note",
    "description": "Somebody writes a note.",
    "x-kind": "command",
    **OBJECT,
    "properties": {
        "text": {"$ref": "../models/text.json"},
        "colour": {"$ref": "../models/colour.json"},
        "password": {"type": "string", "x-secret": True},
        "priority": {"type": "integer", "minimum": 1, "maximum": 9, "default": 5},
    },
    "required": ["text"],
    "x-result": {
        **OBJECT,
        "properties": {"note": {"$ref": "../models/note.json"}},
        "required": ["note"],
    },
    "x-errors": ["access_denied"],
    "x-http": {
        "method": "POST",
        "path": "/api/notes",
        "body": ["text", "colour", "password"],
        "success": 201,
        "shows": "note",
        "location": "/api/notes/{note.id}",
    },
}
LIST = {
    "title": "List the notes",
    "description": "All notes.",
    "x-kind": "query",
    **OBJECT,
    "properties": {"cursor": {"type": "string"}},
    "x-result": {
        **OBJECT,
        "properties": {
            "notes": {"type": "array", "items": {"$ref": "../models/note.json"}},
            "next": {"type": ["string", "null"]},
        },
        "required": ["notes", "next"],
    },
    "x-http": {
        "method": "GET",
        "path": "/api/notes",
        "query": ["cursor"],
        "success": 200,
        "shows": {"notes": ["id"]},
        "next": "next",
    },
}
WRITTEN = {
    "title": "A note has been written",
    "description": "Published afterwards.",
    "x-kind": "event",
    **OBJECT,
    "properties": {"note": {"$ref": "../models/note.json"}},
    "required": ["note"],
}
MODELS = {
    "text": {"type": "string", "minLength": 1, "maxLength": 10, "pattern": "\\S"},
    "colour": {"title": "Colour", "type": "string", "enum": ["red", "green"]},
    "note": {
        "title": "Note",
        **OBJECT,
        "properties": {"id": {"type": "integer", "minimum": 1}, "text": {"$ref": "text.json"}},
        "required": ["id", "text"],
    },
}


class Project:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "output"
        self.lists = {
            "commands": ["notes/create"],
            "queries": ["notes/list"],
            "events": ["notes/written"],
        }
        self.create = copy.deepcopy(CREATE)
        self.list = copy.deepcopy(LIST)
        self.written = copy.deepcopy(WRITTEN)
        self.models = copy.deepcopy(MODELS)
        self.put("common/core/err.h", (ROOT / "common/core/err.h").read_text(encoding="utf-8"))

    def put(self, path: str, text: str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def put_contracts(self) -> None:
        contracts = {"create": self.create, "list": self.list, "written": self.written}
        for name, schema in contracts.items():
            self.put(f"contracts/notes/{name}.json", json.dumps(schema))
        for name, schema in self.models.items():
            self.put(f"contracts/models/{name}.json", json.dumps(schema))

    def put_handlers(self) -> None:
        for path in ("command/handlers/notes/create.c", "query/handlers/notes/list.c"):
            self.put(f"services/{path}", "")
        for path in ("command/notes/create_test.c", "query/notes/list_test.c"):
            self.put(f"tests/{path}", "")

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        command = ["/usr/bin/python3", "-B", str(GENERATOR), "--source", str(self.root), *options]
        for kind, paths in self.lists.items():
            command += [f"--{kind}", ",".join(paths)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def generate(self, *options: str) -> None:
        """Everything, from what is in the files."""
        done = self.run("--output", str(self.output), *options)
        assert (done.returncode, done.stderr) == (0, "")

    def refusal(self, *options: str) -> str:
        """The sentence with which the generator refuses what is in the files."""
        done = self.run("--output", str(self.output), *options)
        assert done.returncode == 1, "it was not refused"
        assert not self.output.exists(), "something was written all the same"
        assert done.stderr.endswith("\n") and done.stderr.count("\n") == 1, done.stderr
        return done.stderr.strip()

    def json(self, name: str) -> Any:
        return json.loads((self.output / name).read_text(encoding="utf-8"))
