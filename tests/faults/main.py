"""./dev faults [--seed N] [--fast] [[--again] NAME…]: all faults (and docs/faults.md), or those named."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from typing import Any

from faults import report
from faults.registry import Fault, all_faults, find
from faults.suite import Suite
from support.machine import ROOT

RATE = 30.0
DOCUMENT = ROOT / "docs/faults.md"
COMMANDS_AT_LEAST = 10_000


def main() -> int:
    """0: nothing lost, nothing doubled, nothing slow, nothing wrong."""
    arguments = _arguments()
    faults = _chosen(arguments.names)
    seed = arguments.seed or str(secrets.randbelow(1_000_000))
    print(f"seed {seed}, {len(faults)} faults", flush=True)
    started = time.monotonic()
    cut = "fast" if arguments.fast else "full"
    suite = Suite(faults, cut, seed, RATE, arguments.lanes)
    suite.told = _tell
    suite.start()
    try:
        rows = {fault.name: suite.row(fault) for fault in faults}
    finally:
        suite.stop()
    commands = sum(row.get("commands", 0) for row in rows.values())
    failed = [name for name, row in rows.items() if row["problems"]]
    if arguments.again:
        _write_again(rows)
    elif not arguments.names and not arguments.fast:
        DOCUMENT.write_text(report.document(faults, rows, seed), encoding="utf-8")
        if commands < COMMANDS_AT_LEAST:
            failed.append(f"only {commands} commands")
    minutes = (time.monotonic() - started) / 60
    print(f"{commands} commands, {minutes:.1f} minutes, seed {seed}; failed: {failed or 'none'}")
    return 1 if failed else 0


def _write_again(rows: dict[str, dict[str, Any]]) -> None:
    """Put these rows in the place of those that are there."""
    known, seed = report.read(DOCUMENT.read_text(encoding="utf-8"))
    new = {name: row | {"is_again": True} for name, row in rows.items()}
    holder = next(iter(known.values()))  # of the e-mails of all
    if holder["fault"] in new:
        for name in ("mails", "repeated_mails"):
            new[holder["fault"]][name] = new[holder["fault"]].get(name, 0) + holder.get(name, 0)
    faults = [fault for fault in all_faults() if fault.name in known or fault.name in new]
    joined = {fault.name: new.get(fault.name) or known[fault.name] for fault in faults}
    DOCUMENT.write_text(report.document(faults, joined, seed), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev faults", description=__doc__)
    parser.add_argument("--seed", help="of an earlier run, to repeat it")
    parser.add_argument("--fast", action="store_true", help="as ./dev test has them; no report")
    parser.add_argument("--again", action="store_true", help="put their rows into docs/faults.md")
    parser.add_argument("--lanes", type=int, default=2, help="how many at a time")
    parser.add_argument("names", nargs="*", help="faults; none: all, and write docs/faults.md")
    return parser.parse_args()


def _chosen(names: list[str]) -> list[Fault]:
    faults = all_faults()
    if any(name.endswith(" broken") for name in names):  # to see that the checker would see it
        return [find(name) for name in names]
    unknown = set(names) - {each.name for each in faults}
    if unknown:
        known = "\n  ".join(each.name for each in faults)
        sys.exit(f"no fault is called {', '.join(sorted(unknown))}; there are:\n  {known}")
    return [each for each in faults if not names or each.name in names]


def _tell(row: dict[str, Any]) -> None:
    words = [f"{name} {row[name]}" for name in ("commands", "effects", "lost", "doubled", "slowest",
             "recovery", "repeated_mails", "seconds", "statuses") if name in row]  # fmt: skip
    print(f"{'FAILED' if row['problems'] else 'ok'}: {row['fault']}: {', '.join(words)}")
    for problem in row["problems"][:20]:
        print(f"    {problem}")
    if row["problems"]:
        print(f"    … {len(row['problems'])} in all; {row.get('notes')}\n{row.get('logs', '')}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
