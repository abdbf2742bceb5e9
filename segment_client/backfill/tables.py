"""Turns rows into tables of Arrow, whose types are those of the warehouse's table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from semantic_events.rows import Cell
from semantic_events.warehouse import CELLS

from segment_client.backfill.output import Reject

__all__ = ["event_schema", "events", "reject_schema", "rejects"]

_OTHERS = frozenset({"uuid", "ipv4", "ipv6", "point"})
"""The kinds that are something else in a file than in a row of Python: texts, and a point of `x` and `y`."""

_UTC = "UTC"


@cache
def event_schema() -> Any:
    """Return the types of the columns of events, with their names."""
    arrow = import_module("pyarrow")
    return arrow.schema([(cell.column, _arrow_type(cell)) for cell in CELLS])


@cache
def reject_schema() -> Any:
    """Return the types of the columns of rejects: those of the warehouse's table, and where each was read."""
    arrow = import_module("pyarrow")
    texts = arrow.list_(arrow.string())
    return arrow.schema(
        [
            ("received_at", arrow.timestamp("us", _UTC)),
            ("errors.path", texts),
            ("errors.message", texts),
            ("errors.type", texts),
            ("raw", arrow.string()),
            ("file", arrow.string()),
            ("position", arrow.int64()),
        ]
    )


def events(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return the table of these sparse rows."""
    arrow, count = import_module("pyarrow"), len(rows)
    used = set[str]().union(*rows)
    columns = [_column(cell, rows) if cell.column in used else _absent(cell, count) for cell in CELLS]
    return arrow.Table.from_arrays(columns, schema=event_schema())


def _column(cell: Cell, rows: Sequence[Mapping[str, Any]]) -> Any:
    absent, name = cell.absent, cell.column
    values = (row.get(name, absent) for row in rows)
    is_other = cell.kind in _OTHERS
    return import_module("pyarrow").array(
        [_plain(cell, value) if is_other else value for value in values], _arrow_type(cell)
    )


@lru_cache(2 * len(CELLS))
def _absent(cell: Cell, count: int) -> Any:
    """Return the column of so many rows that say nothing of it: most of a wide table."""
    return _column(cell, [{}] * count)


def rejects(found: Sequence[Reject], now: datetime) -> Any:
    """Return the table of what was rejected."""
    arrow = import_module("pyarrow")
    return arrow.Table.from_pylist(
        [
            {
                "received_at": now,
                "errors.path": [flaw.path for flaw in flaws],
                "errors.message": [flaw.message for flaw in flaws],
                "errors.type": [flaw.type for flaw in flaws],
                "raw": raw,
                "file": file,
                "position": position,
            }
            for file, position, flaws, raw in found
        ],
        schema=reject_schema(),
    )


@cache
def _arrow_type(cell: Cell) -> Any:
    arrow = import_module("pyarrow")
    made = _scalar(arrow, cell.kind)
    return arrow.list_(made) if cell.listed else made


def _scalar(arrow: Any, kind: str) -> Any:
    match kind:
        case "time":
            return arrow.timestamp("us", _UTC)
        case "date":
            return arrow.date32()
        case "flag":
            return arrow.bool_()
        case "float32" | "float64":
            return getattr(arrow, kind)()
        case "point":
            return arrow.struct([("x", arrow.float64()), ("y", arrow.float64())])
        case "texts" | "flags" | "float32s" | "float64s":
            return arrow.map_(arrow.string(), _scalar(arrow, kind[:-1]))
    return getattr(arrow, kind)() if "int" in kind and kind != "point" else arrow.string()


def _plain(cell: Cell, value: Any) -> Any:
    if cell.kind == "point":
        return dict(zip("xy", value, strict=True))
    if cell.listed:
        return [None if each is None else str(each) for each in value]
    return None if value is None else str(value)
