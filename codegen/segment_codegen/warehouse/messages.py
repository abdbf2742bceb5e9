"""Plans how a row is taken from a message that is the JSON of an event: parsed once, as one named tuple."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .clickhouse import FIRST_DAY, identifier, text
from .columns import Column, Table

__all__ = ["extracted", "is_checked", "message_type"]


def is_checked(column: Column) -> bool:
    """Tell a column without which a message is no event, and which says so by null."""
    return column.required and len(column.path) == 1


def message_type(columns: Iterable[Column]) -> str:
    """Answer the type as which a message is parsed: the columns' own types, in tuples and arrays of them.

    What is required of an event may be null, so that a message that lacks it can be told.
    """
    root = _Tuple()
    for column in columns:
        if column.holds != "extras":
            may_lack = is_checked(column) or column.is_day
            type_ = replace(column.type, nullable=True) if may_lack else column.type
            root.place(column.path, column.listed, type_.sql)
    return root.sql


def extracted(table: Table, column: Column) -> str:
    """Answer the expression of a column's value, where the message is parsed as `_event`."""
    path = ".".join(identifier(each) for each in ("_event", *column.path))
    if column.holds == "extras":
        return _custom_keys(table, column)
    if column.holds == "json":
        return f"if({path} = '{{}}', '', {path})"
    if is_checked(column):
        return f"assumeNotNull({path})"
    if column.is_day:
        return f"arrayMap(day -> {_day('day')}, {path})" if column.listed else _day(path)
    return path


def _day(expression: str) -> str:
    return f"ifNull({expression}, {FIRST_DAY})"


def _custom_keys(table: Table, column: Column) -> str:
    """Answer the expression of a JSON object's text that has only the keys that have no column."""
    owner = column.path[:-1]
    place = ", ".join(map(text, owner))
    inside = (each.path[len(owner)] for each in table.columns if each.path[: len(owner)] == owner)
    known = ", ".join(text(each) for each in dict.fromkeys(inside) if each != column.path[-1])
    pairs = f"arrayFilter(p -> p.1 NOT IN ({known}), JSONExtractKeysAndValuesRaw(_message, {place}))"
    return (
        f"if(empty({pairs}), '', concat('{{', arrayStringConcat("
        f"arrayMap(p -> concat(toJSONString(p.1), ':', p.2), {pairs}), ','), '}}'))"
    )


@dataclass
class _Tuple:
    """A named tuple that is being composed: the types of its elements, or the tuples in it, by name."""

    elements: dict[str, str | _Tuple] = field(default_factory=dict)
    is_list: bool = False

    def place(self, path: tuple[str, ...], listed: int, type_: str) -> None:
        """Put a type at the end of the path, the first `listed` steps of which lead to a list."""
        first, *rest = path
        if not rest:
            self.elements[first] = type_
            return
        inner = self.elements.setdefault(first, _Tuple(is_list=listed == 1))
        assert isinstance(inner, _Tuple)  # noqa: S101 - a field has one type
        inner.place(tuple(rest), listed - 1, type_)

    @property
    def sql(self) -> str:
        """The type's text."""
        made = ", ".join(
            f"{identifier(name)} {each.sql if isinstance(each, _Tuple) else each}"
            for name, each in self.elements.items()
        )
        return f"Array(Tuple({made}))" if self.is_list else f"Tuple({made})"
