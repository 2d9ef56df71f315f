"""What is wrong with a template, in one sentence with its place."""

from __future__ import annotations


class TemplateError(Exception):
    def __init__(self, file: str, line: int, sentence: str) -> None:
        super().__init__(f"{file}:{line}: {sentence}")


class Refusal(Exception):
    """The sentence alone; whoever walks the template adds the place."""


def listed(names: object) -> str:
    """`a, b, c`, for sentences that say what there is."""
    return ", ".join(sorted(str(each) for each in names)) or "nothing"  # type: ignore[call-overload]
