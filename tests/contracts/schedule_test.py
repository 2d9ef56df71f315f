"""What the generator makes of contracts/schedule.json, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.project import OBJECT, Project

JOB = {
    "name": "tidy-up",
    "title": "Tidy up",
    "message": "notes.tidy",
    "fields": {"days": 7},
    "daily": "08:30",
}
FILE = "contracts/schedule.json"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.lists["commands"].append("notes/tidy")
    tidy = {
        "title": "Tidy up the notes",
        "description": "Old notes go.",
        "x-kind": "command",
        "x-background": True,
        **OBJECT,
        "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 90}},
        "required": ["days"],
        "x-result": OBJECT,
    }
    made.put_contracts()
    made.put("contracts/notes/tidy.json", json.dumps(tidy))
    return made


def put(project: Project, *jobs: Any) -> None:
    project.put(FILE, json.dumps({"jobs": jobs}))


@pytest.mark.parametrize(
    ("rule", "period", "offset", "words"),
    [
        ({"every": "15m"}, 900, 0, "every 15 minutes"),
        ({"every": "1h"}, 3600, 0, "every hour"),
        ({"daily": "08:30"}, 86400, 30600, "daily at 08:30 UTC"),
        ({"weekly": "thursday 00:00"}, 604800, 0, "weekly on Thursday at 00:00 UTC"),
        ({"weekly": "monday 08:00"}, 604800, 374400, "weekly on Monday at 08:00 UTC"),
    ],
)
def test_a_rule_is_a_period_and_an_offset(
    project: Project, rule: dict[str, str], period: int, offset: int, words: str
) -> None:
    put(project, {name: value for name, value in JOB.items() if name != "daily"} | rule)

    project.generate()

    made = (project.output / "schedule.c").read_text(encoding="utf-8")
    assert f".rhythm = SCHEDULE_{next(iter(rule)).upper()}," in made
    assert f".period_s = {period}," in made
    assert f".offset_s = {offset}," in made
    assert f'.rule = "{words}",' in made
    assert '.body = "{\\"days\\":7}",' in made


def test_without_the_file_there_are_no_jobs(project: Project) -> None:
    project.generate()

    made = (project.output / "schedule.c").read_text(encoding="utf-8")
    assert "schedule_job_count = 0;" in made


def test_the_reference_lists_the_jobs(project: Project) -> None:
    put(project, JOB)

    project.generate()

    page = (project.output / "reference.md").read_text(encoding="utf-8")
    assert "| `tidy-up` | [notes.tidy](#notestidy) |" in page


@pytest.mark.parametrize(
    ("jobs", "sentence"),
    [
        ([JOB, JOB], 'names the job "tidy-up" twice'),
        ([{"title": "x"}], 'has a job without "name"'),
        ([JOB | {"name": "Tidy up"}], '"Tidy up" is no name of a job such as report-dead-letters'),
        ([JOB | {"hourly": 1}], 'keyword "hourly" of job "tidy-up" is not supported'),
        ([JOB | {"every": "5m"}], 'job "tidy-up" has not one of "every", "daily", "weekly"'),
        ([JOB | {"daily": "24:00"}], 'job "tidy-up" is due daily "24:00", which is neither'),
        ([JOB | {"message": "notes.create"}], 'sends \'notes.create\', which is no command with'),
        ([JOB | {"fields": {"days": 0}}], '"fields" of job "tidy-up" do not fit notes.tidy'),
        ([JOB | {"fields": {}}], '"fields" of job "tidy-up" do not fit notes.tidy'),
    ],
)
def test_what_does_not_fit_is_refused(project: Project, jobs: list[Any], sentence: str) -> None:
    put(project, *jobs)

    assert sentence in project.refusal()
