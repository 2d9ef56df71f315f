"""The templates of the site, compiled with the variables that each page has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from model import Object

from common.template.compile import Compiled, Compiler, Filter, Function, check_called
from common.template.compile.contract_shapes import shape_of
from common.template.compile.shapes import Boolean, Field, Html, Integer, List, Opaque, Struct, Text

from assets import Assets
from page_model import Form, Page, SiteError
from read_site import Site

PROBLEM = "problem"
FORM_FIELD = Struct(
    "form_field",
    {
        "name": Field(Text()),
        "value": Field(Text(), optional=True),
        "values": Field(List(Text())),
        "errors": Field(List(Text())),
        "is_required": Field(Boolean()),
    },
)
LANGUAGE_CHOICE = Struct(
    "language_choice",
    {"tag": Field(Text()), "name": Field(Text()), "is_current": Field(Boolean())},
)
PROBLEM_VIEW = Struct(
    "problem_view",
    {
        "status": Field(Integer()),
        "code": Field(Text()),
        "detail": Field(Text()),
        "command": Field(Text(), optional=True),
    },
)


@dataclass
class Templates:
    """What came of them: by the page's prefix, and that of the page of errors."""

    functions: dict[str, Compiled] = field(default_factory=dict)
    shapes: dict[str, Struct] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


def common_variables(user: Object) -> dict[str, Field]:
    """PAGE_VARIABLES of page.h."""
    text = {name: Field(Text()) for name in ("csrf", "once", "path", "page_url", "language")}
    return {
        "user": Field(shape_of(user), pointer=True, optional=True),
        "is_visitor": Field(Boolean()),
        **text,
        "notice": Field(Text(), optional=True),
        "next": Field(Text(), optional=True),
        "languages": Field(List(LANGUAGE_CHOICE)),
        "problem": Field(PROBLEM_VIEW, pointer=True, optional=True),
    }


def form_shape(name: str, form: Form) -> Struct:
    fields = {each.name: Field(FORM_FIELD) for each in form.fields}
    members = {**fields, "errors": Field(List(Text()))}
    if form.unfinished is not None and form.message is not None:
        members["result"] = Field(shape_of(form.message.result), pointer=True, optional=True)
    return Struct(name, members)


def form_shapes(page: Page) -> dict[str, Field]:
    """`form`, or `forms` with each by its name."""
    if not page.forms:
        return {}
    if page.forms[0].name is None:
        return {"form": Field(form_shape(f"{page.struct}_form", page.forms[0]))}
    shapes = {
        str(form.name): Field(form_shape(f"{page.struct}_{form.name}_form", form))
        for form in page.forms
    }
    return {"forms": Field(Struct(f"{page.struct}_forms", shapes))}


def variables(page: Page, common: dict[str, Field]) -> Struct:
    own = {ask.name: Field(shape_of(ask.type)) for ask in page.asks}
    if page.queries:
        texts = {name: Field(Text(), optional=True) for name in page.queries}
        own["query"] = Field(Struct(f"{page.struct}_query", texts))
    own |= form_shapes(page)
    for name in own:
        if name in common:
            raise SiteError(page.file, f'"{name}" is what every page has already')
    return Struct(page.struct, {**common, **own})


def is_used(used: set[str], path: str) -> bool:
    return any(each == path or each.startswith((f"{path}.", f"{path}[")) for each in used)


def check_used(page: Page, used: set[str]) -> None:
    """What a page has and its template does not show is a mistake in one of them."""
    expected = [ask.name for ask in page.asks]
    for form in page.forms:
        place = "form" if form.name is None else f"forms.{form.name}"
        expected += [f"{place}.{each.name}" for each in form.fields if not is_ids(each)]
        expected += [f"{place}.errors"] if form.message is not None else []
        expected += [f"{place}.result.{form.unfinished}"] if form.unfinished is not None else []
    for path in expected:
        if not is_used(used, path):
            raise SiteError(page.file, f'the template {page.template} does not use "{path}"')


def is_ids(form_field: object) -> bool:
    known = getattr(form_field, "field", None)
    return known is not None and known.kind == "array"


def check_templates(site: Site, files: set[str]) -> None:
    for name in sorted(site.templates):
        if f"{site.folder}/{name}" not in files:
            raise SiteError(f"{site.folder}/{name}", "no page uses this template")


def check_labels(site: Site, made: Templates) -> None:
    """Labels that no page shows are texts for nobody."""
    shown = {name for each in made.functions.values() for name in each.labels}
    for enum in site.catalogue.enums:
        if enum.has_labels and enum.name not in shown:
            raise SiteError(enum.file, 'it has "x-label", but no template shows a label of it')


def compile_site(root: Path, site: Site, assets: Assets) -> Templates:
    user = next((each for each in site.catalogue.objects if each.name == "user"), None)
    if user is None:
        raise SiteError("contracts/models/user.json", "no message uses it, but every page does")
    common = common_variables(user)
    compiler = Compiler(
        root=root,
        folders=[site.folder],
        kind="html",
        functions={"asset": Function(assets.url)},
        filters={
            "markdown": Filter(
                takes=Text(),
                gives=Html(),
                c="markdown_render",
                include="services/gateway/pages/markdown.h",
            ),
            "reason": Filter(
                takes=Opaque("it is raw JSON"),
                gives=Text(),
                c="reason_of_problem",
                include="services/gateway/pages/reason.h",
            ),
        },
    )
    made = Templates()
    made.shapes[PROBLEM] = Struct("problem_page_variables", common)
    made.functions[PROBLEM] = compiler.compile(
        "problem.html", variables=made.shapes[PROBLEM], function="problem_render"
    )
    for page in site.pages:
        if page.template is None:
            continue
        shape = variables(page, common)
        made.shapes[page.prefix] = shape
        compiled = compiler.compile(
            page.template, variables=shape, function=f"{page.prefix}_render"
        )
        check_used(page, compiled.used)
        made.functions[page.prefix] = compiled
    check_called(made.functions.values())
    made.files = {file for each in made.functions.values() for file in each.files}
    check_templates(site, made.files)
    check_labels(site, made)
    assets.check_used()
    return made
