"""Plans the generated module that turns events into rows and back."""

from __future__ import annotations

from collections.abc import Mapping

from ..naming import Code, literal
from .columns import Column, Table
from .types import ColumnType

__all__ = ["cells"]

_KINDS: Mapping[str, str] = {
    "String": "text",
    "Enum8": "text",
    "Enum16": "text",
    "UUID": "uuid",
    "DateTime64": "time",
    "Date32": "date",
    "IPv4": "ipv4",
    "IPv6": "ipv6",
    "Bool": "flag",
    "Float32": "float32",
    "Float64": "float64",
    "Point": "point",
}


def cells(table: Table) -> Code:
    """Answer the cells of the table, as the arguments of a tuple of `Cell`."""
    return Code("".join(f"{_cell(each)}," for each in table.columns))


def _cell(column: Column) -> str:
    said: list[str] = [literal(column.name), literal(_kind(column))]
    said += [f"{name}=True" for name in ("nullable",) if column.type.nullable]
    said += [f"{name}=True" for name in ("required",) if column.required]
    said += [f"listed={each}" for each in (column.listed,) if each]
    return f"Cell({', '.join(said)})"


def _kind(column: Column) -> str:
    if column.holds != "value":
        return column.holds
    return _kind_of(column.type)


def _kind_of(type_: ColumnType) -> str:
    if type_.value:
        return f"{_kind_of(type_.value)}s"
    return type_.name.lower() if type_.bounds else _KINDS[type_.name]
