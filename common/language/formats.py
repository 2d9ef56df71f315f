"""What is put into a text when it is used: a translation must take the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polib

C_CONVERSION = re.compile(
    r"%(?:(\d+)\$)?[-+ #0']*(?:\*|\d+)?(?:\.(?:\*|\d+))?"
    r"((?:hh|h|ll|l|j|z|t|L)?[diouxXeEfgGcsp]|<PRI\w+>|%|)"
)
NAME = re.compile(r"%\((\w+)\)s")


def conversions(text: str) -> dict[int, str]:
    """Of a format of printf: what each argument is written as."""
    found: dict[int, str] = {}
    for place, conversion in C_CONVERSION.findall(text):
        if conversion != "%":
            found[int(place or len(found) + 1)] = conversion
    return found


def names(text: str) -> set[str]:
    """Of a template's text: its placeholders."""
    return set(NAME.findall(text))


def format_faults(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with the translations of a text that are there."""
    forms = entry.msgstr_plural if entry.msgid_plural else {0: entry.msgstr}
    for index, form in forms.items():
        if not form:
            continue
        if "c-format" in entry.flags and conversions(form) != conversions(entry.msgid):
            yield f'has other conversions: "{form}"'
        wanted = names(entry.msgid_plural if index else entry.msgid)
        if not wanted <= names(form) <= names(entry.msgid) | names(entry.msgid_plural):
            yield f'has other names in it: "{form}"'
