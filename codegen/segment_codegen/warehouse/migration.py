"""Says how a table becomes that of another schema: by which statements, and what none does without loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .clickhouse import column_line, identifier, text
from .columns import Column, Table
from .types import ColumnType

__all__ = ["Migration", "Refusal", "migrate"]


@dataclass(frozen=True)
class Refusal:
    """A change that ClickHouse's table cannot make without losing data, or not at all: of what, and why."""

    subject: str
    reason: str


@dataclass(frozen=True)
class Migration:
    """The statements, in the order in which they are to be run, and what they leave out."""

    statements: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


def migrate(old: Table, new: Table) -> Migration:
    """Answer how the old table becomes the new one; both have the name of the old one's schema."""
    found = (*_table(old, new), *_columns(old, new))
    return Migration(
        tuple(f"ALTER TABLE {identifier(new.name)} {each};" for each in found if isinstance(each, str)),
        tuple(each for each in found if isinstance(each, Refusal)),
    )


def _table(old: Table, new: Table) -> Iterator[str | Refusal]:
    facts = {
        "name": (old.name, new.name),
        "engine": (old.engine, new.engine),
        "partitionBy": (old.partition_by, new.partition_by),
        "orderBy": (old.order_by, new.order_by),
    }
    for fact, (before, after) in facts.items():
        if before != after:
            yield Refusal(f"the table's {fact}", "it is for good: make a new table, and copy the rows")


def _columns(old: Table, new: Table) -> Iterator[str | Refusal]:
    before = {each.name: each for each in old.columns}
    after = {each.name: each for each in new.columns}
    for name in sorted(before.keys() - after.keys()):
        yield Refusal(
            name, "its values would be lost: keep the field as a deprecated one, or drop its column by hand"
        )
    sorted_by = {*new.order_by, *new.partition_by}
    place = "FIRST"
    for name, column in after.items():
        if name not in before:
            yield f"ADD COLUMN IF NOT EXISTS {column_line(column)} {place}"
        else:
            is_key = any(name in each for each in sorted_by)
            yield from _changed(before[name], column, is_key=is_key)
        place = f"AFTER {identifier(name)}"


def _changed(old: Column, new: Column, *, is_key: bool) -> Iterator[str | Refusal]:
    if (old.holds, old.listed) != (new.holds, new.listed):
        yield Refusal(new.name, "what it holds is another: give the new field another name")
    elif old.type != new.type:
        reason = _lost(old.type, new.type, is_key=is_key)
        yield Refusal(new.name, reason) if reason else f"MODIFY COLUMN {column_line(new)}"
    else:
        if old.codec != new.codec:
            yield f"MODIFY COLUMN {identifier(new.name)} CODEC({new.codec or 'Default'})"
        if old.doc != new.doc:
            yield f"COMMENT COLUMN {identifier(new.name)} {text(new.doc)}"


def _lost(old: ColumnType, new: ColumnType, *, is_key: bool) -> str | None:
    """Answer what would be lost of the old type's values in the new one, None where nothing would."""
    if old.nullable and not new.nullable:
        return "what is absent would become an empty value"
    plain, target = (replace(each, nullable=False, low_cardinality=False) for each in (old, new))
    if left := [name for name, number in old.members if (name, number) not in new.members and new.members]:
        return f"values that are stored would be lost: leave {', '.join(left)} in it, with the same numbers"
    if plain == target or _widens(plain, target):
        return (
            "it is part of the table's key: make a new table" if is_key and not _is_enum(old, new) else None
        )
    return f"{old.sql} does not become {new.sql} without loss"


def _widens(old: ColumnType, new: ColumnType) -> bool:
    """Tell a type that holds every value of the other one."""
    if old.bounds and new.bounds:
        return new.bounds[0] <= old.bounds[0] and old.bounds[1] <= new.bounds[1]
    if old.members:
        return _is_enum(old, new) or new.name == "String"
    return (old.name, new.name) == ("Float32", "Float64")


def _is_enum(old: ColumnType, new: ColumnType) -> bool:
    """Tell an enum that became one of as many values, or more."""
    return bool(old.members and new.members) and (old.name, new.name) != ("Enum16", "Enum8")
