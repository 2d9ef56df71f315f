"""Files that are compiled into the gateway: assets, by a name with a digest in it, and documents."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from page_model import SiteError

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
FOLDER = "services/gateway/pages/assets"
DIGEST_LENGTH = 16


@dataclass(frozen=True)
class Asset:
    path: str
    file: Path
    content: bytes
    digest: str
    is_lasting: bool
    policy: Optional[str] = None

    @property
    def content_type(self) -> str:
        return TYPES[self.file.suffix]

    def packed(self) -> bytes:
        """Packed, or nothing where that saves little."""
        smaller = gzip.compress(self.content, 9, mtime=0)
        return smaller if len(smaller) < 0.9 * len(self.content) else b""


def read(path: str, file: Path, is_lasting: bool) -> Asset:
    if file.suffix not in TYPES:
        raise SiteError(str(file), f'files of the type "{file.suffix}" are not served')
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SiteError(str(file), f"cannot be read ({error})") from error
    return made(path, file, content, is_lasting)


def made(path: str, file: Path, content: bytes, is_lasting: bool) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]
    return Asset(path.replace("*", digest), file, content, digest, is_lasting)


def pair(text: str) -> tuple[str, Path]:
    name, _, file = text.partition("=")
    return name, Path(file).resolve()


class Assets:
    """`more` are NAME=FILE, `documents` PATH=FILE, `policies` PATH=POLICY."""

    def __init__(
        self, root: Path, more: list[str], documents: list[str], policies: list[str]
    ) -> None:
        files = {file.name: file for file in sorted((root / FOLDER).iterdir()) if file.is_file()}
        files |= dict(pair(each) for each in more)
        self.root = root
        self.used: set[str] = set()
        self.by_name = {
            name: read(f"/assets/{Path(name).stem}.*{Path(name).suffix}", file, True)
            for name, file in files.items()
        }
        self.documents = [self.document(*pair(each)) for each in documents]
        self.set_policies(policies)

    def document(self, path: str, file: Path) -> Asset:
        """Of HTML the assets that it names, as templates do, have their addresses put in."""
        asset = read(path, file, False)
        if file.suffix != ".html":
            return asset

        def address(match: re.Match[bytes]) -> bytes:
            try:
                return self.url(match.group(1).decode()).encode()
            except ValueError as error:
                raise SiteError(str(file), str(error)) from error

        content = re.sub(rb'\{\{ *asset\("([^"]*)"\) *\}\}', address, asset.content)
        return made(path, file, content, False)

    def set_policies(self, policies: list[str]) -> None:
        for policy in policies:
            path, _, text = policy.partition("=")
            found = [number for number, each in enumerate(self.documents) if each.path == path]
            if not found:
                raise SiteError(path, "has a policy and is no document")
            document = self.documents[found[0]]
            self.documents[found[0]] = replace(document, policy=text)

    @property
    def files(self) -> set[str]:
        return {str(each.file) for each in self.all()}

    def all(self) -> list[Asset]:
        return sorted([*self.by_name.values(), *self.documents], key=lambda each: each.path)

    def url(self, name: str) -> str:
        """What a template's asset("style.css") is."""
        if name not in self.by_name:
            raise ValueError(f'no asset "{name}"')
        self.used.add(name)
        return self.by_name[name].path

    def check_used(self) -> None:
        for name in sorted(set(self.by_name) - self.used):
            raise SiteError(str(self.by_name[name].file), "no template uses this asset")

    @staticmethod
    def place(asset: Asset, output: Path) -> Path:
        """Where its bytes are: in its own file, unless they were changed."""
        if asset.content == asset.file.read_bytes():
            return asset.file
        changed = output / f"{asset.digest}{asset.file.suffix}"
        changed.write_bytes(asset.content)
        return changed

    def emit(self, output: Path) -> str:
        """The table as C; the bytes are taken in by the assembler."""
        lines = ["/* Assets. Generated. */", "", '#include "services/gateway/pages/asset.h"', ""]
        rows = []
        for number, asset in enumerate(self.all()):
            lines += included(f"asset_{number}", self.place(asset, output))
            packed = asset.packed()
            if packed:
                place = output / f"asset_{number}_{asset.digest}.gz"
                place.write_bytes(packed)
                lines += included(f"asset_{number}_gzip", place)
            gzipped = (
                f".gzip = asset_{number}_gzip, .gzip_end = asset_{number}_gzip_end, "
                if packed
                else ""
            )
            rows.append(
                f'    {{.path = "{asset.path}", .content_type = "{asset.content_type}", '
                f".data = asset_{number}, .data_end = asset_{number}_end, {gzipped}"
                f'.etag = "\\"{asset.digest}\\"", .gzip_etag = "\\"{asset.digest}-gzip\\"", '
                f".content_policy = {'NULL' if asset.policy is None else json.dumps(asset.policy)}, "
                f".is_lasting = {'true' if asset.is_lasting else 'false'}}},"
            )
        lines += ["", "const struct asset assets[] = {", *rows, "};"]
        lines += [f"const size_t asset_count = {len(rows)};", ""]
        return "\n".join(lines)


def included(name: str, file: Path) -> list[str]:
    """Two symbols around the bytes of a file."""
    return [
        '__asm__(".section .rodata\\n"',
        f'        ".global {name}\\n.global {name}_end\\n"',
        f'        "{name}:\\n.incbin \\"{file}\\"\\n"',
        f'        "{name}_end:\\n.byte 0\\n"',
        '        ".previous\\n");',
        f"extern const char {name}[];",
        f"extern const char {name}_end[];",
    ]
