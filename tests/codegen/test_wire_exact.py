"""What a plan's package sends, as a server receives it: names and keys byte for byte, in both formats."""

import json
import unittest
from typing import Any

from segment_client import SegmentClient
from segment_client.testing import FakeServer
from tests.codegen.plans import GID, Node, PlanTest, rule

TEXT: Node = {"type": "string"}
HOSTILE = (
    '"',
    "'",
    "a&b",
    "<b>",
    "{{ 1 }}",
    "{% x %}",
    "😀",
    " spaces ",
    "a  b",
    "tab\t",
    "line\nbreak",
    "back\\slash",
    "\\u0041",
    "$ref",
    "a.b",
    "a/b~c",
    "e\u0301",
    "\u00e9",
    "ﬁ",
    "\x00",
    "\u202e",
    "İ",
    "__proto__",
    "url",
    "name",
    "user_id",
    "firstName",
    "first_name",
)
KINDS = {
    "TRACK": ("track", "properties"),
    "PAGE": ("page", "properties"),
    "SCREEN": ("screen", "properties"),
    "IDENTIFY": ("identify", "traits"),
    "GROUP": ("group", "traits"),
}


class ServerTest(PlanTest):
    """Events of a plan through a client over HTTP."""

    def received(self, events: list[Node], wire: Any, given: Node) -> list[Node]:
        """Send each event of a plan with the values of these keys; answer what the server has received."""
        package = self.imported(self.files(*events))
        index = json.loads(self.files(*events)["catalogue.json"])
        with (
            FakeServer() as server,
            SegmentClient("key", GID, "test", server.url, wire=wire, typed_properties=True) as client,
        ):
            made = package.Events(client.bind(root_event_gid=GID, user_id="u"))
            for each in index:
                own = {"group_id": "g"} if each["type"] == "group" else {}
                keywords = {each["properties"][key]: value for key, value in given.items()}
                getattr(made, each["method"])(**own, **keywords)
            return [event for each in server.requests for event in each.events]

    def test_keys(self) -> None:
        """Every property key arrives byte for byte in the segment format, whichever the call."""
        schema = {"type": "object", "properties": dict.fromkeys(HOSTILE, TEXT), "additionalProperties": False}
        given = {key: f"value of {key}" for key in HOSTILE}
        events = [rule("E" if kind == "TRACK" else "", schema, kind=kind) for kind in KINDS]
        found = self.received(events, "segment", given)
        self.assertEqual({each["type"] for each in found}, {kind for kind, _ in KINDS.values()})
        sections = dict(KINDS.values())
        for each in found:
            with self.subTest(each["type"]):
                self.assertEqual(each[sections[each["type"]]], given)

    def test_keys_semantic(self) -> None:
        """In the semantic format too, where properties are text."""
        schema = {"type": "object", "properties": dict.fromkeys(HOSTILE, TEXT), "additionalProperties": False}
        given = {key: f"value of {key}" for key in HOSTILE}
        (found,) = self.received([rule("E", schema)], "semantic", given)
        self.assertEqual(found["properties"], given)

    def test_names(self) -> None:
        """Every event name arrives byte for byte, in both formats."""
        for wire in ("segment", "semantic"):
            for kind, key in (("TRACK", "event"), ("PAGE", "name"), ("SCREEN", "name")):
                names = [name for name in HOSTILE if name.strip()]
                found = self.received([rule(name, {}, kind=kind) for name in names], wire, {})
                is_top = kind == "TRACK" or wire == "segment"
                holders = found if is_top else [each[each["type"]] for each in found]
                with self.subTest(wire=wire, kind=kind):
                    self.assertEqual(sorted(each[key] for each in holders), sorted(names))

    def test_four_kinds(self) -> None:
        """Required and optional, nullable and not, are four things: absent is absent and null is null."""
        nullable = {"type": ["string", "null"]}
        schema = {
            "type": "object",
            "properties": {"need": TEXT, "need null": nullable, "may": TEXT, "may null": nullable},
            "required": ["need", "need null"],
        }
        events = [rule("E" if kind == "TRACK" else "", schema, kind=kind) for kind in KINDS]
        sections = dict(KINDS.values())
        for given in ({"need": "", "need null": None}, {"need": "x", "need null": "y", "may null": None}):
            for each in self.received(events, "segment", given):
                with self.subTest(each["type"], given=given):
                    self.assertEqual(each[sections[each["type"]]], given)


if __name__ == "__main__":
    unittest.main()
