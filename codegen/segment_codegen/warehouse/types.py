"""The types of warehouse columns: read from an annotation, and held against what the schema lets through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..ir import Choice, ListOf, MapOf, Scalar, Type

__all__ = ["ColumnType", "misfit", "parse"]

_TIME_ZONE = "'UTC'"
_INTEGER = re.compile(r"(U?)Int(8|16|32|64)")
_KINDS: Mapping[str, frozenset[str]] = {
    "String": frozenset({"string"}),
    "UUID": frozenset({"uuid"}),
    "DateTime64": frozenset({"date-time"}),
    "Date32": frozenset({"date"}),
    "IPv4": frozenset({"ipv4"}),
    "IPv6": frozenset({"ipv6"}),
    "Bool": frozenset({"boolean"}),
    "Float32": frozenset({"number"}),
    "Float64": frozenset({"number"}),
}
"""What the scalars of JSON Schema are in a column; integers, whose ranges matter, are apart."""
_IN_MAPS = frozenset({"String", "Bool", "Float32", "Float64"})
_NEVER_NULLABLE = frozenset({"Map", "Point"})


@dataclass(frozen=True)
class ColumnType:
    """A type as ClickHouse has it: its name, how it is wrapped, and what is in it.

    `members` are those of an enum with their numbers, `key` and `value` the types of a map's entries.
    """

    name: str
    nullable: bool = False
    low_cardinality: bool = False
    members: tuple[tuple[str, int], ...] = ()
    key: ColumnType | None = None
    value: ColumnType | None = None

    @property
    def sql(self) -> str:
        """The type as a table's definition says it."""
        made = self._bare
        if self.nullable:
            made = f"Nullable({made})"
        return f"LowCardinality({made})" if self.low_cardinality else made

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The least and the greatest integer that it holds, None where it holds no integers."""
        found = _INTEGER.fullmatch(self.name)
        if found is None:
            return None
        bits = int(found[2])
        return (0, 2**bits - 1) if found[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)

    @property
    def _bare(self) -> str:
        if self.key and self.value:
            return f"Map({self.key.sql}, {self.value.sql})"
        if self.members:
            listed = ", ".join(f"{_quoted(name)} = {number}" for name, number in self.members)
            return f"{self.name}({listed})"
        return f"DateTime64(6, {_TIME_ZONE})" if self.name == "DateTime64" else self.name


def parse(text: str) -> ColumnType | None:
    """Answer the type that an annotation names, None where this package knows no such type.

    Times are kept to the microsecond, and dates as Date32, so that those before 1970 survive. LowCardinality
    is for text alone: of UUIDs, dates and floats, ClickHouse refuses it.
    """
    text = text.replace(" ", "") if "'" not in text else text.strip()
    if inner := re.fullmatch(r"LowCardinality\((.+)\)", text):
        made = parse(inner[1])
        return made and replace(made, low_cardinality=made.name == "String")
    if inner := re.fullmatch(r"Nullable\((.+)\)", text):
        made = parse(inner[1])
        return None if made is None or made.name in _NEVER_NULLABLE else replace(made, nullable=True)
    if entries := re.fullmatch(r"Map\((LowCardinality\(String\)|String),(.+)\)", text):
        key, value = parse(entries[1]), parse(entries[2])
        is_plain = value is not None and value.name in _IN_MAPS and not value.nullable
        return ColumnType("Map", key=key, value=value) if is_plain else None
    if enum := re.fullmatch(r"(Enum8|Enum16)\((.+)\)", text):
        return ColumnType(enum[1], members=_members(enum[2]))
    if text in {"Date", "Point"} | _KINDS.keys() or _INTEGER.fullmatch(text):
        return ColumnType("Date32" if text == "Date" else text)
    return None


def misfit(column: ColumnType, type_: Type) -> str | None:
    """Answer what of the schema's type the column could not hold, None where it holds all of it."""
    match type_:
        case Choice(values):
            left = [each for each in values if each not in dict(column.members)]
            return f"it has no place for {left}" if column.members and left else _text(column)
        case MapOf(Scalar("json" | "value")):
            return _text(column)
        case MapOf(values) if column.value:
            return misfit(column.value, values)
        case ListOf(Scalar("number"), limits):
            pair = limits.get("minItems") == limits.get("maxItems") == 2
            return None if column.name == "Point" and pair else "it holds no such list"
        case Scalar("integer", limits):
            return _range(column, limits)
        case Scalar(kind) if kind in _KINDS.get(column.name, ()):
            return None
    return "it holds another type"


def _text(column: ColumnType) -> str | None:
    return None if column.name == "String" or column.members else "it holds another type"


def _range(column: ColumnType, limits: Mapping[str, object]) -> str | None:
    if column.bounds is None:
        return "it holds another type"
    low, high = column.bounds
    least, most = limits.get("minimum"), limits.get("maximum")
    if isinstance(least, int) and isinstance(most, int) and low <= least and most <= high:
        return None
    return f'it would wrap in silence what is not between {low} and {high}: say "minimum" and "maximum"'


def _members(text: str) -> tuple[tuple[str, int], ...]:
    return tuple((name, int(number)) for name, number in re.findall(r"'([^'\\]*)'\s*=\s*(-?[0-9]+)", text))


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
