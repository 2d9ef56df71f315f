"""docs/faults.md, made from the rows of a whole run."""

from __future__ import annotations

import re
from typing import Any

from faults.registry import Fault

Row = dict[str, Any]
COLUMNS = ("fault", "commands", "effects", "lost", "doubled", "statuses", "slowest", "recovery")
MAILS = "*repeated e-mails*"
AGAIN = "Run again by themselves, later: "
HEAD = """# Faults

Written by `./dev faults`: under a steady load of people (HTTP) and programs (AMQP) one thing is
broken at a time; then everything that was promised is counted against everything that happened.

- **commands**: what clients meant to do once, however often they asked; **effects**: how many of
  them happened, as a trigger in the database counted them.
- **lost**: acknowledged, confirmed or pending, with no effect, e-mail or event; **doubled**: done twice, or done
  although refused. Both must be 0.
- **answers**: HTTP status × how often, queries included; 0: the connection broke before the answer.
- **slowest**: seconds to the slowest HTTP answer, less the time in which the gateway itself was stopped.
- **recovery**: seconds from the fault's end until each kind of command succeeded again; 0: none
  failed after it.

"""


def document(faults: list[Fault], rows: dict[str, Row], seed: str) -> str:
    """The page."""
    lines = [
        "| fault | commands | effects | lost | doubled | answers | slowest | recovery |",
        "|---|---:|---:|---:|---:|---|---:|---:|",
    ]
    lines += [_line(rows[fault.name]) for fault in faults]
    mails = sum(row.get("mails", 0) for row in rows.values())
    repeated = sum(row.get("repeated_mails", 0) for row in rows.values())
    lines.append(f"| {MAILS} | {mails} sent | {repeated} repeats | | | | | |")
    lines.append(_line(_total(rows)))
    again = [name for name, row in rows.items() if row.get("is_again")]
    text = HEAD + f"Seed: `{seed}` (`./dev faults --seed {seed}` repeats this run).\n"
    if again:
        text += f"{AGAIN}{', '.join(again)}.\n"
    return text + "\n" + "\n".join(lines) + "\n\n" + _details(faults, rows)


def read(text: str) -> tuple[dict[str, Row], str]:
    """The rows and the seed of a page that `document` has made."""
    rows: dict[str, Row] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if line.startswith("| ") and len(cells) == len(COLUMNS) and cells[1].isdecimal():
            rows[cells[0]] = dict(zip(COLUMNS, map(_value, cells), strict=True))
        note = re.match(r"- \*\*(.*?)\*\*: ", line)
        if note:
            last = rows.get(note[1], {})
        elif line.startswith("  ") and rows:
            last.setdefault("notes", []).append(line.strip())
    rows.pop("**total**", None)
    mails = re.search(rf"\| {re.escape(MAILS)} \| (\d+) sent \| (\d+) repeats", text)
    for name, place in (("mails", 1), ("repeated_mails", 2)):
        next(iter(rows.values()))[name] = int(mails[place]) if mails else 0
    for name in (re.search(rf"^{re.escape(AGAIN)}(.*)\.$", text, re.M) or ["", ""])[1].split(", "):
        if name in rows:
            rows[name]["is_again"] = True
    seed = re.search(r"Seed: `(\w+)`", text)
    return rows, seed[1] if seed else "?"


def _value(cell: str) -> Any:
    """A number; or statuses, by how often."""
    if re.fullmatch(r"\d+", cell):
        return int(cell)
    if re.fullmatch(r"\d+\.\d+", cell):
        return float(cell)
    if " × " in cell:
        return {status: int(count) for status, count in (one.split(" × ") for one in cell.split(", "))}
    return cell


def _line(row: Row) -> str:
    statuses = row.get("statuses", {})
    answers = ", ".join(f"{status} × {count}" for status, count in statuses.items())
    cells = [row["fault"], *(row.get(name, "?") for name in ("commands", "effects", "lost", "doubled"))]
    cells += [answers, row.get("slowest", "?"), row.get("recovery", "?")]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _total(rows: dict[str, Row]) -> Row:
    total: Row = {"fault": "**total**", "statuses": {}, "slowest": 0.0, "recovery": 0.0}
    for row in rows.values():
        for name in ("commands", "effects", "lost", "doubled"):
            total[name] = total.get(name, 0) + row.get(name, 0)
        for name in ("slowest", "recovery"):
            total[name] = max(total[name], row.get(name, 0.0))
        for status, count in row.get("statuses", {}).items():
            total["statuses"][status] = total["statuses"].get(status, 0) + count
    return total


def _details(faults: list[Fault], rows: dict[str, Row]) -> str:
    lines = ["## What is done", ""]
    for fault in faults:
        excused = f" Not held against it: {fault.excused}." if fault.excused else ""
        lines.append(f"- **{fault.name}**: {fault.about}.{excused}")
        lines += [f"  {note}" for note in rows[fault.name].get("notes", [])]
    return "\n".join(lines) + "\n"
