"""The known differences: what the models decide otherwise than the schema, each with its reason."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["DIFFERENCES", "Difference", "known", "nested"]

LARGEST = int(sys.float_info.max)
DEEPEST = 200


@dataclass(frozen=True)
class Difference:
    """One known difference: the values of which kind it is about, and fields that show it.

    The kind is the format, or else the type of the schema. `models_accept` is what the models say, the schema
    the contrary; `examples` are (model, field, value), each of which is asserted to differ still.
    """

    reason: str
    models_accept: bool
    concerns: Callable[[str, object], bool]
    examples: tuple[tuple[str, str, object], ...]


def known(kind: str, value: object) -> bool:
    """Tell whether a value is a known difference in a field of this kind."""
    return any(each.concerns(kind, value) for each in DIFFERENCES)


def nested(depth: int) -> object:
    """Answer an object of so many objects in each other."""
    value: object = "end"
    for _ in range(depth):
        value = {"a": value}
    return value


def _unsendable(value: object) -> bool:
    if isinstance(value, str):
        return any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return any(_unsendable(key) or _unsendable(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_unsendable, value))


DIFFERENCES = (
    Difference(
        "None is how Python says absent: a model takes it for an optional field and leaves it out of JSON",
        True,
        lambda _, value: value is None,
        (("SemanticEvent", "user_id", None), ("Traits", "age", None), ("Context", "location", None)),
    ),
    Difference(
        "1.0 is a float in Python, where a float for a count is rather a mistake than a 1",
        False,
        lambda kind, value: kind == "integer" and isinstance(value, float) and value.is_integer(),
        (("Traits", "age", 1.0), ("SemanticEvent", "importance", -128.0)),
    ),
    Difference(
        "numbers are binary64, which holds no greater one",
        False,
        lambda kind, value: kind == "number" and isinstance(value, int) and abs(value) > LARGEST,
        (("Commerce", "revenue", 10**400), ("SemanticEvent", "metrics", {"a": -(10**400)})),
    ),
    Difference(
        "a datetime holds no leap second",
        False,
        lambda kind, value: kind == "date-time" and isinstance(value, str) and ":60" in value[16:],
        (("SemanticEvent", "timestamp", "2016-12-31T23:59:60Z"),),
    ),
    Difference(
        "a date holds no year 0",
        False,
        lambda kind, value: (
            kind in {"date", "date-time"} and isinstance(value, str) and value.startswith("0000")
        ),
        (("Commerce", "business_day", "0000-01-01"), ("SemanticEvent", "timestamp", "0000-01-01T00:00:00Z")),
    ),
    Difference(
        "half of a surrogate pair cannot be written as UTF-8, so an event that held it could not be sent",
        False,
        lambda _, value: _unsendable(value),
        (("SemanticEvent", "user_id", "\ud800"), ("SemanticEvent", "event", "a\udfff")),
    ),
    Difference(
        f"free JSON is taken to a depth of {DEEPEST}, beyond which writing it would fail",
        False,
        lambda _kind, _value: False,
        (("Context", "extras", {"key": nested(300)}), ("Traits", "custom", nested(300))),
    ),
)
