"""Makes C from the site: its pages (JSON and templates), notices and assets. Run by
services/gateway/pages/meson.build; docs/add-a-page.md says what a page looks like."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path[:0] = [str(ROOT), str(ROOT / "contracts/generate")]

import check  # noqa: E402
from build import Builder  # noqa: E402
from load import ContractError, Library  # noqa: E402

from common.template.compile import TemplateError  # noqa: E402

from assets import FOLDER as ASSETS, Assets  # noqa: E402
from emit_site import emit  # noqa: E402
from linked import check_linked  # noqa: E402
from read_site import Site  # noqa: E402
from templates import compile_site  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="generate", description=__doc__)
    for kind in ("commands", "queries", "events"):
        parser.add_argument(f"--{kind}", default="", help="names such as posts/create, by comma")
    parser.add_argument("--models", default="", help="models of their own, by comma")
    parser.add_argument("--site", default="services/gateway/pages/site", help="from the root")
    parser.add_argument("--asset", action="append", default=[], help="NAME=FILE: one more asset")
    parser.add_argument(
        "--document", action="append", default=[], help="PATH=FILE: a file served at that path"
    )
    parser.add_argument(
        "--policy", action="append", default=[], help="PATH=TEXT: a document's own content policy"
    )
    parser.add_argument("--output", type=Path, help="where the files go")
    parser.add_argument("--depfile", type=Path)
    parser.add_argument("--target", default="", help="the depfile's first word")
    return parser.parse_args()


def write(place: Path, text: str) -> None:
    if not place.is_file() or place.read_text(encoding="utf-8") != text:
        place.write_text(text, encoding="utf-8")


def write_depfile(args: argparse.Namespace, files: set[str]) -> None:
    sources = [*Path(__file__).parent.glob("*.py"), *(ROOT / "contracts/generate").glob("*.py")]
    sources += (ROOT / "common/template/compile").glob("*.py")
    for folder in (ROOT / args.site, ROOT / ASSETS):  # so that a new file is seen
        sources += [folder, *(each for each in folder.rglob("*") if each.is_dir())]
    inputs = sorted({str(each) for each in sources} | {str(ROOT / each) for each in files})
    escaped = " ".join(each.replace(" ", "\\ ") for each in inputs)
    args.depfile.write_text(f"{args.target}: {escaped}\n", encoding="utf-8")


def run(args: argparse.Namespace) -> None:
    library = Library(ROOT)
    lists = {"command": args.commands, "query": args.queries, "event": args.events}
    paths = {kind: [path for path in text.split(",") if path] for kind, text in lists.items()}
    models = [name for name in args.models.split(",") if name]
    catalogue = Builder(library, check.error_table(ROOT)).catalogue(paths, models)
    site = Site(ROOT, args.site, catalogue)
    assets = Assets(ROOT, args.asset, args.document, args.policy)
    compiled = compile_site(ROOT, site, assets)
    check_linked(ROOT, site)
    if args.output is not None:
        args.output.mkdir(parents=True, exist_ok=True)
        write(args.output / "site.c", emit(site, compiled))
        write(args.output / "assets.c", assets.emit(args.output))
    if args.depfile is not None:
        write_depfile(args, set(library.files) | site.files | compiled.files | assets.files)


def main() -> int:
    try:
        run(arguments())
    except (ContractError, TemplateError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
