"""Writes the table's rows as Spark describes them: a StructType in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .columns import Column, Table
from .types import ColumnType

__all__ = ["struct_type"]

_TYPES: Mapping[str, object] = {
    "String": "string",
    "UUID": "string",
    "IPv4": "string",
    "IPv6": "string",
    "Enum8": "string",
    "Enum16": "string",
    "DateTime64": "timestamp",
    "Date32": "date",
    "Bool": "boolean",
    "Float32": "float",
    "Float64": "double",
    "Point": {
        "type": "struct",
        "fields": [{"name": each, "type": "double", "nullable": True, "metadata": {}} for each in "xy"],
    },
}
_INTEGERS = ((-(2**7), "byte"), (-(2**15), "short"), (-(2**31), "integer"), (-(2**63), "long"))
"""Spark's integers, all of them signed, by the least that each holds."""


def struct_type(table: Table) -> str:
    """Answer the StructType of the rows, as `pyspark.sql.types.StructType.fromJson` takes it.

    Columns have the names that they have in ClickHouse, dots and all. An integer without a sign is the next
    larger one of Spark, and UInt64 a decimal.
    """
    fields = [_field(each) for each in table.columns]
    return json.dumps({"type": "struct", "fields": fields}, ensure_ascii=False, indent=2) + "\n"


def _field(column: Column) -> dict[str, object]:
    type_ = _type(column.type)
    if column.listed:
        type_ = {"type": "array", "elementType": type_, "containsNull": column.type.nullable}
    return {
        "name": column.name,
        "type": type_,
        "nullable": column.type.nullable and not column.listed,
        "metadata": {"comment": column.doc} if column.doc else {},
    }


def _type(type_: ColumnType) -> object:
    if type_.key and type_.value:
        return {
            "type": "map",
            "keyType": _type(type_.key),
            "valueType": _type(type_.value),
            "valueContainsNull": type_.value.nullable,
        }
    if bounds := type_.bounds:
        low, high = bounds
        fits = (name for least, name in _INTEGERS if least <= low and high < -least)
        return next(fits, "decimal(20,0)")
    return _TYPES[type_.name]
