"""What names mean at a place in a template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass(frozen=True)
class Macro:
    node: Any  # nodes.Macro, nodes.CallBlock
    file: str
    scope: Scope  # where it was written


@dataclass(frozen=True, order=True)
class MacroPlace:
    """Where a macro is written."""

    file: str
    line: int
    name: str


@dataclass(frozen=True)
class Module:
    """An imported template."""

    members: dict[str, Any]


@dataclass(frozen=True)
class Loop:
    members: dict[str, Any]


@dataclass
class Scope:
    """Names over those of the place around."""

    around: Optional[Scope] = None
    own: dict[str, Any] = field(default_factory=dict)

    def find(self, name: str) -> Any:
        scope: Optional[Scope] = self
        while scope is not None:
            if name in scope.own:
                return scope.own[name]
            scope = scope.around
        return None

    def names(self) -> set[str]:
        return set(self.own) | (self.around.names() if self.around else set())
