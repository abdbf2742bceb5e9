"""Track calls of one shape, which give the same names: what is the same in all of them is worked out once.

Such a call is held against the schema of the fields that it gives, in one step that also moves them to their
places in Segment's format. All else in its event is what the sender always says: it was validated with the
event that the shape was learned from, and is encoded already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, cast

from pydantic_core import CoreSchema, SchemaValidator, to_json
from semantic_events.properties import CatalogueProperties
from semantic_events.wire import OPEN_OBJECTS

from segment_client.validation import event_schema
from segment_client.wire.encode import text_of
from segment_client.wire.places import CXS, EXTRAS, Leaf, Object, Path, places, tree
from segment_client.wire.text import Json, to_json_value, to_texts

__all__ = ["CALL_TYPE", "PROVENANCE", "Shape", "learn"]

CALL_TYPE = "track"
PROVENANCE = "protocols"
"""Where in a call's context a catalogue event says where it is described."""

_CONTEXT = EXTRAS[:1]
_OWN: dict[str, dict[str, Any]] = {
    "message_id": {"type": "any"},
    "timestamp": {"type": "datetime", "strict": True, "tz_constraint": 0},
}
"""Fields that every call has, and what they are held against where they are not given but made here; a clock
may be the user's own.
"""

_PROPERTIES = "properties"
_MADE = frozenset({*_OWN, _PROPERTIES})
"""Fields that are not validated as they were given."""

_GIVEN = "given"
"""Where the others are found in what is validated: all that was given, which need not be copied."""

_OTHERWISE = frozenset({"event_gid", "sent_at"})
"""Fields that change more of a call than their own place."""

_NUMBERS = frozenset({bool, int, float})
_NAMED = {"type": "dict", "keys_schema": {"type": "str", "strict": True}, "values_schema": {"type": "any"}}
"""What properties are held against when their values were made of those given, texts or what JSON has."""

_ENDS = b"}}}"
"""How the JSON of what is given ends: with `context.cxs`, the context and the call."""


class _UnplacedError(Exception):
    """A name has no single place, or not one of its own."""


class _Slot(NamedTuple):
    """A value that goes into an event: where it is found, where it goes, and what it is held against."""

    found: Path
    path: Path
    schema: Any


class Shape:
    """Encodes the calls that give the names which it was made for.

    `schema` is of what they give, `rest` is what follows in `context.cxs`, in the context and in the call.
    With `typed`, properties keep their JSON types.
    """

    def __init__(self, schema: CoreSchema, rest: bytes, *, typed: bool) -> None:
        self._validate = SchemaValidator(schema).validate_python
        self._to_properties = _to_natives if typed else to_texts
        self._rest = rest

    def encode(self, given: Mapping[str, Any], message_id: object, timestamp: object) -> bytes:
        """Return the JSON of a call's event, as `encode_fields` writes it but for the order of keys.

        Raises pydantic_core.ValidationError, a SegmentError or another ValueError for what the schema
        refuses, and for some of what it takes: models, and None for what is absent.
        """
        context = {_GIVEN: given}
        call = {_GIVEN: given, "context": context, "message_id": message_id, "timestamp": timestamp}
        properties = given.get("properties")
        if properties is not None:
            call["properties"] = self._to_properties(properties, "properties")
            if type(properties) is CatalogueProperties:
                context[PROVENANCE] = properties.provenance
        return to_json(self._validate(call), fallback=text_of)[: -len(_ENDS)] + self._rest


def learn(
    names: Collection[str],
    in_context: Iterable[str],
    call: Mapping[str, Any],
    *,
    described: bool = False,
    typed: bool = False,
) -> Shape | None:
    """Return the shape of calls with these keywords, and these names in their context; None if there is none.

    `call` is one of them, valid and projected. `described` says that its properties tell their provenance,
    `typed` that they keep their JSON types.
    """
    try:
        slots = [_slot_of(name)._replace(schema=_OWN[name]) for name in _OWN if name not in names]
        slots += [_slot_of(name) for name in names if name not in _CONTEXT]
        slots += [_slot_in_context(name) for name in in_context]
    except _UnplacedError:
        return None
    if described:
        slots.append(_provenance())
    paths = {slot.path for slot in slots}
    if len(paths) < len(slots):
        return None
    cxs = _Slot((_GIVEN,), CXS, _dict_at(CXS, slots))
    context = _Slot(_CONTEXT, _CONTEXT, _dict_at(_CONTEXT, [*slots, cxs]))
    schema = _dict_at((), [*slots, context])
    return Shape(schema, _rest(call, paths), typed=typed)


def _to_natives(properties: Mapping[str, object], path: str) -> dict[str, Json]:
    """Return properties as JSON has them; raises TypeError for a number that may have a text of its own."""
    natives = {}
    for key, value in properties.items():
        if isinstance(value, int | float) and type(value) not in _NUMBERS:
            raise TypeError
        if value is not None or type(properties) is CatalogueProperties:
            natives[key] = to_json_value(value, f"{path}.{key}")
    return natives


def _slot_of(name: str) -> _Slot:
    """Return the slot of a keyword."""
    place = places(CALL_TYPE).get(name)
    if place is None or name in _OTHERWISE or name in OPEN_OBJECTS:
        raise _UnplacedError
    found = (name,) if name in _MADE else (_GIVEN, name)
    if isinstance(place, Leaf):
        schema = _NAMED if name == _PROPERTIES else event_schema()["fields"][name]["schema"]
        return _Slot(found, _single(place), schema)
    if place.root is None:
        raise _UnplacedError
    return _Slot(found, place.root, _respelled(name, place, place.root))


def _slot_in_context(name: str) -> _Slot:
    """Return the slot of a name in a call's `context`, in Segment's spelling or ours."""
    fields = places(CALL_TYPE)
    found = (_GIVEN, *_CONTEXT, name)
    own = fields[_CONTEXT[0]]
    if isinstance(own, Object) and name in own.children:
        return _Slot(found, _single(own.children[name]), _inside(_CONTEXT[0])["fields"][name]["schema"])
    if isinstance(fields.get(name), Object):
        return _slot_of(name)._replace(found=found)
    node = tree(CALL_TYPE).children[_CONTEXT[0]].children.get(name)
    if node is None or node.target is None or len(node.target) < len(CXS) or node.children or node.parts:
        raise _UnplacedError
    target, inner = node.target
    return _Slot(found, (*_CONTEXT, name), _inside(target)["fields"][inner]["schema"])


def _provenance() -> _Slot:
    extras = _inside(_CONTEXT[0])["fields"][EXTRAS[1]]["schema"]
    return _Slot((PROVENANCE,), (*_CONTEXT, PROVENANCE), extras["values_schema"])


def _single(leaf: Leaf) -> Path:
    """Return where a field stands whole: in the call, its context or `context.cxs`."""
    if leaf.spread or len(leaf.paths) > 1 or leaf.paths[0][:-1] not in ((), _CONTEXT, CXS):
        raise _UnplacedError
    return leaf.paths[0]


def _respelled(name: str, place: Object, root: Path) -> dict[str, Any]:
    """Return the schema of an object whose fields come in either spelling, and leave in Segment's."""
    schema, fields = _inside(name), {}
    for key, field in schema["fields"].items():
        paths = place.children[key].paths
        if paths[0][:-1] != root or len(paths) > 1:
            raise _UnplacedError
        spelled = paths[0][-1]
        fields[spelled] = {**field, "validation_alias": [[key], [spelled]]} if spelled != key else field
    return {**schema, "fields": fields}


def _inside(name: str) -> dict[str, Any]:
    """Return the schema of an object, as a dict."""
    return cast(dict[str, Any], event_schema()["fields"][name]["schema"]["choices"][0])


def _dict_at(path: Path, slots: Iterable[_Slot]) -> Any:
    """Return the schema of the dict at a path: each of its slots is filled, all else is left out."""
    start = 1 if path == CXS else 0  # it is made of what was given alone
    fields = {
        slot.path[-1]: {
            "type": "typed-dict-field",
            "required": True,
            "schema": slot.schema,
            "validation_alias": [*slot.found[start:]],
        }
        for slot in slots
        if slot.path[:-1] == path
    }
    return {**event_schema(), "fields": fields, "extra_behavior": "ignore"}


def _rest(call: Mapping[str, Any], given: Collection[Path]) -> bytes:
    """Return what a call says beside what is given, from within `context.cxs` to its end."""
    written = b""
    for path, values in ((CXS, call["context"]["cxs"]), (_CONTEXT, call["context"]), ((), call)):
        others = {
            key: value
            for key, value in values.items()
            if (*path, key) not in given and (*path, key) not in (_CONTEXT, CXS)
        }
        members = to_json(others, fallback=text_of)[1:-1]
        is_first = path == CXS and not any(each[:-1] == CXS for each in given)
        written += (b"," if members and not is_first else b"") + members + b"}"
    return written
