"""The texts people see: found in the source, kept in the catalogues, checked.

C: the formats of the functions in KEYWORDS, and N_("…"). Templates: `trans`, `_(…)` and the like. Contracts: the
values of enums with "x-label", as the filter |label shows them, and the titles of jobs. Site: the sentences of notices.json.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from jinja2 import nodes

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from common.language.formats import format_faults
from literal_texts import literal_texts
from common.template.compile.calls import TRANSLATIONS
from common.template.compile.sources import environment

FOLDER = "common/language/catalogues"
LANGUAGES = {"de": ("German", "nplurals=2; plural=(n != 1);"), "fr": ("French", "nplurals=2; plural=(n > 1);")}
# The function, and which of its arguments is the text. X: the titles of common/core/err.h.
KEYWORDS = (
    "N_ X:5 ctx_fail:3 ctx_invalid:3 problem_add:4 request_fail:3 json_report_add:3 "
    "refuse:3 refuse_value:3 respond_err:3 language_text:2 language_plural:2,3"
).split()
NO_TEXTS = {"%s"}
PAGES = ("services/*site/*.html",)
MAILS = ("services/*mails/*.html", "services/*mails/*.subject", "services/*mails/*.txt")

Key = tuple[str, str]  # context, msgid


@dataclass
class Message:
    msgid: str
    plural: str = ""
    context: str = ""
    flag: str = ""
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.msgid


class Texts:
    """All that were found; each once."""

    def __init__(self) -> None:
        self.found: dict[Key, Message] = {}

    def add(self, file: str, message: Message) -> None:
        known = self.found.setdefault(message.key, message)
        if known.plural and message.plural and known.plural != message.plural:
            raise SystemExit(f'{file}: "{message.msgid}" has another plural elsewhere: {known.plural}')
        known.plural = known.plural or message.plural
        known.flag = known.flag or message.flag
        known.files.add(file)

    def ordered(self) -> list[Message]:
        return sorted(self.found.values(), key=lambda each: (min(each.files), each.msgid, each.context))


def tracked(*patterns: str) -> list[str]:
    """Files under version control or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    done = subprocess.run([*command, "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [file for file in done.stdout.splitlines() if (ROOT / file).is_file()]


def from_c(texts: Texts) -> None:
    files = tracked("common/*.c", "common/*.h", "services/*.c", "services/*.h")
    command = ["xgettext", "--language=C", "--from-code=UTF-8", "--add-location=file", "--keyword"]
    command += [f"--keyword={each}" for each in KEYWORDS] + ["--output=-", "--files-from=-"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        input="\n".join(files),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    for entry in polib.pofile(done.stdout, encoding="utf-8"):
        if entry.msgid in NO_TEXTS:
            continue
        flag = "c-format" if "c-format" in entry.flags else ""
        for file, _ in entry.occurrences:
            texts.add(file, Message(entry.msgid, entry.msgid_plural, flag=flag))


def from_templates(texts: Texts) -> None:
    parser = environment()
    for file in tracked(*PAGES, *MAILS):
        tree = parser.parse((ROOT / file).read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            message = from_call(call)
            if message is not None:
                texts.add(file, message)


def from_call(call: nodes.Call) -> Message | None:
    name = call.node.name if isinstance(call.node, nodes.Name) else ""
    constants = [each.value for each in call.args if isinstance(each, nodes.Const)]
    wanted = TRANSLATIONS.get(name, 0)
    if wanted == 0 or len(constants) < wanted:
        return None  # the compiler says what is wrong with it
    context = constants.pop(0) if name in ("pgettext", "npgettext") else ""
    plural = constants[1] if name in ("ngettext", "npgettext") else ""
    flag = "python-format" if "%" in constants[0] + plural else ""
    return Message(constants[0], plural, context, flag)


def from_contracts(texts: Texts) -> None:
    """As render_label (common/template/filters.h) makes them of the values. That a page shows them is
    for the pages' generator to see."""
    for file in tracked("contracts/models/*.json"):
        model = json.loads((ROOT / file).read_text(encoding="utf-8"))
        for value in model.get("enum", []) if "x-label" in model else []:
            label = value.replace("_", " ")
            texts.add(file, Message(label[:1].upper() + label[1:]))


def from_schedule(texts: Texts) -> None:
    for file in tracked("contracts/schedule.json"):
        for job in json.loads((ROOT / file).read_text(encoding="utf-8"))["jobs"]:
            texts.add(file, Message(job["title"]))


def from_notices(texts: Texts) -> None:
    for file in tracked("services/*/notices.json"):
        for sentence in json.loads((ROOT / file).read_text(encoding="utf-8")).values():
            texts.add(file, Message(sentence))


def found() -> list[Message]:
    texts = Texts()
    for search in (from_c, from_templates, from_contracts, from_schedule, from_notices):
        search(texts)
    return texts.ordered()


def entry_of(message: Message, old: polib.POEntry | None, is_template: bool) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.msgid,
        msgctxt=message.context or None,
        occurrences=[(file, "") for file in sorted(message.files)],
        flags=[message.flag] if message.flag else [],
    )
    if old is not None:
        entry.tcomment = old.tcomment
        entry.flags += [flag for flag in old.flags if flag == "fuzzy"]
    if message.plural:
        entry.msgid_plural = message.plural
        known = old.msgstr_plural if old is not None else {}
        entry.msgstr_plural = {index: known.get(index, "") for index in (0, 1)}
    elif old is not None and not is_template:
        entry.msgstr = old.msgstr
    return entry


def catalogue(language: str, messages: list[Message]) -> str:
    """The text of a .po file with these messages and what it has of translations; "": the .pot file."""
    place = ROOT / FOLDER / f"{language}.po"
    known: dict[Key, polib.POEntry] = {}
    if language and place.is_file():
        entries = polib.pofile(str(place), encoding="utf-8")
        known = {(each.msgctxt or "", each.msgid): each for each in entries if not each.obsolete}
    made = polib.POFile(wrapwidth=100)
    made.header = f"{LANGUAGES[language][0] if language else 'The'} texts of Postroom. Kept up to date by ./dev messages."
    made.metadata = {
        "Project-Id-Version": "postroom",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language][1] if language else "nplurals=2; plural=(n != 1);",
    }
    made.extend(entry_of(each, known.get(each.key), not language) for each in messages)
    return f"{made}\n" if not str(made).endswith("\n") else str(made)


def catalogues() -> dict[str, str]:
    """The files as they should be, by path."""
    messages = found()
    files = {f"{FOLDER}/postroom.pot": catalogue("", messages)}
    return files | {f"{FOLDER}/{name}.po": catalogue(name, messages) for name in LANGUAGES}


def faults_of(entry: polib.POEntry) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield "is only guessed (fuzzy)"
    forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(forms):
        yield "is not translated"
        return
    if entry.msgid.endswith((".", "!", "?", "…", ":")) != forms[0].rstrip().endswith((".", "!", "?", "…", ":")):
        yield "does not end as the English text does"
    if any(text != text.strip() for text in (entry.msgid, *forms)):
        yield "begins or ends with a space"
    yield from format_faults(entry)


def faults() -> Iterator[str]:
    """What is wrong with the translations, as file: sentence."""
    for name in LANGUAGES:
        file = f"{FOLDER}/{name}.po"
        for entry in polib.pofile(str(ROOT / file), encoding="utf-8", check_for_duplicates=True):
            for fault in faults_of(entry):
                yield f'{file}: "{entry.msgid}" {fault}'


def untranslatable() -> Iterator[str]:
    """What pages say outside the catalogues."""
    for file in tracked(*PAGES, *MAILS[:1]):
        for line, word in literal_texts((ROOT / file).read_text(encoding="utf-8")):
            yield f'{file}:{line}: "{word}" is not translated: put it into {{% trans %}}'


def changed(files: dict[str, str]) -> Iterator[str]:
    for file, text in files.items():
        place = ROOT / file
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            yield file
