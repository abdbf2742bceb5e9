"""Every event and property says what it is."""

from __future__ import annotations

from collections.abc import Iterator

from ..places import Place
from .model import PlanRule, Remark, Subjects, remark

__all__ = ["MISSING_DESCRIPTION"]


def _check(subjects: Subjects) -> Iterator[Remark]:
    for event in subjects.events:
        rule = event.rule
        if not (rule.doc.strip() or _says(rule.schema)):
            said = f"the event {rule.name!r}" if rule.name else f"the {rule.type} call"
            hint = "say when it happens, and who sends it"
            yield remark(
                MISSING_DESCRIPTION.name, rule.schema, rule.identity, f"{said} has no description", hint
            )
        for one in event.properties:
            if not any(_says(each) or _is_referred(each, subjects) for each in one.places):
                message = f"the property {one.name!r} has no description"
                hint = "say what it is, in which unit, and where its values come from"
                yield remark(
                    MISSING_DESCRIPTION.name, one.described, rule.identity, message, hint, path=one.shown
                )


def _says(place: Place) -> bool:
    return bool(str(place.keywords.get("description") or "").strip())


def _is_referred(place: Place, subjects: Subjects) -> bool:
    """Tell whether what a property refers to is described."""
    seen: set[object] = set()
    while "$ref" in place.keywords and place.key not in seen:
        seen.add(place.key)
        place = subjects.library.target(place, str(place.keywords["$ref"]))
        if _says(place):
            return True
    return False


MISSING_DESCRIPTION = PlanRule("missing-description", "events and properties are described", _check)
