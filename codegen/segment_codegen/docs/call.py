"""Writes the Python of a call that is shown: one keyword a line, as the formatter of most projects would."""

from __future__ import annotations

from collections.abc import Mapping

from ..ir import Event
from ..naming import literal

__all__ = ["python_call"]

_WIDTH = 72
_INDENT = "    "


def python_call(event: Event, given: Mapping[str, object]) -> str:
    """Answer the call of the event's method with these properties, by wire names; others go as extras."""
    arguments = [("group_id", "group-1")] if event.type == "group" else []
    named: list[tuple[str, object]] = [*arguments]
    named += [(event.keywords[wire], value) for wire, value in given.items() if wire in event.keywords]
    extras = {wire: value for wire, value in given.items() if wire not in event.keywords}
    if extras:
        named.append(("extra_properties", extras))
    if not named:
        return f"events.{event.method}()"
    lines = "".join(f"{_INDENT}{name}={_python(value, _INDENT, len(name) + 1)},\n" for name, value in named)
    return f"events.{event.method}(\n{lines})"


def _python(value: object, indent: str, before: int) -> str:
    """Answer the literal of a JSON value, on one line where it fits behind the `before` characters."""
    plain = _literal(value)
    if not isinstance(value, dict | list) or not value or len(indent) + before + len(plain) < _WIDTH:
        return plain
    deeper = f"{indent}{_INDENT}"
    if isinstance(value, dict):
        keys = [(f"{_literal(key)}: ", each) for key, each in value.items()]
        inner = "".join(f"{deeper}{key}{_python(each, deeper, len(key))},\n" for key, each in keys)
        return f"{{\n{inner}{indent}}}"
    inner = "".join(f"{deeper}{_python(each, deeper, 0)},\n" for each in value)
    return f"[\n{inner}{indent}]"


def _literal(value: object) -> str:
    """Answer the literal on one line, texts in double quotes unless they hold one."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_literal(key)}: {_literal(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    plain = literal(value)
    return f'"{plain[1:-1]}"' if isinstance(value, str) and '"' not in plain else plain
