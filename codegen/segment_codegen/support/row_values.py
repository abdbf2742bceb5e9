"""What the cells of a row hold, by kind: how a field's value is written, read, and known to be absent."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import cast
from uuid import UUID

__all__ = ["DEFAULTS", "READS", "SHARED", "WRITES", "RowError", "is_default"]

_LEAST, _MOST = date(1900, 1, 1), date(2299, 12, 31)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SINGLE = struct.Struct("<f")
_LARGEST = "3.4028235e38"


class RowError(ValueError):
    """What cannot be a row of the table, or is none: the message names the column and never the value."""


def is_default(kind: str, value: object) -> bool:
    """Tell the default of a column that cannot be null, in whichever form a client answers it."""
    return value in _EMPTY[kind] if kind in _EMPTY else not value


def _same(value: object) -> object:
    return value


def _time(value: object) -> object:
    moment = cast(datetime, value)
    if 1 < moment.year < 9999:  # at the ends of the calendar, an offset leads out of it
        moment = moment.astimezone(UTC)
        if _LEAST <= moment.date() <= _MOST:
            return moment
    raise RowError(f"the column holds times from {_LEAST} to {_MOST} in UTC only")


def _date(value: object) -> object:
    if _LEAST <= cast(date, value) <= _MOST:
        return value
    raise RowError(f"the column holds dates from {_LEAST} to {_MOST} only")


def _float32(value: object) -> object:
    try:
        return _SINGLE.unpack(_SINGLE.pack(cast(float, value)))[0]
    except OverflowError:
        raise RowError(f"the column holds numbers up to {_LARGEST} only") from None


def _float32s(value: object) -> object:
    return {key: _float32(each) for key, each in cast(dict[str, float], value).items()}


def _map(value: object) -> object:
    return dict(cast(Mapping[str, object], value))


def _pair(value: object) -> object:
    return tuple(cast(Iterable[object], value))


def _listed(value: object) -> object:
    """Answer the two numbers of a point, which a file has as `x` and `y`."""
    return list(value.values() if isinstance(value, Mapping) else cast(Iterable[object], value))


def _json(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""


def _parsed(value: object) -> object:
    return json.loads(cast(str, value))


def _moment(value: object) -> object:
    """Answer the time with an offset: that of UTC, where the warehouse answers none."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


SHARED = frozenset({"texts", "flags", "float32s", "float64s"})
"""The maps, of whose default, an empty dict, each row has one for itself: it could be changed."""

_NUMBERS = (*(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)), "float64")

DEFAULTS: Mapping[str, object] = {
    "text": "",
    "uuid": UUID(int=0),
    "ipv4": IPv4Address(0),
    "ipv6": IPv6Address(0),
    "time": _EPOCH,
    "date": _LEAST,
    "flag": False,
    "float32": 0.0,
    **dict.fromkeys(_NUMBERS, 0),
    "point": (0.0, 0.0),
    "json": "",
    "extras": "",
}
"""What a column that cannot be null holds where nothing was given: its type's default in ClickHouse."""

_EMPTY: Mapping[str, tuple[object, ...]] = {
    **{kind: (DEFAULTS[kind], str(DEFAULTS[kind])) for kind in ("uuid", "ipv4", "ipv6", "date")},
    "time": (_EPOCH, _EPOCH.replace(tzinfo=None)),
    "point": ((0.0, 0.0), [0.0, 0.0], {"x": 0.0, "y": 0.0}),
}

WRITES: Mapping[str, Callable[[object], object]] = {
    "text": _same,
    "uuid": _same,
    "ipv4": _same,
    "ipv6": _same,
    "time": _time,
    "date": _date,
    "flag": _same,
    "float32": _float32,
    **dict.fromkeys(_NUMBERS, _same),
    "point": _pair,
    "json": _json,
    "extras": _json,
    **dict.fromkeys(SHARED, _map),
    "float32s": _float32s,
}
"""How a field's value is written; raises RowError for what ClickHouse would store as something else."""

READS: Mapping[str, Callable[[object], object]] = {
    **WRITES,
    "time": _moment,
    "date": _same,
    "flag": bool,
    "point": _listed,
    "json": _parsed,
    "extras": _parsed,
}
"""How a column's value is read, in whichever form a client answers it."""
