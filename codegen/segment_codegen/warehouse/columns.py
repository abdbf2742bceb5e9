"""Plans the warehouse's columns: the one intermediate form, from which each output is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from ..errors import Diagnostic, SchemaError, pointer
from ..ir import Contract, ListOf, MapOf, ObjectType, Property, Reference, Scalar
from .types import ColumnType, misfit, parse

__all__ = ["Column", "Holds", "Table", "plan_table"]

Holds = Literal["value", "json", "extras"]
"""What a column holds: the field's value, the JSON text of it, or that of all custom keys of an object."""

_EXTRAS = "extras"
"""The column of an open object's custom keys."""


@dataclass(frozen=True)
class Column:
    """A column: its dotted name is the field's path, of which the first `listed` steps lead to a list.

    Where there is a list, the column is an array with one element for each of its objects, at the same place
    in all columns of the list. `required` is whether the field is, in its object.
    """

    path: tuple[str, ...]
    type: ColumnType
    doc: str
    required: bool = False
    listed: int = 0
    holds: Holds = "value"
    codec: str = ""

    @property
    def name(self) -> str:
        """The column's name."""
        return ".".join(self.path)

    @property
    def is_day(self) -> bool:
        """Whether it holds dates and no null."""
        return self.type.name == "Date32" and not self.type.nullable


@dataclass(frozen=True)
class Table:
    """The table: how it is called, stored, partitioned and sorted, and its columns in the schema's order."""

    name: str
    doc: str
    engine: str
    partition_by: tuple[str, ...]
    order_by: tuple[str, ...]
    columns: tuple[Column, ...]


def plan_table(contract: Contract, file: str, default: object = None) -> Table | None:
    """Answer the table of a contract, None where its schema names none and there is no default of that.

    Raises SchemaError with every field of the file for which there is no column that could hold it.
    """
    facts = contract.annotations.get("x-clickhouse-table", default)
    if facts is None:
        return None
    given = cast(dict[str, str], facts)
    listed = cast(dict[str, list[str]], facts)
    planner = _Planner(contract, file)
    columns = tuple(planner.columns(contract.root, (), 0))
    if planner.problems:
        raise SchemaError(planner.problems)
    return Table(
        name=given["name"],
        doc=contract.root.doc,
        engine=given["engine"],
        partition_by=tuple(listed["partitionBy"]),
        order_by=tuple(listed["orderBy"]),
        columns=columns,
    )


class _Planner:
    """Walks the objects; `problems` are the fields that could not be placed."""

    def __init__(self, contract: Contract, file: str) -> None:
        self._contract, self._file = contract, file
        self._sized: dict[str, tuple[str, ...]] = {}
        self.problems: list[Diagnostic] = []

    def columns(self, owner: ObjectType, path: tuple[str, ...], listed: int) -> Iterator[Column]:
        """Yield the columns of an object's fields, depth first."""
        for each in owner.properties:
            here = (*path, each.wire)
            is_list = isinstance(each.type, ListOf)
            inner = each.type.items if isinstance(each.type, ListOf) else each.type
            if not isinstance(inner, Reference):
                yield from self._column(owner, each, here, listed)
            elif listed and is_list:
                self._refuse(
                    owner, each, "a list within a list has no column", "give the list a field of its own"
                )
            else:
                if is_list:
                    self._claim(owner, each, here)
                yield from self.columns(
                    self._contract.object(inner.name), here, len(here) if is_list else listed
                )
        if owner.is_open:
            yield from self._extras(owner, path, listed)

    def _column(
        self, owner: ObjectType, each: Property, path: tuple[str, ...], listed: int
    ) -> Iterator[Column]:
        said = each.annotations.get("x-clickhouse")
        type_ = parse(said) if isinstance(said, str) else None
        if type_ is None:
            message = "the field has no column" if said is None else f"there is no column of type {said!r}"
            hint = 'name its type as "x-clickhouse": String, UUID, DateTime64, Date32, Int8 to UInt64, ...'
            self._refuse(owner, each, message, hint)
        elif problem := misfit(type_, each.type):
            message = f"the column {type_.sql} does not hold what the field does: {problem}"
            self._refuse(owner, each, message, "choose another column, or limit the field")
        else:
            if type_.value:
                self._claim(owner, each, path)
            is_json = (
                isinstance(each.type, MapOf) and isinstance(each.type.values, Scalar) and not type_.value
            )
            yield Column(
                path=path,
                type=type_,
                doc=each.doc,
                required=each.required,
                listed=listed,
                holds="json" if is_json else "value",
                codec=str(each.annotations.get("x-clickhouse-codec", "")),
            )

    def _claim(self, owner: ObjectType, each: Property, path: tuple[str, ...]) -> None:
        """Take a list or map: ClickHouse keeps one length for all arrays with the first part of a name."""
        other = self._sized.setdefault(path[0], path)
        if other != path:
            message = f"{'.'.join(path)} and {'.'.join(other)} would share one length in the table"
            self._refuse(owner, each, message, f"give one of them a place outside of {path[0]}")

    def _extras(self, owner: ObjectType, path: tuple[str, ...], listed: int) -> Iterator[Column]:
        if listed:
            message = f"custom keys of {owner.name} in a list have no column"
            hint = 'set "additionalProperties" to false'
            self.problems.append(
                Diagnostic(self._file, pointer("$defs", owner.name), message, hint, "no-column")
            )
        taken = next((each for each in owner.properties if each.wire == _EXTRAS), None)
        if taken is not None:
            self._refuse(
                owner, taken, f"the column {_EXTRAS!r} is that of the custom keys", "rename the field"
            )
        doc = f"The custom keys of {'.'.join(path)}, as the text of a JSON object."
        yield Column((*path, _EXTRAS), ColumnType("String"), doc, holds="extras")

    def _refuse(self, owner: ObjectType, each: Property, message: str, hint: str) -> None:
        steps = () if owner is self._contract.root else ("$defs", owner.name)
        place = pointer(*steps, "properties", each.wire)
        self.problems.append(Diagnostic(self._file, place, message, hint, "no-column"))
