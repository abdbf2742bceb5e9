"""Hypothesis strategies for documents of a JSON Schema, as the project's schema files use it."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

__all__ = ["documents", "json_values", "texts"]

_CHARACTERS = st.characters(exclude_categories=["Cs"])

texts = st.text(_CHARACTERS, max_size=8)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def _date_time(moment: datetime, offset: str) -> str:
    return moment.isoformat(timespec="microseconds") + offset


_FORMATS: dict[str, st.SearchStrategy[str]] = {
    "uuid": st.uuids().map(str),
    "date": st.dates().map(str),
    "date-time": st.builds(
        _date_time,
        # a day off the ends of the calendar, where an offset would lead out of it
        st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001  # the offset is drawn beside it
        st.sampled_from(["Z", "z", "+00:00", "+05:30", "-11:00"]),
    ),
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
}


def documents(root: dict[str, Any], schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return documents that are valid by a schema; `root` holds the `$defs` that it refers to."""
    if "$ref" in schema:
        return documents(root, root["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "items" in schema:
        size = {"min_size": schema.get("minItems", 0), "max_size": schema.get("maxItems", 2)}
        return st.lists(documents(root, schema["items"]), **size)
    if schema.get("type") == "object":
        return _objects(root, schema)
    return _scalar(schema)


def _scalar(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    match schema.get("type"):
        case "string" if "format" in schema:
            return _FORMATS[schema["format"]]
        case "string" if "pattern" in schema:
            return st.from_regex(schema["pattern"].removesuffix("$"), fullmatch=True)
        case "string":
            return st.text(_CHARACTERS, min_size=schema.get("minLength", 0), max_size=8)
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case _:
            return json_values.filter(lambda value: value is not None)


@st.composite
def _objects(draw: st.DrawFn, root: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Draw the required fields and a few others: whole objects would be too large to learn from."""
    known = schema.get("properties", {})
    required = schema.get("required", [])
    others = sorted(known.keys() - set(required))
    chosen = draw(st.lists(st.sampled_from(others), max_size=6, unique=True)) if others else []
    document = {name: draw(documents(root, known[name])) for name in [*required, *chosen]}
    additional = schema.get("additionalProperties", True)
    if additional is False:
        return document
    custom = json_values if additional is True else documents(root, additional)
    names = texts | st.sampled_from(["firstName", "segment", "cxs", "traits", "ip", "userAgent", "url"])
    return {
        **draw(st.dictionaries(names.filter(lambda name: name not in known), custom, max_size=3)),
        **document,
    }
