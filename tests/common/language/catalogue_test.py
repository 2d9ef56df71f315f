"""Catalogues compiled to C, and kept up to date with the source: on a small tree of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from support.machine import ROOT

SCRIPTS = ("scripts/messages", "scripts/lib/messages.py", "scripts/lib/literal_texts.py")
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
SOURCE = 'void f(void)\n{\n    ctx_fail(ctx, err, "no post %" PRId64, id);\n}\n'
TEMPLATE = "{% trans n=n %}One post{% pluralize n %}{{ n }} posts{% endtrans %}{{ _('Yes') }}"
GERMAN = {
    "no post %<PRId64>": "kein Beitrag %<PRId64>",
    "Yes": "Ja",
    "Dark blue": "Dunkelblau",
    "Saved.": "Gespeichert.",
}


def compiled(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "xx.po").write_text(HEAD + text, encoding="utf-8")
    script = ROOT / "common/language/compile_catalogue.py"
    command = ["/usr/bin/python3", "-B", script, folder / "xx.po", "xx", folder / "xx.c"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def entries(folder: Path) -> list[str]:
    lines = (folder / "xx.c").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith("    {")]


def test_sorts_and_escapes(tmp_path: Path) -> None:
    text = 'msgid "b"\nmsgstr "B\\n\\"1\\""\n\nmsgctxt "verb"\nmsgid "open"\nmsgstr "öffnen"\n\n'
    text += 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "1"\nmsgstr[1] "2"\n'

    assert compiled(tmp_path, text).returncode == 0

    assert entries(tmp_path) == [
        '{"a", "1", "2"},',
        '{"b", "B\\n\\"1\\"", NULL},',
        '{"verb\\004open", "öffnen", NULL},',
    ]


def test_leaves_out_what_is_guessed_missing_or_gone(tmp_path: Path) -> None:
    text = '#, fuzzy\nmsgid "a"\nmsgstr "x"\n\nmsgid "b"\nmsgstr ""\n\n#~ msgid "c"\n#~ msgstr "x"\n'

    assert compiled(tmp_path, text).returncode == 0

    assert entries(tmp_path) == ["{NULL, NULL, NULL},"]
    assert "{entries, 0}" in (tmp_path / "xx.c").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        '#, c-format\nmsgid "%d of %s"\nmsgstr "%s von %d"\n',
        '#, c-format\nmsgid "%d"\nmsgstr "%ld"\n',
        '#, c-format\nmsgid "none"\nmsgstr "%n"\n',
        '#, c-format\nmsgid "one %d"\nmsgstr "one"\n',
        '#, c-format\nmsgid "100 %%"\nmsgstr "100 %"\n',
        'msgid "%(a)s"\nmsgstr "%(b)s"\n',
        'msgid "%(a)s"\nmsgstr "x"\n',
        'msgid "1"\nmsgid_plural "%(n)s"\nmsgstr[0] "1"\nmsgstr[1] "x"\n',
    ],
)
def test_refuses_other_conversions(tmp_path: Path, text: str) -> None:
    done = compiled(tmp_path, text)

    assert done.returncode == 1
    assert "has other" in done.stderr


def test_allows_another_order(tmp_path: Path) -> None:
    text = '#, c-format\nmsgid "%d of %s, 100 %%"\nmsgstr "%2$s: %1$d, 100 %%"\n'

    assert compiled(tmp_path, text).returncode == 0


class Tree:
    """A source tree with a few texts, and all that ./dev messages is made of."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for part in ("common/language/formats.py", *SCRIPTS):
            self.put(part, (ROOT / part).read_text(encoding="utf-8"))
        shutil.copytree(ROOT / "common/template/compile", root / "common/template/compile")
        (root / "common/language/catalogues").mkdir()
        self.put("services/x.c", SOURCE)
        self.put("services/site/page.html", TEMPLATE)
        self.put("services/site/notices.json", '{"saved": "Saved."}')
        self.put("contracts/models/colour.json", '{"enum": ["dark_blue"]}')
        subprocess.run(["git", "init", "-q", root], check=True)

    def put(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def place(self, language: str) -> Path:
        return self.root / f"common/language/catalogues/{language}.po"

    def messages(self, *options: str) -> subprocess.CompletedProcess[str]:
        command = ["/usr/bin/python3", "-B", self.root / "scripts/messages", *options]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def translate(self) -> None:
        assert self.messages().returncode == 0
        for language in ("de", "fr"):
            text = self.place(language).read_text(encoding="utf-8")
            for msgid, translation in GERMAN.items():
                text = text.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{translation}"')
            text = text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "Eins"\nmsgstr[1] "%(n)s"')
            self.place(language).write_text(text, encoding="utf-8")

    def replace(self, old: str, new: str) -> None:
        text = self.place("de").read_text(encoding="utf-8")
        assert old in text
        self.place("de").write_text(text.replace(old, new), encoding="utf-8")

    def complaint(self) -> str:
        done = self.messages("--check")
        assert (done.returncode, done.stderr) == (1, "")
        return done.stdout


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    made = Tree(tmp_path)
    made.translate()
    return made


def test_finds_nothing_to_say_when_all_is_translated(tree: Tree) -> None:
    done = tree.messages("--check")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_changes_nothing_when_nothing_has_changed(tree: Tree) -> None:
    before = tree.place("de").read_text(encoding="utf-8")

    assert tree.messages().stdout == ""

    assert tree.place("de").read_text(encoding="utf-8") == before


def test_finds_a_new_text(tree: Tree) -> None:
    tree.put("services/y.c", 'static const char *const text = N_("New");\n')

    assert "de.po: is not up to date: run ./dev messages" in tree.complaint()
    tree.messages()
    assert 'de.po: "New" is not translated' in tree.complaint()


def test_finds_a_text_that_nobody_uses(tree: Tree) -> None:
    tree.put("services/site/page.html", "{{ _('Yes') }}")

    assert "postroom.pot: is not up to date: run ./dev messages" in tree.complaint()
    tree.messages()
    assert "One post" not in tree.place("de").read_text(encoding="utf-8")
    assert "Ja" in tree.place("de").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('msgstr "Ja"', 'msgstr ""', '"Yes" is not translated'),
        ('msgid "Yes"', '#, fuzzy\nmsgid "Yes"', '"Yes" is only guessed (fuzzy)'),
        ('msgstr "Ja"', 'msgstr "Ja "', '"Yes" begins or ends with a space'),
        ('msgstr "Gespeichert."', 'msgstr "Gespeichert"', "does not end as the English text does"),
        ('"kein Beitrag %<PRId64>"', '"kein Beitrag %d"', "has other conversions"),
        ('msgstr[1] "%(n)s"', 'msgstr[1] ""', '"One post" is not translated'),
        ('msgstr[1] "%(n)s"', 'msgstr[1] "%(m)s"', "has other names in it"),
    ],
)
def test_says_what_is_wrong_with_a_translation(tree: Tree, old: str, new: str, complaint: str) -> None:
    tree.replace(old, new)

    assert complaint in tree.complaint()


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Hello {{ _('Yes') }}</p>", ["Hello"]),
        ("<p>\n{% if n %}Hello{% endif %}</p>", ["Hello"]),
        ("<title>Hello</title><p title='a b' class='x' lang=en>€ 1 &amp; 2", ["Hello"]),
        ('<input placeholder="Your name" name="name">', ["Your", "name"]),
        ("<code>dev run</code> <script>run()</script><!-- note --><b>Postroom</b> x", []),
        ("<code>{{ n }}</code>Hello", ["Hello"]),
        ("{% trans %}Yes{% endtrans %}{# Hello #}{% set hello = n %}", []),
    ],
)
def test_finds_what_a_page_says_untranslated(tree: Tree, template: str, words: list[str]) -> None:
    tree.put("services/site/more.html", template)
    tree.messages()

    said = tree.messages("--check").stdout

    found = [line.split('"')[1] for line in said.splitlines() if "put it into" in line]
    assert found == words
