"""Adding a page is cheap: what docs/add-a-page.md says, done to a copy of the tree."""

from __future__ import annotations

from typing import Any

from support.adding import LINKING, PAGE, Added
from support.machine import ROOT
from support.stack import Stack


def test_the_build_asks_for_a_link_to_it(added_page: Added) -> None:
    assert PAGE["json"] in added_page.refusal


def test_its_own_test_passes(added_page: Added, stack: Stack) -> None:
    names: dict[str, Any] = {"__name__": "titles_pages_test"}
    exec(added_page.clone.read(PAGE["python"]), names)  # pylint: disable=exec-used

    names["test_titles_lead_to_their_posts"](stack)


def test_no_other_file_was_touched(added_page: Added) -> None:
    assert added_page.changed == {*PAGE.values(), LINKING}
    assert len(added_page.lines) == 1


def test_its_texts_are_found_and_waited_for(added_page: Added) -> None:
    clone = added_page.clone
    assert clone.call("git", "init", "-q").returncode == 0

    try:
        done = clone.call("/usr/bin/python3", "-B", "scripts/messages")
        again = clone.call("/usr/bin/python3", "-B", "scripts/messages", "--check")
    finally:
        assert clone.call("rm", "-r", ".git").returncode == 0

    assert done.returncode == 0, done.stderr
    for language in ("de", "fr"):
        catalogue = clone.read(f"common/language/catalogues/{language}.po")
        assert 'msgid "Titles only"\nmsgstr ""\n' in catalogue
    assert again.returncode == 1
    assert "Titles only" in again.stdout


def test_the_document_names_these_files() -> None:
    text = (ROOT / "docs/add-a-page.md").read_text(encoding="utf-8")

    assert all(name in text for name in (*PAGE.values(), LINKING))
