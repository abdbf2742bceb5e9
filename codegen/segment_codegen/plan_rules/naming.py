"""Names are written as the most of the plan's are, and hold nothing that cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .model import PlanRule, Remark, Subjects, remark
from .styles import EVENT_STYLES, PROPERTY_STYLES, common_style, fits, untidy

__all__ = ["EVENT_NAMING", "PROPERTY_NAMING"]

_CALLS = (("track",), ("page", "screen"))
"""The calls whose events have names, those together that are named alike."""
_VENDOR = "$"
"""What the names of properties begin with that are a vendor's own."""
_RENAMING = "a new name is a new {}: rename what is not yet in use, else waive it"


def _events(subjects: Subjects) -> Iterator[Remark]:
    for calls in _CALLS:
        rules = [each.rule for each in subjects.events if each.rule.type in calls and each.rule.name]
        judged = _judged([each.name for each in rules], EVENT_STYLES)
        for rule in rules:
            if rule.name in judged:
                message = f"the {rule.type} event {rule.name!r} {judged[rule.name]}"
                hint = _RENAMING.format("event to all who read it")
                yield remark(EVENT_NAMING.name, rule.schema, rule.identity, message, hint)


def _properties(subjects: Subjects) -> Iterator[Remark]:
    names = {one.name for event in subjects.events for one in event.properties}
    judged = _judged(sorted(names), PROPERTY_STYLES)
    for event in subjects.events:
        for one in event.properties:
            if one.name in judged:
                message = f"the property {one.name!r} {judged[one.name]}"
                hint = _RENAMING.format("column of the warehouse")
                yield remark(
                    PROPERTY_NAMING.name, one.described, event.rule.identity, message, hint, path=one.shown
                )


def _judged(names: Sequence[str], styles: Sequence[str]) -> dict[str, str]:
    """Answer what is to be said of each name of which something is."""
    own = {name: name.lstrip("_") for name in names if not name.startswith(_VENDOR)}
    style, count = common_style(own.values(), styles)
    judged = {name: untidy(name) for name in names if untidy(name)}
    if count * 2 > len(own):  # else the plan has no style
        said = f"is not in {style}, as {count} of the plan's {len(own)} names are"
        judged = {name: said for name, bare in own.items() if not fits(bare, style)} | judged
    return judged


EVENT_NAMING = PlanRule("event-naming", "events are named in one style", _events)
PROPERTY_NAMING = PlanRule("property-naming", "properties are named in one style", _properties)
