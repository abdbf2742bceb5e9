"""Traits of a catalogue event, which go by exactly the names and values that its tracking plan has.

The SemanticEvent has its own names and types for the traits of Segment's spec, and no null. What of the given
traits it holds otherwise, or not, goes beside it as the originals of a foreign call do: by JSON pointer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError

from segment_client.spelling import other_spelling, spell_first
from segment_client.wire import Json, to_json_value, to_segment
from segment_client.wire.originals import compare, keep

if TYPE_CHECKING:
    from semantic_events import SemanticEvent

__all__ = ["ExactTraits", "exact_traits", "typed_traits", "with_exact_traits", "without_nulls"]

_TRAITS = "traits"
_CONTEXT: Mapping[str, Json] = {"context": {}}
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class ExactTraits:
    """The traits as they are to be sent, and as a segment call of the event would have them."""

    given: Mapping[str, Json]
    encoded: Mapping[str, Json]


def typed_traits(given: Mapping[str, object]) -> dict[str, Any]:
    """Return those of the traits that the SemanticEvent can hold, by its names."""
    from semantic_events import Traits

    fields = spell_first(_TRAITS, given)
    try:
        Traits.model_validate(fields)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            fields.pop(str(detail["loc"][0]), None)
    return fields


def without_nulls(fields: Mapping[str, Any], given: Mapping[str, object]) -> dict[str, Any]:
    """Return the event's traits without those that are given as null: a scope may have had them."""
    nulls = spell_first(_TRAITS, {key: True for key, value in given.items() if value is None})
    absent = nulls.keys() - spell_first(_TRAITS, given).keys()
    return {key: value for key, value in fields.items() if key not in absent}


def exact_traits(event: SemanticEvent, given: Mapping[str, object]) -> ExactTraits | None:
    """Return what to send of a new event with these traits; None where it says exactly that by itself."""
    wanted = {key: to_json_value(value, f"{_TRAITS}.{key}") for key, value in given.items()}
    exact = ExactTraits(wanted, to_segment(event).get(_TRAITS, {}))
    return None if _wanted(exact, exact.encoded) == exact.encoded else exact


def with_exact_traits(event: SemanticEvent, exact: ExactTraits) -> SemanticEvent:
    """Return the event that is sent with exactly these traits, but for those that were changed since."""
    if event.traits is None:  # `before_send` took them out
        return event
    encoded = to_segment(event).get(_TRAITS, {})
    wanted = _wanted(exact, encoded)
    return keep(event, compare({**_CONTEXT, _TRAITS: encoded}, {**_CONTEXT, _TRAITS: wanted}))


def _wanted(exact: ExactTraits, encoded: Mapping[str, Json]) -> dict[str, Json]:
    def is_as_it_was(key: str) -> bool:
        place = key if key in exact.encoded else other_spelling(_TRAITS, key)
        return encoded.get(place, _ABSENT) == exact.encoded.get(place, _ABSENT)

    replaced = {other_spelling(_TRAITS, key) for key in exact.given} - exact.given.keys()
    kept = {key: value for key, value in encoded.items() if key not in replaced or not is_as_it_was(key)}
    return kept | {key: value for key, value in exact.given.items() if is_as_it_was(key)}
