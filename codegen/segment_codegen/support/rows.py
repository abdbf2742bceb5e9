"""Turns events into rows of the warehouse's table and back, by a list of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from struct import error as StructError  # noqa: N812 - the library names it so
from typing import cast

from pydantic import BaseModel

from .row_values import DEFAULTS, READS, SHARED, WRITES, RowError, is_default

__all__ = ["Cell", "Rows"]

_Document = dict[str, object]


@dataclass(frozen=True)
class Cell:
    """One column: its dotted name is the path of a field, of which the first `listed` steps lead to a list.

    `kind` says what it holds. What is not given is None where it is `nullable`, and else the kind's default.
    """

    column: str
    kind: str
    nullable: bool = False
    required: bool = False
    listed: int = 0

    @property
    def absent(self) -> object:
        """What the column holds where the field is absent; what is shared by rows cannot be changed."""
        if self.listed:
            return ()
        return self.absent_item

    @property
    def absent_item(self) -> object:
        """What the column, or a place of its list, holds where the field is absent."""
        if self.nullable:
            return None
        return {} if self.kind in SHARED else DEFAULTS[self.kind]

    def write(self, value: object) -> object:
        """Answer what the column holds of a field's value; raises RowError where it cannot."""
        try:
            return WRITES[self.kind](value)
        except RowError as error:
            raise RowError(f"{self.column}: {error}") from None

    def says_something(self, value: object) -> bool:
        """Tell whether a column's value is one of the field, and not that of an absent one."""
        if value is None:
            return False
        return self.nullable or self.required or not is_default(self.kind, value)

    def read(self, value: object, owner: _Document, name: str) -> None:
        """Put a column's value into the object that has the field; raises RowError where it is none."""
        try:
            read = READS[self.kind](value)
            if self.kind == "extras":
                owner.update(cast(_Document, read))
            else:
                owner[name] = read
        except (TypeError, ValueError, AttributeError, StructError):
            raise RowError(f"{self.column}: it is nothing that the column holds") from None


@dataclass(frozen=True)
class _Place:
    """Where a cell's value goes in a document: to a list, if there is one, by further steps, under a name."""

    cell: Cell
    listed: tuple[str, ...]
    steps: tuple[str, ...]
    name: str


class Rows:
    """The table's rows, by its cells; a row has every column, in the order of the cells."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._places = {each.column: _place(each) for each in cells}
        self._absent = {column: each.cell.absent for column, each in self._places.items()}
        self._maps = [column for column, absent in self._absent.items() if absent == {}]
        self._event = _Object()
        for column, each in self._places.items():
            self._event.place(each.cell, column.split("."), each.cell.listed)

    def row(self, event: BaseModel) -> dict[str, object]:
        """Answer the event's row; raises RowError where a column could not hold what the event does."""
        row = self._absent.copy()
        for column in self._maps:
            row[column] = {}
        self._event.write(event, row)
        return row

    def given(self, event: BaseModel) -> dict[str, object]:
        """Answer the columns of the event's row for which it says something; raises RowError as `row`."""
        row: dict[str, object] = {}
        self._event.write(event, row)
        return row

    def document(self, row: Mapping[str, object]) -> _Document:
        """Answer the event of a row as a document of the schema; columns may be left out.

        Raises RowError for columns that the table does not have, for lists of different lengths, and for what
        no column holds.
        """
        if unknown := sorted(row.keys() - self._places.keys()):
            raise RowError(f"the table has no such columns: {', '.join(unknown)}")
        document: _Document = {}
        lists: dict[tuple[str, ...], list[_Document]] = {}
        for column, value in row.items():
            each = self._places[column]
            if not each.listed:
                _read(each, value, document)
                continue
            values = () if value is None else value
            if not isinstance(values, list | tuple):
                raise RowError(f"{column}: it is no list")
            items = lists.setdefault(each.listed, [{} for _ in values])
            if len(items) != len(values):
                raise RowError(f"{column}: the columns of a list have different lengths")
            for item, one in zip(items, values, strict=True):
                _read(each, one, item)
        for (*steps, last), items in lists.items():
            if any(items):
                _within(document, steps)[last] = items
        return document


@dataclass
class _Object:
    """An object of the event: the cells of its fields, by name, and the objects and lists in it."""

    cells: dict[str, Cell] = field(default_factory=dict)
    objects: dict[str, _Object] = field(default_factory=dict)
    lists: dict[str, _Object] = field(default_factory=dict)
    extras: Cell | None = None

    def place(self, cell: Cell, path: list[str], listed: int) -> None:
        """Take a cell to which these steps lead, the first `listed` of them to a list."""
        first, *rest = path
        if rest:
            under = self.lists if listed == 1 else self.objects
            under.setdefault(first, _Object()).place(cell, rest, listed - 1)
        elif cell.kind == "extras":
            self.extras = cell
        else:
            self.cells[first] = cell

    def write(self, model: BaseModel, row: dict[str, object]) -> None:
        """Put what the model holds into the row."""
        for name, value in model.__dict__.items():
            if value is None:
                continue
            if (cell := self.cells.get(name)) is not None:
                row[cell.column] = cell.write(value)
            elif name in self.objects:
                self.objects[name].write(cast(BaseModel, value), row)
            else:
                self.lists[name].write_list(cast(list[BaseModel], value), row)
        if self.extras is not None and model.model_extra:
            row[self.extras.column] = self.extras.write(model.model_extra)

    def write_list(self, models: list[BaseModel], row: dict[str, object]) -> None:
        """Put each field of the models into its column, at the model's place; nothing, if all are empty."""
        given = [{name: one for name, one in each.__dict__.items() if one is not None} for each in models]
        if not any(given):
            return
        for name, cell in self.cells.items():
            row[cell.column] = [
                cell.write(each[name]) if name in each else cell.absent_item for each in given
            ]


def _place(cell: Cell) -> _Place:
    *steps, name = cell.column.split(".")
    return _Place(cell, tuple(steps[: cell.listed]), tuple(steps[cell.listed :]), name)


def _read(place: _Place, value: object, document: _Document) -> None:
    if place.cell.says_something(value):
        place.cell.read(value, _within(document, place.steps), place.name)


def _within(document: _Document, steps: Iterable[str]) -> _Document:
    for step in steps:
        document = cast(_Document, document.setdefault(step, {}))
    return document
