"""Fills the templates; the only module that knows jinja2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .errors import Diagnostic, SchemaError
from .naming import Code, DocText, Identifier
from .prose import Markdown, Prose

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["overriding", "render", "render_html", "render_markdown"]

_FOLDER: ContextVar[Path | None] = ContextVar("folder", default=None)
_SUFFIX = ".jinja"
_Kind = Literal["python", "html", "markdown"]


def render(template: str, **values: object) -> str:
    """Fill one template; it can write identifiers, composed code and docstring text, else TypeError.

    Raises SchemaError where a template of the user's own cannot be filled.
    """
    return _filled(template, "python", values)


def render_html(template: str, **values: object) -> str:
    """Fill one template of HTML: all text comes out as text, and only Code as it is."""
    return _filled(template, "html", values)


def render_markdown(template: str, **values: object) -> str:
    """Fill one template of Markdown: its text goes through `text`, `code` or `block`, else TypeError."""
    return _filled(template, "markdown", values)


def _filled(template: str, kind: _Kind, values: Mapping[str, object]) -> str:
    from jinja2 import TemplateError, TemplateSyntaxError

    folder = _FOLDER.get()
    if folder is None:
        return _environment(None, kind).get_template(f"{template}{_SUFFIX}").render(**values)
    try:
        return _environment(folder, kind).get_template(f"{template}{_SUFFIX}").render(**values)
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
def _environment(folder: Path | None, kind: _Kind) -> Environment:
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

    own = PackageLoader(__package__)
    made = Environment(
        loader=own if folder is None else ChoiceLoader([FileSystemLoader(folder), own]),
        autoescape=kind == "html",  # noqa: S701 - in Python and Markdown, escapes for HTML would be said
        undefined=StrictUndefined,
        finalize=_FINAL[kind],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    if kind == "markdown":
        made.filters |= {"text": Markdown.of, "code": Markdown.code, "block": Markdown.block}
    return made


def _python(value: object) -> object:
    if isinstance(value, Identifier | Code | DocText):
        return value
    raise _refusal(value, "it is no identifier, code or docstring text")


def _html(value: object) -> object:
    """Answer what autoescape, which comes after this, leaves as it is for Code alone."""
    from markupsafe import Markup

    if isinstance(value, Markup | int):
        return value
    if isinstance(value, Code):
        return Markup(value)  # noqa: S704 - this package's own style sheet and program
    if isinstance(value, str):
        return Prose(value)
    raise _refusal(value, "it is no text")


def _markdown(value: object) -> object:
    if isinstance(value, Markdown | Identifier | int):
        return value
    raise _refusal(value, "it is no Markdown")


def _refusal(value: object, reason: str) -> TypeError:
    from jinja2 import Undefined

    if isinstance(value, Undefined):
        str(value)  # which raises what is undefined
    return TypeError(f"a template may not write {value!r}: {reason}")


_FINAL: Mapping[_Kind, Callable[[object], object]] = {"python": _python, "html": _html, "markdown": _markdown}
