"""Turns events into rows of the warehouse's table and back, by a list of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from pydantic import BaseModel

from .row_values import DEFAULTS, READS, SHARED, WRITES, RowError, is_default

__all__ = ["Cell", "Rows"]

_Document = dict[str, object]


class Cell(NamedTuple):
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
        """What the column holds where the field is absent."""
        if self.nullable:
            return None
        return {} if self.kind in SHARED else DEFAULTS[self.kind]

    def write(self, value: object) -> object:
        """Answer what the column holds of a field's value; raises RowError where it cannot."""
        try:
            return WRITES[self.kind](value)
        except RowError as error:
            raise RowError(f"{self.column}: {error}") from None

    def says_absent(self, value: object) -> bool:
        """Tell whether a column's value is that of an absent field."""
        return value is None or not (self.nullable or self.required or not is_default(self.kind, value))


class Rows:
    """The table's rows, by its cells; a row has every column, in the order of the cells."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._cells = {each.column: each for each in cells}
        self._event = _Object()
        for each in self._cells.values():
            self._event.place(each, each.column.split("."), each.listed)
        self._absent = {each.column: None if each.listed else each.absent for each in self._cells.values()}
        self._lists = [each.column for each in self._cells.values() if each.listed]
        self._maps = [column for column, value in self._absent.items() if value == {}]

    def row(self, event: BaseModel) -> dict[str, object]:
        """Answer the event's row; raises RowError where a column could not hold what the event does."""
        row = self._absent.copy()
        row.update((column, []) for column in self._lists)
        row.update((column, {}) for column in self._maps)
        self._event.write(event, row)
        return row

    def document(self, row: Mapping[str, object]) -> _Document:
        """Answer the event of a row as a document of the schema; columns may be left out.

        Raises RowError for columns that the table does not have, and for lists of different lengths.
        """
        if unknown := sorted(row.keys() - self._cells.keys()):
            raise RowError(f"the table has no such columns: {', '.join(unknown)}")
        document: _Document = {}
        lists: dict[tuple[str, ...], list[_Document]] = {}
        for column, value in row.items():
            cell = self._cells[column]
            path = column.split(".")
            if not cell.listed:
                _put(document, path, cell, value)
                continue
            values = list(cast(Iterable[object], value))
            items = lists.setdefault(tuple(path[: cell.listed]), [{} for _ in values])
            if len(items) != len(values):
                raise RowError(f"{column}: the columns of a list have different lengths")
            for item, each in zip(items, values, strict=True):
                _put(item, path[cell.listed :], cell, each)
        for (*steps, last), items in lists.items():
            if items:
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
        """Put each field of the models into its column, at the place of the model."""
        for name, cell in self.cells.items():
            values = (getattr(each, name) for each in models)
            row[cell.column] = [cell.absent if value is None else cell.write(value) for value in values]
        if self.extras is not None:
            row[self.extras.column] = [self.extras.write(each.model_extra) for each in models]


def _within(document: _Document, steps: list[str]) -> _Document:
    for step in steps:
        document = cast(_Document, document.setdefault(step, {}))
    return document


def _put(document: _Document, path: list[str], cell: Cell, value: object) -> None:
    if cell.says_absent(value):
        return
    *steps, last = path
    owner, read = _within(document, steps), READS[cell.kind](value)
    if cell.kind == "extras":
        owner.update(cast(_Document, read))
    else:
        owner[last] = read
