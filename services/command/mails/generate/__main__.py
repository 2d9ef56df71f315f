"""Makes C from the e-mails: mails/<path>.subject, .txt and .html of the command of that path.
Run by services/command/mails/meson.build; docs/add-a-mail.md says what a mail looks like."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path[:0] = [str(ROOT), str(ROOT / "contracts/generate")]

import check  # noqa: E402
from build import Builder  # noqa: E402
from load import ContractError, Library  # noqa: E402
from model import Catalogue, Message  # noqa: E402

from common.template.compile import Compiled, Compiler, TemplateError, check_called  # noqa: E402
from common.template.compile.contract_shapes import shape_of  # noqa: E402
from common.template.compile.shapes import Field, Struct, Text  # noqa: E402

FOLDER = "services/command/mails"
KINDS = {"subject": "line", "txt": "text", "html": "html"}  # what is made of each file
MEMBERS = {"subject": "subject", "txt": "text", "html": "html"}  # of struct mail

HEADER = """\
/* What the e-mails under services/command/mails say. Made by its generate. */
#pragma once

#include "ctx.h"
#include "ports.h"
"""
PROTOTYPE = """\
void {prefix}_mail(struct ctx *ctx, const struct account *to, const struct {input} *command,
                   struct mail *ret)"""
SOURCE = """\
struct {prefix}_mail_page {{
    const char *email;
    const char *language;
    const struct {input} *command;
}};

{functions}
{prototype}
{{
    enum language language = compose_language(ctx, to);
    const struct {prefix}_mail_page page = {{
        .email = to->email,
        .language = language_tag(language),
        .command = command,
    }};
    struct render render;
    *ret = (struct mail){{.to = to->email, .language = page.language}};
{parts}}}
"""
PART = """\
    render_init(&render, ctx->arena, language);
    {function}(&render, &page);
    ret->{member} = compose_text(&render);
"""


class MailError(Exception):
    """What is wrong with a mail, in one sentence."""


class Mails:
    def __init__(self, catalogue: Catalogue) -> None:
        self.messages = {each.path: each for each in catalogue.messages if each.kind == "command"}
        self.files: set[str] = set()
        self.compiled: list[Compiled] = []
        self.includes = {"common/template/render.h", "compose.h", "mails.h"}

    def paths(self) -> list[str]:
        """The commands that have a mail."""
        found = set()
        for place in sorted((ROOT / FOLDER).rglob("*")):
            name = place.relative_to(ROOT / FOLDER)
            if place.suffix[1:] in KINDS and not place.name.startswith("_"):
                path = name.with_suffix("").as_posix()
                if path not in self.messages:
                    raise MailError(f"{FOLDER}/{name}: there is no command {path.replace('/', '.')}")
                found.add(path)
        return sorted(found)

    def emit(self) -> dict[str, str]:
        """mails.h and mails.c."""
        header, source = [HEADER], []
        for path in self.paths():
            message = self.messages[path]
            prototype = PROTOTYPE.format(prefix=message.prefix, input=message.input.name)
            header += [
                f"struct {message.input.name};",
                f"/* The mail of {message.name}, in the language of who gets it; ctx. */",
                f"{prototype};\n",
            ]
            source.append(self.source(message, prototype))
        includes = "".join(f'#include "{each}"\n' for each in sorted(self.includes))
        return {"mails.h": "\n".join(header), "mails.c": includes + "\n" + "\n".join(source)}

    def source(self, message: Message, prototype: str) -> str:
        self.includes.add(f"contracts/{message.prefix}.h")
        variables = Struct(
            f"{message.prefix}_mail_page",
            {
                "email": Field(Text()),
                "language": Field(Text()),
                "command": Field(shape_of(message.input), pointer=True),
            },
        )
        functions, parts = [], []
        for suffix, kind in KINDS.items():
            name = f"{message.path}.{suffix}"
            if not (ROOT / FOLDER / name).is_file():
                raise MailError(f"{FOLDER}/{name}: is missing: a mail has .subject, .txt and .html")
            function = f"{message.prefix}_{MEMBERS[suffix]}"
            made = Compiler(ROOT, [FOLDER], kind).compile(name, variables, function)
            functions.append(f"static {made.code}")
            self.compiled.append(made)
            parts.append(PART.format(function=function, member=MEMBERS[suffix]))
            self.includes |= made.includes
            self.files.update(made.files)
        return SOURCE.format(
            prefix=message.prefix,
            input=message.input.name,
            prototype=prototype,
            functions="\n".join(functions),
            parts="".join(parts),
        )

    def check_unused(self) -> None:
        """A part that nobody extends or includes, or a macro that nobody calls, is left over."""
        check_called(self.compiled)
        for place in sorted((ROOT / FOLDER).rglob("_*")):
            name = place.relative_to(ROOT).as_posix()
            if place.is_file() and place.suffix[1:] in KINDS and name not in self.files:
                raise MailError(f"{name}: is used by no mail")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="generate", description=__doc__)
    parser.add_argument("--commands", required=True, help="names such as posts/create, by comma")
    parser.add_argument("--output", type=Path, help="where the files go")
    parser.add_argument("--depfile", type=Path)
    parser.add_argument("--target", default="", help="the depfile's first word")
    return parser.parse_args()


def write_depfile(args: argparse.Namespace, files: set[str]) -> None:
    here = ROOT / FOLDER
    sources = [Path(__file__), *(ROOT / "contracts/generate").glob("*.py")]
    sources += (ROOT / "common/template/compile").glob("*.py")
    sources += [each for each in here.rglob("*") if each.is_dir()]  # so that a new file is seen
    inputs = sorted({str(each) for each in sources} | {str(ROOT / each) for each in files})
    escaped = " ".join(each.replace(" ", "\\ ") for each in inputs)
    args.depfile.write_text(f"{args.target}: {escaped}\n", encoding="utf-8")


def run(args: argparse.Namespace) -> None:
    library = Library(ROOT)
    catalogue = Builder(library, check.error_table(ROOT)).catalogue(
        {"command": args.commands.split(",")}, []
    )
    mails = Mails(catalogue)
    made = mails.emit()
    mails.check_unused()
    if args.output is not None:
        for name, text in made.items():
            (args.output / name).write_text(text, encoding="utf-8")
    if args.depfile is not None:
        write_depfile(args, mails.files | set(library.files))


def main() -> int:
    try:
        run(arguments())
    except (ContractError, MailError, TemplateError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
