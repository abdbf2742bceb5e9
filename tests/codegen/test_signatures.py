"""The signatures of the generated calls, read from their source: what the type checker sees."""

import ast
import unittest
from typing import Any, get_args

from segment_codegen.reserved import CALL_FIELDS
from semantic_events.calls import CallType, ClientCalls, ScopeCalls
from semantic_events.wire import CALL_TYPES, FIELDS

from tests.sources import ROOT

SOURCE = ast.parse((ROOT / "generated" / "semantic_events" / "calls.py").read_text("utf-8"))
CLASSES = {node.name: node for node in SOURCE.body if isinstance(node, ast.ClassDef)}
NOT_SETTABLE = {"type", "event", "entity_gid", "partition", "received_at", "write_key"}
SETTABLE = set(FIELDS["SemanticEvent"]) - NOT_SETTABLE
SECOND = {"track": ["event_name"], "group": ["group_id"], "alias": ["previous_id"]}


def annotations(name: str) -> dict[str, str]:
    """Answer the keys of one of the TypedDicts and their annotations, those of its base too."""
    (base,) = map(ast.unparse, CLASSES[name].bases)
    own = {
        ast.unparse(node.target): ast.unparse(node.annotation)
        for node in CLASSES[name].body
        if isinstance(node, ast.AnnAssign)
    }
    return own if base == "TypedDict" else annotations(base) | own


class Client(ClientCalls[tuple[CallType, dict[str, object]]]):
    """A client that answers what its calls hand on."""

    def _call(self, call_type: CallType, fields: dict[str, object]) -> tuple[CallType, dict[str, object]]:
        return call_type, fields


class Scope(ScopeCalls[tuple[CallType, dict[str, object]]]):
    """A scope that answers what its calls hand on."""

    def _call(self, call_type: CallType, fields: dict[str, object]) -> tuple[CallType, dict[str, object]]:
        return call_type, fields


class SignaturesTest(unittest.TestCase):
    """The calls take every field that a client may set, each with its type."""

    def calls(self, name: str) -> dict[str, ast.arguments]:
        """Answer the parameters of each public method of a class."""
        methods = [node for node in CLASSES[name].body if isinstance(node, ast.FunctionDef)]
        return {node.name: node.args for node in methods if not node.name.startswith("_")}

    def test_every_field(self) -> None:
        """Each call has each settable field as a keyword, and what names its event, page or screen."""
        for name in ("ClientCalls", "ScopeCalls"):
            calls = self.calls(name)
            self.assertEqual(set(calls), set(CALL_TYPES))
            for call, arguments in calls.items():
                given = {each.arg for each in (*arguments.args, *arguments.kwonlyargs)} - {"self"}
                own = {"event_name"} | ({"name"} if call in {"page", "screen"} else set())
                own |= {"group_id"} if call == "group" else set()
                self.assertEqual(given, SETTABLE | own, call)

    def test_leading(self) -> None:
        """The root event is first and what names the call second; a scope needs neither."""
        for name, required in (("ClientCalls", True), ("ScopeCalls", False)):
            for call, arguments in self.calls(name).items():
                leading = [each.arg for each in arguments.args]
                self.assertEqual(leading, ["self", "root_event_gid", *SECOND.get(call, [])])
                self.assertEqual(len(arguments.defaults), 0 if required else len(leading) - 1)
                self.assertEqual({ast.unparse(each) for each in arguments.kw_defaults if each}, {"None"})
                self.assertNotIn(None, arguments.kw_defaults)

    def test_types(self) -> None:
        """Fields have the type of their schema, wider where the client converts."""
        (track,) = (args for call, args in self.calls("ClientCalls").items() if call == "track")
        found = {each.arg: ast.unparse(each.annotation) for each in track.kwonlyargs if each.annotation}
        expected = {
            "user_id": "str | None",
            "event_gid": "UUID | str | None",
            "timestamp": "dt.datetime | str | None",
            "properties": "Mapping[str, object] | None",
            "integrations": "Mapping[str, bool] | None",
            "metrics": "Mapping[str, float] | None",
            "commerce": "Commerce | CommerceDict | None",
            "context": "Context | ContextDict | Mapping[str, object] | None",
            "traits": "Traits | TraitsDict | Mapping[str, object] | None",
            "location": "Sequence[Location | LocationDict] | None",
            "importance": "int | None",
        }
        self.assertEqual({name: found[name] for name in expected}, expected)

    def test_passed_on(self) -> None:
        """An event passes on what its call takes but what it says itself; a scope holds no event's ids."""
        self.assertEqual(set(annotations("TrackFields")), SETTABLE - {"properties"})
        self.assertEqual(set(annotations("IdentifyFields")), SETTABLE - {"traits"} | {"event_name"})
        self.assertEqual(set(annotations("GroupFields")), SETTABLE - {"traits"} | {"event_name", "group_id"})
        for name in ("PageFields", "ScreenFields"):
            self.assertEqual(set(annotations(name)), SETTABLE - {"properties"} | {"event_name", "name"})
        self.assertEqual(set(annotations("BoundFields")), SETTABLE - {"event_gid", "message_id"})

    def test_reserved(self) -> None:
        """A plan's properties are kept apart from all keywords that its events pass to track."""
        self.assertEqual(set(annotations("TrackFields")), CALL_FIELDS)

    def test_handed_on(self) -> None:
        """A call hands on its type and what was given by name: any of the fields, none that is None."""

        root = "5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30"
        call_type, fields = Client().track(root, "Sent", user_id="u", account_id=None)
        self.assertEqual(call_type, "track")
        self.assertEqual(fields, {"root_event_gid": root, "event": "Sent", "user_id": "u"})
        every: dict[str, Any] = dict.fromkeys(SETTABLE - {"root_event_gid"}, 0)
        self.assertEqual(
            Client().track(root, "Sent", **every)[1], {**every, "root_event_gid": root, "event": "Sent"}
        )
        page = Client().page(root, name="Home", event_name="Seen")[1]
        self.assertEqual((page["name"], page["event"]), ("Home", "Seen"))
        self.assertEqual(Client().group(root, "g")[1]["group_id"], "g")
        self.assertEqual(Client().alias(root, "before")[1]["previous_id"], "before")
        self.assertEqual(Scope().track()[1], {})
        self.assertEqual(Scope().track(event_name="Sent")[1]["event"], "Sent")
        self.assertEqual(get_args(CallType), CALL_TYPES)


if __name__ == "__main__":
    unittest.main()
