"""Reads contract files: strict JSON, and what `$ref` points at."""

from __future__ import annotations

import json
import posixpath
from pathlib import Path
from typing import Any

Schema = dict[str, Any]


class ContractError(Exception):
    """What is wrong with a file, in one sentence."""

    def __init__(self, file: str, sentence: str) -> None:
        super().__init__(f"{file}: {sentence}")


def read_json(root: Path, file: str) -> dict[str, Any]:
    """The object that a file holds: strict JSON, no key twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise ContractError(file, f'"{twice}" is written twice in one object')
        return members

    try:
        text = (root / file).read_text(encoding="utf-8")
        value = json.loads(text, object_pairs_hook=unique)
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(file, f"cannot be read ({error})") from error
    except json.JSONDecodeError as error:
        raise ContractError(file, f"is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ContractError(file, "is not a JSON object")
    return value


class Library:
    """The schema files, each read once. A file is known by its path from the root of the source."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, Schema] = {}

    def read(self, file: str) -> Schema:
        if file not in self.files:
            self.files[file] = read_json(self.root, file)
        return self.files[file]

    def refer(self, file: str, reference: str) -> str:
        """The file that a `$ref` in `file` means."""
        if "#" in reference or ":" in reference or reference.startswith("/"):
            raise ContractError(file, f'"$ref": "{reference}" is not a relative path to a model')
        found = posixpath.normpath(posixpath.join(posixpath.dirname(file), reference))
        if not found.startswith("contracts/models/") or not (self.root / found).is_file():
            raise ContractError(file, f'"$ref": "{reference}" is no file in contracts/models')
        return found
