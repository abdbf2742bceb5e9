"""Plans the TypedDicts: one for each object, for literals that a type checker reads."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .hints import DICT_SUFFIX, property_hint
from .ir import ObjectType, Property
from .naming import ClassName, Code, DocText, literal

__all__ = ["DictKey", "DictPlan", "plan_dicts"]


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
    keys = tuple(_key(one, nullable) for one in each.properties)
    hidden = {name for one in keys for name in _named(one.hint)}
    return DictPlan(
        name=ClassName(f"{each.name}{DICT_SUFFIX}"),
        doc=DocText(each.doc or f"What {each.name} has, as a literal."),
        keys=keys,
        is_class=all(one.name == one.wire and one.wire not in hidden for one in each.properties),
    )


def _named(hint: Code) -> Iterator[str]:
    """Yield the names in an annotation, which an attribute of the same name would hide."""
    return (node.id for node in ast.walk(ast.parse(hint, mode="eval")) if isinstance(node, ast.Name))


def _key(each: Property, nullable: bool) -> DictKey:
    hint = property_hint(each)
    if each.required:
        hint = Code(f"Required[{hint}]")
    elif not nullable:
        hint = Code(f"{hint} | None")
    return DictKey(Code(each.name), literal(each.wire), hint, DocText(each.note))
