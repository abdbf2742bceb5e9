"""Reads the objects of an event: those with keys of their own, each of which is a model and a TypedDict."""

from __future__ import annotations

from dataclasses import replace

from .errors import pointer
from .ir import ObjectType, Property, Reference
from .library import Library
from .marks import is_deprecated, is_personal
from .names import digest, fields
from .naming import ClassName, FieldName, class_name
from .places import Place
from .values import Form, ValueReader
from .views import Places, View, alternatives, joined, met

__all__ = ["ObjectReader"]


class ObjectReader:
    """Reads the objects of one event, each with a name that no other of them has."""

    def __init__(self, owner: ClassName, library: Library) -> None:
        self._owner = owner
        self._section: Place
        self._ways: set[str] = {""}
        self._library = library
        self._names: dict[object, ClassName] = {}
        self._objects: dict[ClassName, ObjectType] = {}
        self._values = ValueReader(owner, library, self._refer)

    def read(self, place: Place, doc: str) -> tuple[ObjectType, ...]:
        """Answer the event's objects, that of its properties last, which says what the event is.

        There are none where the schema allows no object.
        """
        self._section = place
        whole = met(joined(alternatives(place, self._library)), View(types=frozenset({"object"})))
        if not whole.types:
            return ()
        root = self._object(Form(place, 0, whole), self._owner, "")
        return (*self._objects.values(), replace(root, doc=doc))

    def _refer(self, form: Form, wanted: ClassName) -> Reference:
        """Answer the reference to the object of a form, which is read when it is first met."""
        if form.key not in self._names:
            way = self._way(form)
            wanted = class_name(self._owner, "Root") if self._is_event(form.place) else wanted
            is_taken = wanted == self._owner or wanted in self._names.values()
            name = class_name(wanted, digest(way)) if is_taken else wanted
            self._names[form.key] = name
            self._objects[name] = self._object(form, name, way)
        return Reference(self._names[form.key])

    def _way(self, form: Form) -> str:
        """Answer what tells a form from all others of the event, wherever a format puts its schema."""
        way = pointer(*form.place.steps_from(self._section))
        way = f"{way}?{form.number}" if form.number else way
        while way in self._ways:
            way = f"{way}'"
        self._ways.add(way)
        return way

    def _object(self, form: Form, name: ClassName, way: str) -> ObjectType:
        view = form.view
        wires = view.properties.keys() | view.required
        names = fields(wires)
        return ObjectType(
            name=name,
            doc="" if self._is_event(form.place) else _text(form.place, "description"),
            properties=tuple(
                self._property(view.properties.get(wire, ()), wire, name, names[wire], wire in view.required)
                for wire in sorted(wires, key=lambda wire: (wire not in view.required, wire))
            ),
            extras=None if view.rest is None else "json",
            at=way,
        )

    def _property(
        self, places: Places, wire: str, owner: ClassName, name: FieldName, required: bool
    ) -> Property:
        found = [each for place in places for each in (place, self._values.resolved(place))]
        described = [each for each in found if not self._is_event(each)]
        return Property(
            wire=wire,
            name=name,
            type=self._values.type(places, class_name(owner, wire)),
            required=required,
            doc=next(filter(None, (_text(each, "description") for each in described)), ""),
            annotations={
                word: value
                for each in reversed(described)
                for word, value in sorted(each.keywords.items())
                if word.startswith("x-")
            },
            personal=any(is_personal(each, self._library) for each in described),
            deprecated=any(is_deprecated(each, self._library) for each in described),
        )

    def _is_event(self, place: Place) -> bool:
        """Tell whether what a schema says of itself is said of the event, even where a value is like that."""
        return place.key == self._section.key


def _text(place: Place, word: str) -> str:
    return str(place.keywords.get(word, ""))
