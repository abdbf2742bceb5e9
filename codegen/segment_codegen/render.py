"""Fills the templates; the only module that knows jinja2."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .naming import Code, DocText, Identifier

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render"]


def render(template: str, **values: object) -> str:
    """Fill one template; it can write identifiers, composed code and docstring text, else TypeError."""
    return _environment().get_template(f"{template}.jinja").render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(  # noqa: S701 - Python is rendered, where escaping for HTML would change what is sent
        loader=PackageLoader(__package__),
        undefined=StrictUndefined,
        finalize=_checked,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _checked(value: object) -> object:
    if isinstance(value, Identifier | Code | DocText):
        return value
    raise TypeError(f"a template may not write {value!r}: it is no identifier, code or docstring text")
