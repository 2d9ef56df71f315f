"""Periodic messages, from contracts/schedule.json."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import jsonschema

from load import ContractError, Library, Schema
from model import Message
from schema import of_object, used_schemas

FILE = "contracts/schedule.json"
KEYWORDS = {"name", "title", "message", "fields", "every", "daily", "weekly"}
UNITS = {"s": (1, "second"), "m": (60, "minute"), "h": (3600, "hour"), "d": (86400, "day")}
DAYS = ["thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday"]
DAY_S = 86400
PERIOD_MIN_S = 10


@dataclass
class Job:
    """A periodic message: due at every `period_s` seconds since 1970, `offset_s` later."""

    name: str
    title: str
    message: Message
    body: str
    rule: str
    rhythm: str  # every, daily, weekly
    period_s: int
    offset_s: int


def read(library: Library, messages: list[Message], catalogue: Any) -> list[Job]:
    """The jobs, sorted by name; none without the file."""
    if not (library.root / FILE).is_file():
        return []
    written = library.read(FILE)
    jobs = written.get("jobs")
    if set(written) != {"jobs"} or not isinstance(jobs, list):
        raise ContractError(FILE, 'is not {"jobs": […]}')
    made = [job(each, messages, catalogue) for each in jobs]
    names = [each.name for each in made]
    for name in names:
        if names.count(name) > 1:
            raise ContractError(FILE, f'names the job "{name}" twice')
    return sorted(made, key=lambda each: each.name)


def job(written: Any, messages: list[Message], catalogue: Any) -> Job:
    if not isinstance(written, dict) or not isinstance(written.get("name"), str):
        raise ContractError(FILE, 'has a job without "name"')
    name = written["name"]
    if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) is None:
        raise ContractError(FILE, f'"{name}" is no name of a job such as report-dead-letters')
    for keyword in written:
        if keyword not in KEYWORDS:
            raise ContractError(FILE, f'keyword "{keyword}" of job "{name}" is not supported')
    if not isinstance(written.get("title"), str):
        raise ContractError(FILE, f'job "{name}" has no "title"')
    message = message_of(name, written.get("message"), messages)
    fields = written.get("fields", {})
    check_fields(name, fields, message, catalogue)
    rhythm, rule, period_s, offset_s = rule_of(name, written)
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return Job(name, written["title"], message, body, rule, rhythm, period_s, offset_s)


def message_of(job_name: str, name: Any, messages: list[Message]) -> Message:
    for message in messages:
        if message.name == name and message.kind == "command" and message.is_background:
            return message
    raise ContractError(
        FILE, f'job "{job_name}" sends {name!r}, which is no command with "x-background"'
    )


def check_fields(job_name: str, fields: Any, message: Message, catalogue: Any) -> None:
    schema: Schema = of_object(message.input)
    schema["components"] = {"schemas": used_schemas(catalogue, schema)}
    error = next(jsonschema.Draft202012Validator(schema).iter_errors(fields), None)
    if error is not None:
        raise ContractError(
            FILE, f'"fields" of job "{job_name}" do not fit {message.name}: {error.message}'
        )


def rule_of(name: str, written: Schema) -> tuple[str, str, int, int]:
    """Its rhythm, the rule in words, its period and its offset."""
    rules = [keyword for keyword in ("every", "daily", "weekly") if keyword in written]
    if len(rules) != 1:
        raise ContractError(FILE, f'job "{name}" has not one of "every", "daily", "weekly"')
    text = str(written[rules[0]])
    made = {"every": every, "daily": daily, "weekly": weekly}[rules[0]](text)
    if made is None:
        raise ContractError(
            FILE,
            f'job "{name}" is due {rules[0]} "{text}", which is neither "15m" (s, m, h, d; at least'
            f' {PERIOD_MIN_S}s) nor "08:00" nor "monday 08:00"',
        )
    return rules[0], *made


def every(text: str) -> tuple[str, int, int] | None:
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", text)
    if found is None:
        return None
    count, (unit_s, unit) = int(found[1]), UNITS[found[2]]
    if count * unit_s < PERIOD_MIN_S:
        return None
    return f"every {count} {unit}s" if count > 1 else f"every {unit}", count * unit_s, 0


def daily(text: str) -> tuple[str, int, int] | None:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    if found is None:
        return None
    return f"daily at {text} UTC", DAY_S, int(found[1]) * 3600 + int(found[2]) * 60


def weekly(text: str) -> tuple[str, int, int] | None:
    day, _, time = text.partition(" ")
    of_day = daily(time)
    if day not in DAYS or of_day is None:
        return None
    rule = f"weekly on {day.capitalize()} at {time} UTC"
    return rule, 7 * DAY_S, DAYS.index(day) * DAY_S + of_day[2]
