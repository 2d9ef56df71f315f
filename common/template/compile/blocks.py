"""Templates made of others: inheritance, macros, imports. All of it is resolved here: what is called is
written out where it is called."""

from __future__ import annotations

from typing import Any, Optional

from jinja2 import nodes

from .errors import Refusal, listed
from .scope import Macro, MacroPlace, Module, Scope

BEFORE_LAYOUT = (nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.Import, nodes.FromImport)


class Blocks:
    """Part of the walker."""

    def page(self, name: str) -> None:
        """A template with all that it extends. What each sets outside its blocks is known in all blocks."""
        lineage = self.lineage(name)
        for template in lineage:
            self.gather_blocks(template)
        for template, parent in zip(lineage, lineage[1:]):
            self.file = template.file
            self.check_blocks(template, parent, lineage)
            self.prepare(template)
        self.file = lineage[-1].file
        self.statements(lineage[-1].tree.body)

    def lineage(self, name: str) -> list[Any]:
        """The template, the one it extends, and so on."""
        found: list[Any] = []
        parent: Optional[str] = name
        while parent is not None:
            template = self.sources.template(parent)
            if template in found:
                raise Refusal("the templates extend each other")
            found.append(template)
            self.file = template.file
            parent = self.parent_of(template)
        return found

    def parent_of(self, template: Any) -> Optional[str]:
        extends = list(template.tree.find_all(nodes.Extends))
        if not extends:
            return None
        self.line = extends[0].lineno
        if len(extends) > 1 or extends[0] not in template.tree.body:
            raise Refusal("a template extends one other, at its top")
        return self.template_name(extends[0].template)

    def gather_blocks(self, template: Any) -> None:
        for block in template.tree.find_all(nodes.Block):
            self.chains.setdefault(block.name, []).append((template.file, block))

    def check_blocks(self, template: Any, parent: Any, lineage: list[Any]) -> None:
        """Each is one of a template above, or stands within such a one."""
        above = lineage[lineage.index(template) + 1 :]
        known = {block.name for each in above for block in each.tree.find_all(nodes.Block)}
        for block in template.tree.body:
            if isinstance(block, nodes.Block) and block.name not in known:
                self.line = block.lineno
                raise Refusal(f'{parent.file} has no block "{block.name}": it has {listed(known)}')

    def prepare(self, template: Any) -> None:
        """What a template that extends another says outside its blocks."""
        for node in template.tree.body:
            self.line = node.lineno
            if isinstance(node, BEFORE_LAYOUT):
                self.statements([node])
            elif not isinstance(node, (nodes.Block, nodes.Extends)) and not is_blank(node):
                raise Refusal(
                    "what stands outside the blocks of a template that extends another is never shown"
                )

    def walk_extends(self, node: nodes.Extends) -> None:
        raise Refusal("this template cannot extend another")

    def walk_block(self, node: nodes.Block) -> None:
        self.block_of(node.name, 0)

    def block_of(self, name: str, index: int) -> None:
        chain = self.chains[name]
        if index >= len(chain):
            raise Refusal(f'no template above has a block "{name}"')
        file, block = chain[index]
        before, self.block = self.block, (name, index)
        with self.within(file, Scope(self.scope)), self.output.braces(""):
            self.statements(block.body)
        self.block = before

    def inlined(self, node: nodes.Call) -> None:
        """What `is_inlined` (calls.py) has found to be a call of something written in a template."""
        target = node.node
        if isinstance(target, nodes.Name) and target.name == "super":
            if self.block is None:
                raise Refusal("super() is for blocks")
            self.block_of(self.block[0], self.block[1] + 1)
        elif isinstance(target, nodes.Getattr) and getattr(target.node, "name", "") == "self":
            if target.attr not in self.chains:
                raise Refusal(f'there is no block "{target.attr}": there is {listed(self.chains)}')
            self.block_of(target.attr, 0)
        else:
            self.expand(self.evaluate(target), node, None)

    def expand(self, macro: Macro, node: nodes.Call, caller: Optional[Macro]) -> None:
        if isinstance(macro.node, nodes.Macro):
            self.expanded.add(MacroPlace(macro.file, macro.node.lineno, macro.node.name))
        names = [each.name for each in macro.node.args]
        scope = Scope(macro.scope)
        if caller is not None:
            scope.own["caller"] = caller
        given = dict(zip(names, node.args))
        if len(node.args) > len(names):
            raise Refusal(f"the macro takes {len(names)} arguments, not {len(node.args)}")
        for each in node.kwargs:
            if each.key not in names or each.key in given:
                raise Refusal(f'the macro has no argument "{each.key}" that is not given already')
            given[each.key] = each.value
        scope.own.update({name: self.evaluate(value) for name, value in given.items()})
        defaults = dict(zip(reversed(names), reversed(macro.node.defaults)))
        for name in names:
            if name not in scope.own and name not in defaults:
                raise Refusal(f'the macro is not given its argument "{name}"')
        with self.within(macro.file, scope), self.output.braces(""):
            for name in names:
                if name not in scope.own:
                    scope.own[name] = self.evaluate(defaults[name])
            self.scope = Scope(scope)
            self.statements(macro.node.body)

    def walk_macro(self, node: nodes.Macro) -> None:
        self.scope.own[node.name] = Macro(node, self.file, self.scope)

    def walk_callblock(self, node: nodes.CallBlock) -> None:
        macro = self.evaluate(node.call.node)
        if not isinstance(macro, Macro):
            raise Refusal(f"{self.spelt(node.call.node)} is no macro")
        self.expand(macro, node.call, Macro(node, self.file, self.scope))

    def walk_import(self, node: nodes.Import) -> None:
        self.scope.own[node.target] = Module(self.imported(node.template))

    def walk_fromimport(self, node: nodes.FromImport) -> None:
        members = self.imported(node.template)
        for each in node.names:
            name, alias = each if isinstance(each, tuple) else (each, each)
            if name not in members:
                raise Refusal(f'the template has no "{name}": it has {listed(members)}')
            self.scope.own[alias] = members[name]

    def imported(self, node: nodes.Node) -> dict[str, Any]:
        template = self.sources.template(self.template_name(node))
        scope = Scope(self.globals)
        with self.within(template.file, scope):
            for each in template.tree.body:
                self.line = each.lineno
                if isinstance(each, BEFORE_LAYOUT):
                    self.statements([each])
                elif not is_blank(each):
                    raise Refusal("an imported template has macros and variables only")
        return scope.own


def is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(each, nodes.TemplateData) and not each.data.strip() for each in node.nodes
    )


