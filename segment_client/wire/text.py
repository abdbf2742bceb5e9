"""Property values as text: the SemanticEvent's `properties` is a map of string."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any
from uuid import UUID

from segment_client.errors import InvalidTypeError, InvalidValueError

__all__ = ["Json", "to_json_value", "to_text", "to_texts"]

_MAX_DEPTH = 100
_SUPPORTED = "text, a number, a bool, a datetime, a date, a UUID, a Decimal, an Enum, a list or a dict"

_SHORT_BITS = 2048
"""So many have no more digits than any limit of Python's allows."""

_PLAIN = frozenset({int, float, bool})
"""The types whose text is just that of `str`."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A value that JSON can hold."""


def to_texts(values: Mapping[str, object], path: str) -> dict[str, str]:
    """Return the values of a map as texts, most of which are texts already; None is absent."""
    given = values if type(values) is dict else dict(values.items())
    texts: dict[str, Any] = given.copy()
    try:
        for key, value in given.items():
            kind = type(value)
            if kind is str:
                continue
            if value is None:
                del texts[key]
            else:
                texts[key] = str(value) if kind in _PLAIN else to_text(value, f"{path}.{key}")
    except ValueError:  # of a number that is too long; what is raised now says which
        return {key: to_text(value, f"{path}.{key}") for key, value in given.items() if value is not None}
    return texts


def to_text(value: object, path: str) -> str:
    """Return a property value as text: `350` is "350", `True` "True", lists and dicts are compact JSON.

    Raises InvalidTypeError for a cycle or an object of another type, InvalidValueError for a number of
    thousands of digits; both name the `path`.
    """
    plain = value.value if isinstance(value, Enum) else value
    match plain:
        case str():
            return str.__str__(plain)
        case bool() | float() | UUID() | Decimal():
            return str(plain)
        case int():
            return str(_writable(plain, path))
        case datetime() | date():
            return plain.isoformat()
        case Mapping() | list() | tuple():
            nested = to_json_value(plain, path, nan_as_text=True)
            return json.dumps(nested, ensure_ascii=False, separators=(",", ":"))
        case _:
            raise _unsupported(path, plain)


def to_json_value(value: object, path: str, *, nan_as_text: bool = False) -> Json:
    """Return a property value as native JSON: numbers, bools, lists and dicts stay, all else is text.

    A number that JSON cannot hold (NaN, an infinity) is an InvalidValueError, or text with `nan_as_text`.
    Cycles and objects of other types are an InvalidTypeError. Both name the `path`. The value is copied,
    never changed.
    """
    return _copy(value, path, (), nan_as_text=nan_as_text)


def _copy(value: object, path: str, parents: tuple[int, ...], *, nan_as_text: bool) -> Json:
    plain = value.value if isinstance(value, Enum) else value
    match plain:
        case None | bool():
            return plain
        case int():
            return int(_writable(plain, path))
        case float():
            if isfinite(plain):
                return float(plain)
            if nan_as_text:
                return str(plain)
            raise InvalidValueError(
                f"{path} is {plain}, which JSON cannot hold: pass a finite number or leave it out"
            )
        case Mapping():
            inside = _enter(plain, path, parents)
            return {
                _key(key, path): _copy(item, f"{path}.{key}", inside, nan_as_text=nan_as_text)
                for key, item in plain.items()
            }
        case list() | tuple():
            inside = _enter(plain, path, parents)
            return [
                _copy(item, f"{path}[{index}]", inside, nan_as_text=nan_as_text)
                for index, item in enumerate(plain)
            ]
        case _:
            return to_text(plain, path)


def _writable(number: int, path: str) -> int:
    """Return a number whose digits Python writes, and so whoever receives it reads: by default 4300."""
    if number.bit_length() > _SHORT_BITS:
        try:
            str(number)
        except ValueError:
            raise _too_long(path) from None
    return number


def _enter(container: object, path: str, parents: tuple[int, ...]) -> tuple[int, ...]:
    if id(container) in parents:
        raise InvalidTypeError(f"{path} holds itself: pass a value without cycles")
    if len(parents) >= _MAX_DEPTH:
        raise InvalidValueError(f"{path} is nested deeper than {_MAX_DEPTH} levels: pass a flatter value")
    return (*parents, id(container))


def _key(key: object, path: str) -> str:
    plain = key.value if isinstance(key, Enum) else key
    if isinstance(plain, bool | int | float | str | UUID | date):
        return to_text(plain, path)
    raise InvalidTypeError(f"{path} has a key of type {type(key).__name__}: pass text")


def _too_long(path: str) -> InvalidValueError:
    return InvalidValueError(f"{path} is a number of too many digits to be written: pass it as text")


def _unsupported(path: str, value: object) -> InvalidTypeError:
    return InvalidTypeError(f"{path} is a {type(value).__name__}: pass {_SUPPORTED}")
