"""docs/faults.md, made from the rows of a whole run."""

from __future__ import annotations

from typing import Any

from faults.registry import Fault

Row = dict[str, Any]
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
    lines.append(f"| *repeated e-mails* | {mails} sent | {repeated} repeats | | | | | |")
    lines.append(_line(_total(rows)))
    text = HEAD + f"Seed: `{seed}` (`./dev faults --seed {seed}` repeats this run).\n\n"
    return text + "\n".join(lines) + "\n\n" + _details(faults, rows)


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
