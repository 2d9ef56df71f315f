"""Compiles Jinja templates to C; see docs/templates.md. Run where a build makes C of templates."""

from .compiler import Compiled, Compiler, check_called
from .errors import TemplateError
from .filters import Filter, Function

__all__ = ["Compiled", "Compiler", "Filter", "Function", "TemplateError", "check_called"]
