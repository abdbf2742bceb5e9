"""The places that the schema gives its fields in Segment's format."""

import unittest

from tests.schema_files import EVENT_FILE, fields, load

CALL_TYPES = ("track", "page", "screen", "identify", "group", "alias")
Place = str | list[str] | dict[str, str]

ROOTS: dict[str, Place] = {
    "App": "context.app",
    "Campaign": "context.campaign",
    "Context": "context",
    "Device": "context.device",
    "Library": "context.library",
    "Network": "context.network",
    "OS": "context.os",
    "Page": "context.page",
    "Referrer": "context.referrer",
    "Screen": "context.screen",
    "Traits": {"identify": "traits", "group": "traits", "*": "context.traits"},
    "UserAgent": "context.userAgentData",
}
"""The place under which the fields of an object lie, by the object's name."""

OUTER = {
    *("type", "message_id", "timestamp", "original_timestamp", "sent_at", "received_at"),
    *("user_id", "anonymous_id", "integrations"),
}
"""The fields at the top of every call."""

SPECIAL: dict[tuple[str, str], Place] = {
    ("SemanticEvent", "event"): {"track": "event", "*": "context.cxs.event"},
    ("SemanticEvent", "previous_id"): {"alias": "previousId", "*": "context.cxs.previous_id"},
    ("SemanticEvent", "properties"): {
        **dict.fromkeys(("track", "page", "screen"), "properties"),
        "*": "context.cxs.properties",
    },
    ("SemanticEvent", "user_agent"): "context.cxs.user_agent",
    ("Campaign", "campaign"): "context.campaign.name",
    ("Context", "extras"): "context.*",
    ("Context", "group_id"): {"group": "groupId", "*": "context.groupId"},
    ("Context", "ipv6"): "context.cxs.context.ipv6",
    ("Context", "location"): ["context.location.longitude", "context.location.latitude"],
    ("Page", "name"): {"page": "name", "*": "context.page.name"},
    ("Page", "referring_domain"): "context.page.referring_domain",
    ("Screen", "name"): {"screen": "name", "*": "context.screen.name"},
    ("UserAgent", "data"): "context.userAgentData.brands",
    ("UserAgent", "signature"): "context.userAgent",
}
"""The fields that lie elsewhere than their object and name say."""


def camel(name: str) -> str:
    """Return a name in Segment's spelling."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def below(root: Place, name: str) -> Place:
    """Return the place of a field below its object's."""
    if isinstance(root, dict):
        return {call_type: f"{path}.{name}" for call_type, path in root.items()}
    return f"{root}.{name}"


def expected_place(owner: str, field: str, object_name: str) -> Place | None:
    """Return where a field belongs, None where it has no place of its own; `object_name` is "" for a leaf."""
    if (owner, field) in SPECIAL:
        return SPECIAL[owner, field]
    if owner in ROOTS:
        return below(ROOTS[owner], camel(field))
    if owner != "SemanticEvent" or field == "write_key":
        return None
    return ROOTS.get(object_name) or (camel(field) if field in OUTER else f"context.cxs.{field}")


def segment_paths(call_type: str, place: Place) -> list[str]:
    """Return the paths of a place for one type of call."""
    if isinstance(place, dict):
        return [place[call_type if call_type in place else "*"]]
    return place if isinstance(place, list) else [place]


class SegmentPlacesTest(unittest.TestCase):
    """Laws of the `x-segment` annotations."""

    schema = load(EVENT_FILE)

    def test_places(self) -> None:
        """A field lies under its object in Segment's spelling, under `context.cxs`, or where listed."""
        for owner, field, prop in fields(self.schema):
            with self.subTest(f"{owner}.{field}"):
                expected = expected_place(owner, field, prop.get("$ref", "").removeprefix("#/$defs/"))
                self.assertEqual(prop.get("x-segment"), expected)

    def test_mirror(self) -> None:
        """Only the page is copied, on a page call, into the properties."""
        mirrors = {
            (o, f): p["x-segment-mirror"] for o, f, p in fields(self.schema) if "x-segment-mirror" in p
        }
        self.assertEqual(mirrors, {("SemanticEvent", "page"): {"page": "properties"}})

    def test_places_distinct(self) -> None:
        """No two fields share a place in any type of call."""
        for call_type in CALL_TYPES:
            places = [
                place
                for _, _, prop in fields(self.schema)
                if "x-segment" in prop
                for place in segment_paths(call_type, prop["x-segment"])
            ]
            self.assertEqual(sorted(places), sorted(set(places)), call_type)

    def test_call_types(self) -> None:
        """A place that depends on the call names known types of call, with a default."""
        for owner, field, prop in fields(self.schema):
            if isinstance(place := prop.get("x-segment"), dict):
                self.assertIn("*", place, f"{owner}.{field}")
                self.assertLessEqual(set(place), {*CALL_TYPES, "*"}, f"{owner}.{field}")
        self.assertEqual(set(self.schema["properties"]["type"]["enum"]), set(CALL_TYPES))
