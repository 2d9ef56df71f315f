"""From npm packages to what browsers get: scripts and styles with their licences inside, and nothing in
them that is fetched from elsewhere. bundle.py <folder with package.json> <where the files go>"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

INSTALL = Path(__file__).resolve().parents[3] / "scripts/lib/npm-install.sh"
SOURCE_MAP = re.compile(r"^(//|/\*)# sourceMappingURL=\S+?(\*/)?\s*$", re.MULTILINE)

# A picture that Redoc shows from its makers' server: an empty one instead.
LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg"
EMPTY = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E"


class BundleError(Exception):
    """One sentence."""


def read(place: Path) -> str:
    try:
        return place.read_text(encoding="utf-8")
    except OSError as error:
        raise BundleError(f"{place.name} is not where its package had it: {error}") from error


def comment(*texts: str) -> str:
    return "/*\n" + "\n".join(text.strip().replace("*/", "* /") for text in texts) + "\n*/\n"


def without_source_map(text: str) -> str:
    """A browser would ask for it."""
    return SOURCE_MAP.sub("", text).rstrip() + "\n"


def without_logo(text: str) -> str:
    if text.count(LOGO) != 1:
        raise BundleError(f"redoc does not name {LOGO} once: see what it fetches now")
    return text.replace(LOGO, EMPTY)


def bundles(modules: Path) -> dict[str, str]:
    swagger, redoc = modules / "swagger-ui-dist", modules / "redoc"
    licence = comment(read(swagger / "NOTICE"), read(swagger / "LICENSE"))
    script = licence + read(swagger / "swagger-ui-bundle.js.LICENSE.txt")
    style = licence + read(swagger / "swagger-ui.css")
    reference = comment(read(redoc / "LICENSE"))
    reference += read(redoc / "bundles/redoc.standalone.js.LICENSE.txt")
    reference += without_logo(read(redoc / "bundles/redoc.standalone.js"))
    return {
        "swagger-ui.js": without_source_map(script + read(swagger / "swagger-ui-bundle.js")),
        "swagger-ui.css": without_source_map(style),
        "redoc.js": without_source_map(reference),
    }


def main() -> int:
    folder, output = Path(sys.argv[1]), Path(sys.argv[2])
    if subprocess.run([INSTALL, folder], check=False).returncode != 0:
        return 1  # it has said why
    try:
        for name, text in bundles(folder / "node_modules").items():
            (output / name).write_text(text, encoding="utf-8")
    except BundleError as error:
        print(f"{folder}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
