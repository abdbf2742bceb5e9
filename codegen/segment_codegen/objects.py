"""Plans the TypedDicts: one for each object, for literals that a type checker reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .hints import DICT_SUFFIX, input_hint
from .ir import ObjectType, Property
from .naming import ClassName, Code, DocText, literal

__all__ = ["DictKey", "DictPlan", "plan_dicts"]

_HINT_NAMES = frozenset(
    (
        "str",
        "int",
        "float",
        "bool",
        "object",
        "UUID",
        "dt",
        "IPv4Address",
        "IPv6Address",
        "Literal",
        "Sequence",
        "Mapping",
        "Required",
        "NotRequired",
    )
)
"""A key of one of these names would hide the type from the annotations below it."""


@dataclass(frozen=True)
class DictKey:
    """A key: its name as an attribute where it can be one, its literal, and its annotation."""

    name: Code
    key: Code
    hint: Code
    doc: DocText

    @property
    def item(self) -> Code:
        """The key and its annotation as an item of a dict display."""
        return Code(f"{self.key}: {literal(self.hint)}")


@dataclass(frozen=True)
class DictPlan:
    """A TypedDict; `is_class` where every key can be written as an attribute."""

    name: ClassName
    doc: DocText
    keys: tuple[DictKey, ...]
    is_class: bool


def plan_dicts(objects: Iterable[ObjectType], *, nullable: bool) -> tuple[DictPlan, ...]:
    """Answer a TypedDict for each object; where nothing is `nullable`, None is an absent optional value."""
    return tuple(_plan(each, nullable) for each in objects)


def _plan(each: ObjectType, nullable: bool) -> DictPlan:
    return DictPlan(
        name=ClassName(f"{each.name}{DICT_SUFFIX}"),
        doc=DocText(each.doc or f"What {each.name} has, as a literal."),
        keys=tuple(_key(one, nullable) for one in each.properties),
        is_class=all(one.name == one.wire and one.wire not in _HINT_NAMES for one in each.properties),
    )


def _key(each: Property, nullable: bool) -> DictKey:
    hint = input_hint(each.type)
    if each.required:
        hint = Code(f"Required[{hint}]")
    elif not nullable:
        hint = Code(f"{hint} | None")
    return DictKey(Code(each.name), literal(each.wire), hint, DocText(each.note))
