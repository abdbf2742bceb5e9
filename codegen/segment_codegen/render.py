"""Fills the templates; the only module that knows jinja2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import Diagnostic, SchemaError
from .naming import Code, DocText, Identifier

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["overriding", "render"]

_FOLDER: ContextVar[Path | None] = ContextVar("folder", default=None)
_SUFFIX = ".jinja"


def render(template: str, **values: object) -> str:
    """Fill one template; it can write identifiers, composed code and docstring text, else TypeError.

    Raises SchemaError where a template of the user's own cannot be filled.
    """
    from jinja2 import TemplateError, TemplateSyntaxError

    folder = _FOLDER.get()
    if folder is None:
        return _environment(None).get_template(f"{template}{_SUFFIX}").render(**values)
    try:
        return _environment(folder).get_template(f"{template}{_SUFFIX}").render(**values)
    except (TemplateError, TypeError) as error:
        line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
        message = f"{template}{_SUFFIX} cannot be filled: {error}{line}"
        hint = "compare it with the template of this release that it stands for"
        raise SchemaError([Diagnostic(folder.as_posix(), "", message, hint, "broken-template")]) from None


@contextmanager
def overriding(folder: Path | None) -> Iterator[None]:
    """Let the templates of a folder stand for those of the same names; one that stands for none is an error.

    A file whose name begins with `_` is for the others to include.
    """
    if folder is not None:
        known = {each.name for each in files(__package__).joinpath("templates").iterdir()}
        others = (each.name for each in folder.iterdir() if each.name[0] not in "_.")
        hint = f"name it like one of {', '.join(sorted(known))}, or begin its name with _"
        if lost := [name for name in others if name not in known]:
            what, where = "it stands for no template", [(folder / name).as_posix() for name in lost]
            raise SchemaError(Diagnostic(file, "", what, hint, "unused-template") for file in where)
    token = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(token)


@cache
def _environment(folder: Path | None) -> Environment:
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

    own = PackageLoader(__package__)
    return Environment(  # noqa: S701 - Python is rendered, where escaping for HTML would change what is sent
        loader=own if folder is None else ChoiceLoader([FileSystemLoader(folder), own]),
        undefined=StrictUndefined,
        finalize=_checked,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _checked(value: object) -> object:
    if isinstance(value, Identifier | Code | DocText):
        return value
    from jinja2 import Undefined

    if isinstance(value, Undefined):
        return str(value)  # which raises what is undefined
    raise TypeError(f"a template may not write {value!r}: it is no identifier, code or docstring text")
