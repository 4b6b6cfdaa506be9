"""A package's Jinja templates: all that they print is escaped, and what they miss is an error.

They are laid out in lines and indented, and what comes of them is not: between elements no white
space stands but what is written on a line. Nothing in a template is marked as safe: as it is stands
only what another template made, and files of our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

_BESIDE = re.compile(r"(?:(?<=>)|\A)\s*\n\s*|\s*\n\s*(?=<|\Z)")
_BREAK = re.compile(r"\s*\n\s*")


class _Layout(Extension):
    """A line break beside a tag or Jinja's braces stands for nothing, any other for a space."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "data":
                value = _BREAK.sub(" ", _BESIDE.sub("", token.value))
                token = Token(token.lineno, token.type, value)
            yield token


def opened(package: str, **filters: Callable[..., Any]) -> Environment:
    """The templates in the folder `templates` of a package, each compiled once for the process."""
    templates = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[_Layout],
        auto_reload=False,
    )
    templates.filters.update(filters)
    return templates


def printed(templates: Environment, file: str, macro: str, *given: object) -> str:
    """What a macro of a template makes of `given`."""
    return str(getattr(templates.get_template(file).module, macro)(*given))


def as_it_is(package: str, file: str) -> Markup:
    """A file of ours, such as a style sheet, that stands in a page as it is."""
    return Markup(resources.files(package).joinpath(file).read_text(encoding="utf-8"))
