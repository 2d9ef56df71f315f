"""What the generator of pages refuses, sentence by sentence, and what it makes of a good site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.pages.site_project import EDIT_HTML, LIST, LIST_HTML, SiteProject

UNLINKED = "{% for post in found.posts %}{{ post.status|label }}{% endfor %}{{ query.cursor }}\n"
Change = Callable[[SiteProject], object]


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> SiteProject:
    return SiteProject(tmp_path)


def page(**members: Any) -> Change:
    return lambda project: project.site["edit.json"].update(members)


def ask(**members: Any) -> Change:
    return lambda project: project.site["edit.json"]["asks"]["found"].update(members)


def form(**members: Any) -> Change:
    return lambda project: project.site["edit.json"]["form"].update(members)


def field(**members: Any) -> Change:
    return lambda project: project.site["edit.json"]["form"]["fields"].update(members)


def file(name: str, content: Any) -> Change:
    return lambda project: project.site.update({name: content})


def labels(**members: bool) -> Change:
    return lambda project: project.labels.update(members)


def without(name: str) -> Change:
    return lambda project: project.site["edit.json"]["form"].pop(name)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (page(paths="/"), 'site/edit.json: keyword "paths" is not supported'),
        (page(path="/posts"), '"path" is no path with a slash at both ends: "/posts"'),
        (
            file("other.json", LIST | {"template": "list.html"}),
            'site/other.json: "/" is the path of services/gateway/pages/site/list.json, too',
        ),
        (page(path="/api/posts/{id}/"), '"path" is among those of the API: "/api/posts/{id}/"'),
        (page(user="admin"), '"user" is none of optional, required, staff: "admin"'),
        (page(template="other.html"), '"template" is no file of'),
        (page(path="/posts/{id}/{more}/edit/"), 'no message takes "{more}" of the path'),
        (page(path="/posts/edit/"), '"path" has no "{id}"'),
        (page(forms={}), 'has both "form" and "forms"'),
        (page(asks={"user": {"message": "posts.my"}}), '"initial" begins with no ask'),
        (ask(message="posts.find"), 'there is no query "posts.find"'),
        (ask(message="posts.update"), 'there is no query "posts.update"'),
        (ask(fields={"post": "path.id"}), 'posts.retrieve has no field "post"'),
        (ask(fields={}), '"fields" lacks "post_id", which posts.retrieve requires'),
        (ask(fields={"post_id": "form.id"}), '"form.id" cannot be used here'),
        (
            ask(fields={"post_id": "path.id", "only_owner": "yes"}),
            "'yes' cannot be the value of \"only_owner\"",
        ),
        (ask(local="x"), 'keyword "message" is not supported here'),
        (form(message="posts.retrieve"), 'there is no command "posts.retrieve"'),
        (form(local="x"), 'a form has either "message" or "local"'),
        (form(notice="made"), '"notice" is not in notices.json: "made"'),
        (
            form(notice=[{"is": "changed", "when": {"form.name": "x"}}]),
            'posts.update result has no "form.name"',
        ),
        (form(notice=[{"is": "changed", "when": {"path.id": 1}}]), 'cannot depend on "path.id"'),
        (
            form(notice=[{"is": "changed", "when": {"post.status": "secret"}}]),
            '"secret" is no value of "status"',
        ),
        (form(notice=[{"is": "changed"}, {"is": "changed"}]), '"notice" never comes to "changed"'),
        (form(unfinished="post"), '"unfinished" is no list in a result to be shown: "post"'),
        (without("notice"), 'site/notices.json: no form has the notice "changed"'),
        (without("redirect"), '"redirect" of a form is no path: None'),
        (form(redirect="https://example.org/"), '"redirect" of a form is no path'),
        (form(redirect="/{post.number}/"), 'posts.update result has no "post.number"'),
        (form(redirect="/{post.created_at}/"), "is no single value"),
        (form(errors={"not_there": "title"}), 'there is no error "not_there"'),
        (form(errors={"not_found": "name"}), '"errors" names "name", which is no field'),
        (form(ignores=["nothing"]), 'there is no error "nothing"'),
        (form(initial={"name": "found.post.title"}), '"initial" names "name"'),
        (form(initial={"title": "found.post.name"}), 'posts.retrieve result has no "post.name"'),
        (field(headline="form.headline"), 'posts.update has no field "headline"'),
        (field(status="secret"), '"secret" is no value of "status"'),
        (field(status="form.csrf"), 'a field of a form cannot have the name "csrf"'),
        (field(content="form.content"), 'does not use "form.content"'),
        (file("edit.html", "{{ form.title.value }}{{ form.errors|length }}\n"), 'use "found"'),
        (file("edit.html", "{{ found.post.name }}\n"), 'edit.html:1: "found.post" has no field "name"'),
        (file("edit.html", '{{ asset("x.css") }}\n'), 'no asset "x.css"'),
        (file("other.html", "x"), "site/other.html: no page uses this template"),
        (file("layout.html", "{% block main %}{% endblock %}"), "no template uses this asset"),
        (file("list.html", UNLINKED), 'leads to "/posts/{id}/edit/"'),
        (labels(post_status=False), '"post_status" has no labels: its model lacks "x-label": true'),
        (labels(post_action=True), 'models/post_action.json: it has "x-label", but no template'),
        (
            file("list.html", LIST_HTML + "{% macro idle() %}{{ found.psots }}{% endmacro %}"),
            'site/list.html:2: nothing calls the macro "idle"',
        ),
        (
            lambda project: project.site.update(
                {
                    "list.html": UNLINKED,
                    "edit.html": EDIT_HTML + '<a href="/posts/{{ found.post.id }}/edit/">x</a>\n',
                }
            ),
            'leads to "/posts/{id}/edit/"',
        ),
        (file("other.json", {"path": "/x/"}), "has neither a template nor a form"),
        (file("other.json", "{"), "site/other.json: is not JSON"),
        (file("other.json", '{"path": "/a/", "path": "/b/"}'), '"path" is written twice'),
        (file("other.json", "[]"), "is not a JSON object"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_one_sentence(
    project: SiteProject, change: Change, sentence: str
) -> None:
    change(project)

    result = project.generate()

    assert result.returncode == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not project.output.exists()


def test_a_good_site_becomes_c(project: SiteProject) -> None:
    result = project.generate("--depfile", str(project.folder / "depfile"), "--target", "site.c")

    assert result.returncode == 0, result.stderr
    site = (project.output / "site.c").read_text()
    assert site.index('.path = "/"') < site.index('.path = "/posts/{id}/edit/"')
    assert 'included("' not in site
    depfile = (project.folder / "depfile").read_text()
    for name in ("site/edit.json", "site/layout.html", "assets/style.css", "posts/update.json"):
        assert name in depfile


def test_a_page_or_an_asset_that_is_new_is_seen(project: SiteProject) -> None:
    project.site["notes/note.html"] = "x"
    project.site["list.html"] += '{% include "notes/note.html" %}'

    result = project.generate("--depfile", str(project.folder / "depfile"), "--target", "site.c")

    assert result.returncode == 0, result.stderr
    words = (project.folder / "depfile").read_text().split()
    for folder in ("pages/site", "pages/site/notes", "pages/assets"):
        assert any(word.endswith(folder) for word in words)


def test_nothing_is_written_again_that_has_not_changed(project: SiteProject) -> None:
    generator = project.generate().args[2]
    before = (project.output / "site.c").stat().st_mtime_ns

    project.folder.joinpath("source").rename(project.folder / "before")
    again = project.generate()

    assert again.args[2] == generator
    assert (project.output / "site.c").stat().st_mtime_ns == before


def test_documents_are_served_at_their_own_path(project: SiteProject) -> None:
    document = project.folder / "document.html"
    document.write_text('<link href="{{ asset("style.css") }}">')

    result = project.generate(
        "--document", f"/api/x/={document}", "--policy", "/api/x/=default-src 'self'"
    )

    assert result.returncode == 0, result.stderr
    assets = (project.output / "assets.c").read_text()
    assert '.path = "/api/x/", .content_type = "text/html; charset=utf-8"' in assets
    assert ".content_policy = \"default-src 'self'\"" in assets
    changed = [place.read_text() for place in project.output.glob("*.html")]
    assert changed and changed[0].startswith('<link href="/assets/style.')


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--document", "/x/=/nothing.txt"], "/nothing.txt: cannot be read"),
        (["--document", "/x/=/nothing.exe"], 'files of the type ".exe" are not served'),
        (["--policy", "/x/=a"], "/x/: has a policy and is no document"),
    ],
)
def test_a_file_that_cannot_be_served_is_said(
    project: SiteProject, more: list[str], sentence: str
) -> None:
    result = project.generate(*more)

    assert result.returncode == 1
    assert sentence in result.stderr
