"""docs/faults.md is written and read back alike, so that single rows of it can be run again."""

from __future__ import annotations

from faults import report
from faults.registry import all_faults

FAULTS = all_faults()[:3]


def _rows() -> dict[str, report.Row]:
    return {
        fault.name: {
            "fault": fault.name,
            "commands": 5,
            "effects": 4,
            "lost": 0,
            "doubled": 0,
            "statuses": {"200": 3, "0": 1},
            "slowest": 1.5,
            "recovery": 0.0,
            "mails": 2,
            "repeated_mails": 1,
            "notes": ["a note"],
        }
        for fault in FAULTS
    }


def test_what_is_written_is_read_back() -> None:
    page = report.document(FAULTS, _rows(), "42")

    rows, seed = report.read(page)

    assert seed == "42"
    assert rows[FAULTS[0].name]["statuses"] == {"200": 3, "0": 1}
    assert report.document(FAULTS, rows, seed) == page


def test_the_total_is_of_all_rows() -> None:
    page = report.document(FAULTS, _rows(), "42")

    assert "| **total** | 15 | 12 | 0 | 0 | 200 × 9, 0 × 3 | 1.5 | 0.0 |" in page
    assert "| *repeated e-mails* | 6 sent | 3 repeats |" in page


def test_rows_that_were_run_again_are_named() -> None:
    rows = _rows()
    rows[FAULTS[1].name]["is_again"] = True

    page = report.document(FAULTS, rows, "42")

    assert f"Run again by themselves, later: {FAULTS[1].name}.\n" in page
    assert report.document(FAULTS, report.read(page)[0], "42") == page
