"""Makes a sorted table of digests from Debian's lists of common passwords (the build runs it)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

SHORTEST = 8  # what is shorter is refused anyway
LEAST = 3000  # entries that the lists have to have


def words(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        if line and not line.startswith("#!comment"):
            yield line.lower()


def digest(word: str) -> int:
    """FNV-1a, as common_password.c computes it."""
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def main() -> int:
    output, *lists = (Path(each) for each in sys.argv[1:])
    found = {word for file in lists for word in words(file)}
    if len(found) < LEAST:
        print(f"{lists}: only {len(found)} common passwords", file=sys.stderr)
        return 1
    digests = sorted({digest(word) for word in found if len(word) >= SHORTEST})
    rows = "".join(f"    UINT64_C({each:#018x}),\n" for each in digests)
    output.write_text(
        "/* Generated from lists of common passwords. */\n\n"
        '#include "rules/common_passwords.h"\n\n'
        f"const uint64_t common_passwords[] = {{\n{rows}}};\n"
        f"const size_t common_password_count = {len(digests)};\n",
        encoding="utf-8",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
