"""What looks like data about a person is marked, so that no message and no log shows its values.

A property that only looks so says it: `"x-pii": false`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..listed import Listed
from ..marks import is_personal
from ..naming import snake
from ..places import Place
from .model import PlanRule, Remark, Subjects, remark

__all__ = ["PERSONAL_DATA"]

_MARKS = ("x-pii", "pii", "x-personal")
_FORMATS = frozenset({"email", "idn-email", "ipv4", "ipv6"})
_NAMES = frozenset(
    (
        *(
            "address",
            "birth",
            "birthdate",
            "birthday",
            "dob",
            "email",
            "firstname",
            "fullname",
            "ip",
            "lastname",
        ),
        *(
            "lat",
            "latitude",
            "lng",
            "lon",
            "longitude",
            "mail",
            "mobile",
            "passport",
            "password",
            "phone",
            "postcode",
        ),
        *("ssn", "street", "surname", "telephone", "username", "zip"),
        *("birth_date", "credit_card", "date_of_birth", "e_mail", "family_name", "first_name", "full_name"),
        *("given_name", "last_name", "phone_number", "postal_code", "tax_id", "user_name", "zip_code"),
    )
)
"""Words, or words in a row, that say that a value is about a person."""
_ABOUT = frozenset(
    (
        *(
            "allowed",
            "attempts",
            "campaign",
            "consent",
            "count",
            "domain",
            "enabled",
            "length",
            "model",
            "opt",
        ),
        *("preference", "provider", "status", "subject", "template", "type", "valid", "verified", "version"),
    )
)
"""Last words that say that a value is about the thing, and not the thing itself: `email_status`."""
_PLAIN = frozenset({"boolean", "null"})


def _check(subjects: Subjects) -> Iterator[Remark]:
    for event in subjects.events:
        marked = {one.path for one in event.properties if _is_settled(one, subjects)}
        parents = {one.path[:-1] for one in event.properties}
        for one in event.properties:
            above = {one.path[:end] for end in range(1, len(one.path) + 1)}
            if above & marked or not _looks_personal(one):
                continue
            below = [each.path for each in event.properties if each.path[: len(one.path)] == one.path]
            leaves = {path for path in below if path not in parents} - {one.path}
            if leaves and leaves <= marked:
                continue
            message = f"{one.name!r} looks like data about a person, and is not marked as that"
            hint = 'write "x-pii": true beside it, or "x-pii": false where it is none'
            yield remark(
                PERSONAL_DATA.name, one.described, event.rule.identity, message, hint, path=one.shown
            )


def _is_settled(one: Listed, subjects: Subjects) -> bool:
    """Tell whether the plan says of a property that it is personal, or that it is not."""
    return any(
        is_personal(each, subjects.library) or any(each.keywords.get(word) is False for word in _MARKS)
        for each in one.places
    )


def _looks_personal(one: Listed) -> bool:
    if any(map(_is_choice, one.places)):
        return False
    if any(each.keywords.get("format") in _FORMATS for each in one.places):
        return True
    words = snake(one.name).split("_")
    if words[-1] in _ABOUT:
        return False
    rows = {
        "_".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)
    }
    return bool(rows & _NAMES)


def _is_choice(place: Place) -> bool:
    """Tell whether the values are true and false, or listed: that describes nobody."""
    types = place.keywords.get("type")
    listed = {each for each in types if isinstance(each, str)} if isinstance(types, list) else {types}
    return bool(place.keywords.keys() & {"enum", "const"}) or (bool(listed) and listed <= _PLAIN)


PERSONAL_DATA = PlanRule("personal-data", "data about persons is marked as such", _check)
