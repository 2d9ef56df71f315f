"""Makes C and documents from the contracts. Run by contracts/meson.build; see README.md."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import asyncapi
import check
import emit_c
import openapi
import reference
import schedule
from build import Builder
from load import ContractError, Library
from model import Catalogue


def read(
    root: Path, paths: dict[str, list[str]], models: list[str]
) -> tuple[Catalogue, list[str]]:
    """The model of the listed messages, and the files it was made from."""
    library = Library(root)
    check.lists(library, paths)
    catalogue = Builder(library, check.error_table(root)).catalogue(paths, models)
    check.routes(catalogue.bindings())
    catalogue.jobs = schedule.read(library, catalogue.messages, catalogue)
    return catalogue, sorted(library.files)


def to_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def documents(catalogue: Catalogue, version: str) -> dict[str, str]:
    return {
        "openapi.json": to_json(openapi.document(catalogue, version)),
        "asyncapi.json": to_json(asyncapi.document(catalogue, version)),
        "reference.md": reference.document(catalogue),
    }


def write(directory: Path, files: dict[str, str]) -> None:
    """Leaves alone what has not changed, so that nothing is built again for it."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        place = directory / name
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            place.write_text(text, encoding="utf-8")


def write_depfile(place: Path, target: str, root: Path, files: list[str]) -> None:
    here = Path(__file__).parent
    inputs = [root / file for file in files] + [root / "common/core/err.h"]
    inputs += sorted(here.glob("*.py")) + sorted(here.glob("templates/*"))
    escaped = [str(each).replace(" ", "\\ ") for each in inputs]
    place.write_text(f"{target}: {' '.join(escaped)}\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="generate", description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="the root of the source")
    for kind in ("commands", "queries", "events"):
        parser.add_argument(f"--{kind}", default="", help="names such as posts/create, by comma")
    parser.add_argument("--models", default="", help="models of their own, such as health, by comma")
    parser.add_argument("--release", default="0", help="the version that the documents name")
    parser.add_argument(
        "--handlers", action="store_true", help="check that each is there, and its test"
    )
    parser.add_argument(
        "--output", type=Path, help="where the files go; without it they are only checked"
    )
    parser.add_argument("--depfile", type=Path)
    parser.add_argument("--target", default="", help="the depfile's first word")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    lists = {"command": args.commands, "query": args.queries, "event": args.events}
    paths = {kind: [path for path in text.split(",") if path] for kind, text in lists.items()}
    try:
        catalogue, files = read(args.source, paths, [name for name in args.models.split(",") if name])
        if args.handlers:
            check.handlers(args.source, catalogue.messages)
    except ContractError as error:
        print(error, file=sys.stderr)
        return 1
    if args.output is not None:
        write(args.output, emit_c.emit(catalogue) | documents(catalogue, args.release))
    if args.depfile is not None:
        write_depfile(args.depfile, args.target, args.source, files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
