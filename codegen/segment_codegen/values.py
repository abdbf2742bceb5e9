"""Gives schemas their types: what Python and pydantic can say of a value; the checks say the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .drafts import ANNOTATIONS, modern
from .ir import Choice, Limits, ListOf, MapOf, Nullable, Reference, Scalar, Type, Union
from .library import Library
from .limits import FORMAT_KINDS, held
from .naming import ClassName, class_name
from .places import Place
from .views import EVERY_TYPE, Places, View, alternatives

__all__ = ["Form", "ValueReader"]

_ANY = Scalar("json")


@dataclass(frozen=True, eq=False)
class Form:
    """One kind of object that a place describes; `number` tells it from the others there."""

    place: Place
    number: int
    view: View

    @property
    def key(self) -> tuple[object, int]:
        """What tells it from every other."""
        return self.place.key, self.number


class ValueReader:
    """Reads types; `refer` answers the reference to an object with keys of its own, given its name."""

    def __init__(
        self, owner: ClassName, library: Library, refer: Callable[[Form, ClassName], Reference]
    ) -> None:
        self._owner = owner
        self._library = library
        self._refer = refer
        self._open: set[object] = set()
        """What is being read: a list that holds itself has no type, only objects have names."""

    def type(self, places: Places, name: ClassName) -> Type:
        """Answer the type of a value for which one of the places holds; an object there is called `name`."""
        if not places:
            return _ANY
        return _union(each for place in places for each in self._of(place, name))

    def resolved(self, place: Place) -> Place:
        """Answer the schema that a place names, where it is nothing but a reference."""
        while isinstance(place.node, dict) and modern(place).keys() - ANNOTATIONS == {"$ref"}:
            place = self._library.target(place, str(place.keywords["$ref"]))
        return place

    def _of(self, place: Place, name: ClassName) -> Iterator[Type | None]:
        target = self.resolved(place)
        if target.key in self._open:
            yield _ANY
            return
        if target is not place:
            place, name = target, class_name(self._owner, _title(target))
        self._open.add(place.key)
        for number, view in enumerate(alternatives(place, self._library)):
            yield from self._one(Form(place, number, view), name)
        self._open.discard(place.key)

    def _one(self, form: Form, name: ClassName) -> Iterator[Type | None]:
        """Yield each type of a form; None is null."""
        types = form.view.types
        if types >= EVERY_TYPE - {"null"}:
            yield _ANY if "null" in types else Scalar("value")
            return
        yield from self._members(form, name)
        if "null" in types:
            yield None

    def _members(self, form: Form, name: ClassName) -> Iterator[Type]:
        view = form.view
        if "boolean" in view.types:
            yield Scalar("boolean")
        if view.integers is not None:
            yield from [Choice(view.integers)] if view.integers and "integer" in view.types else []
        elif view.types & {"integer", "number"}:
            kind: str = "number" if "number" in view.types else "integer"
            yield Scalar("number" if kind == "number" else "integer", held(kind, view.limits))
        if "string" in view.types:
            yield from _text(view)
        if "array" in view.types:
            yield ListOf(self.type(view.items, class_name(name, "item")), held("array", view.limits))
        if "object" in view.types:
            if view.has_keys:
                outer, self._open = self._open, set()
                yield self._refer(form, name)
                self._open = outer
            else:
                yield MapOf(self.type(view.rest or (), class_name(name, "value")))


def _text(view: View) -> Iterator[Type]:
    if view.texts is not None:
        yield from [Choice(view.texts)] if view.texts else []
    elif view.format is not None and view.format in FORMAT_KINDS:
        yield Scalar(FORMAT_KINDS[view.format])
    else:
        yield Scalar("string", held("string", view.limits))


def _union(types: Iterable[Type | None]) -> Type:
    """Answer the type of values of any of these; null alone is any value, which the checks narrow."""
    flat = list(_flat(types))
    if _ANY in flat or not flat:
        return _ANY
    is_nullable = None in flat
    if Scalar("value") in flat:
        return _ANY if is_nullable else Scalar("value")
    members: list[Type] = []
    for each in flat:
        if each is not None:
            _add(members, each)
    if not members:
        return _ANY
    made = members[0] if len(members) == 1 else Union(tuple(members))
    return Nullable(made) if is_nullable else made


def _flat(types: Iterable[Type | None]) -> Iterator[Type | None]:
    for each in types:
        match each:
            case Nullable(of):
                yield from _flat((of,))
                yield None
            case Union(of):
                yield from _flat(of)
            case _:
                yield each


def _add(members: list[Type], new: Type) -> None:
    """Add a type to a union, or widen the member that is of its kind already."""
    for place, old in enumerate(members):
        if wider := _wider(old, new):
            members[place] = wider
            return
    members.append(new)


def _wider(one: Type, other: Type) -> Type | None:
    """Answer the one type that holds both, where they are of one kind; None where they are not."""
    match one, other:
        case Choice(), Choice() if type(one.values[0]) is type(other.values[0]):
            return Choice(tuple(dict.fromkeys((*one.values, *other.values))))
        case Scalar(), Scalar() if one.kind == other.kind:
            return Scalar(one.kind, _common(one.limits, other.limits))
        case Scalar(kind="integer" | "number"), Scalar(kind="integer" | "number"):
            return Scalar("number")
        case (Scalar(kind=kind), Choice(values)) | (Choice(values), Scalar(kind=kind)):
            if isinstance(values[0], int):
                return Scalar(kind) if kind in {"integer", "number"} else None
            return Scalar("string") if kind == "string" or kind in FORMAT_KINDS.values() else None
        case ListOf(), ListOf():
            return ListOf(_union((one.items, other.items)), _common(one.limits, other.limits))
        case MapOf(), MapOf():
            return MapOf(_union((one.values, other.values)))
    return one if one == other else None


def _common(one: Limits, other: Limits) -> Limits:
    return {word: value for word, value in one.items() if other.get(word) == value}


def _title(place: Place) -> str:
    texts: Iterator[str] = (step for step in reversed(place.steps) if isinstance(step, str))
    return next(texts, "root")
