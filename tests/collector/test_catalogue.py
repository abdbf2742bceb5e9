"""Events held against a catalogue: what it warns of, and what it rejects where it is strict."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from segment_client.collector import Collector
from segment_client.errors import InvalidValueError
from tests.collector.support import WRITE_KEY, CollectorCase, track
from tests.sources import ROOT

_GID = "5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30"
SHOP = str(ROOT / "tests" / "codegen" / "golden" / "shop")
ARTICLE = {"article_id": "a1", "title": "How", "word_count": 350, "published": True}
ORDER = {
    "coupon": None,
    "lines": [{"quantity": 1, "sku": "s1"}],
    "order id": "o1",
    "total": 9.5,
    "currency": "EUR",
}


def article(message_id: str, **properties: object) -> dict[str, Any]:
    """Return an event of the project's own catalogue."""
    return track(message_id, event="Article Completed", properties={**ARTICLE, **properties})


def order(message_id: str, **properties: object) -> dict[str, Any]:
    """Return an event of the shop's plan."""
    return track(message_id, event="Order Completed", properties={**ORDER, **properties})


def semantic(message_id: str, event: str, properties: dict[str, str]) -> dict[str, Any]:
    """Return a SemanticEvent."""
    return {
        "type": "track",
        "event": event,
        "message_id": message_id,
        "user_id": "ada",
        "entity_gid": _GID,
        "event_gid": _GID,
        "root_event_gid": _GID,
        "partition": "p",
        "timestamp": "2026-01-31T09:30:00Z",
        "properties": properties,
    }


class WarnedCase(CollectorCase):
    """A test case that looks at the warnings of a call."""

    def warnings(self, call: dict[str, Any]) -> list[dict[str, str]]:
        """Take a call and return what is warned of."""
        self.assert_success(self.post("/v1/event", call))
        message_id = call.get("messageId") or call["message_id"]
        found: list[dict[str, str]] = self.get(f"/api/events/{message_id}/call")["warnings"]
        return found

    def paths(self, call: dict[str, Any]) -> list[tuple[str, str]]:
        """Take a call and return the place and kind of each warning."""
        return [(each["path"], each["type"]) for each in self.warnings(call)]


class OwnEvents(WarnedCase):
    """The project's own events, which count where no catalogue is named."""

    def test_as_declared(self) -> None:
        """An event as its schema has it, and one of an unknown name, are not warned of."""
        self.assertEqual(self.warnings(article("m1")), [])
        self.assertEqual(self.warnings(track("m2", event="Anything Else")), [])
        self.assertEqual(self.get("/api/warnings"), {"warnings": [], "next": None})

    def test_wrong(self) -> None:
        """A wrong type, a missing and an unknown property are warnings that say what is expected there."""
        call = article("m1", word_count="many", colour="red")
        del call["properties"]["title"]
        found = {each["path"]: each for each in self.warnings(call)}
        self.assertEqual(
            {path: (each["type"], each.get("expected")) for path, each in found.items()},
            {
                "properties.word_count": ("int_type", "integer, at least 0"),
                "properties.title": ("missing", "string"),
                "properties.colour": ("extra_forbidden", None),
            },
        )
        self.assertNotIn("many", str(found))

    def test_text(self) -> None:
        """Text satisfies a declared number, boolean or list when it parses as one."""
        text = {"word_count": "350", "published": "True", "reading_time_seconds": "94.5"}
        self.assertEqual(self.warnings(article("m1", **text)), [])
        self.assertEqual(self.warnings(article("m2", published="false", word_count="0")), [])
        lines = '[{"price": "2.5", "product_id": "12", "quantity": 1}]'
        bought = {"currency": "EUR", "order_id": "12", "products": lines, "total": "2.5"}
        self.assertEqual(self.warnings(track("m3", event="Order Completed", properties=bought)), [])

    def test_text_that_is_none(self) -> None:
        """Text that parses as something else, or as a value out of limits, is warned of as such."""
        self.assertEqual(
            self.paths(article("m1", word_count="-5")), [("properties.word_count", "greater_than_equal")]
        )
        self.assertEqual(self.paths(article("m2", published="5")), [("properties.published", "bool_type")])
        self.assertEqual(self.paths(article("m3", word_count="5.5")), [("properties.word_count", "int_type")])

    def test_semantic(self) -> None:
        """A SemanticEvent, whose properties are all text, is held against the same schema."""
        properties = {"article_id": "1", "title": "2", "word_count": "350", "published": "True"}
        event = semantic("m1", "Article Completed", properties)
        self.assertEqual(self.warnings(event), [])
        del properties["published"]
        self.assertEqual(self.paths({**event, "message_id": "m2"}), [("properties.published", "missing")])

    def test_shown(self) -> None:
        """A warned event is counted, is found by has:warning, and stands in the lists with its warnings."""
        self.post("/v1/batch", {"batch": [article("m1", word_count="x"), article("m2"), article("m1")]})
        counts = self.get("/api/stats")
        self.assertEqual((counts["received"], counts["stored"], counts["warned"]), (3, 2, 1))
        (row,) = self.get("/api/calls?q=has:warning")["calls"]
        self.assertEqual(
            (row["accepted"], row["issues"], row["first"]["path"]), (True, 1, "properties.word_count")
        )
        self.assertEqual(self.get(f"/api/calls/{row['seq']}")["issues"], [row["first"]])
        (warned,) = self.get("/api/warnings")["warnings"]
        self.assertEqual((warned["message_id"], warned["warnings"]), ("m1", [row["first"]]))


class Plan(WarnedCase):
    """A package of a tracking plan, named by its folder."""

    options: ClassVar = {"write_key": WRITE_KEY, "catalogue": SHOP}

    def test_unknown(self) -> None:
        """An event that the plan does not have is warned of, with the name that is nearest."""
        (found,) = self.warnings(track("m1", event="Order Complete"))
        self.assertEqual(
            (found["path"], found["type"], found["expected"]), ("event", "unknown_event", "Order Completed")
        )
        self.assertIn('did you mean "Order Completed"?', found["message"])

    def test_checks(self) -> None:
        """What only the checks of a plan hold is warned of: here a total that lacks its currency."""
        self.assertEqual(self.warnings(order("m1")), [])
        call = order("m2", total="9.5", user_id="7")
        self.assertEqual(self.warnings(call), [])
        del call["properties"]["currency"]
        self.assertEqual(self.paths({**call, "messageId": "m3"}), [("properties.currency", "missing")])

    def test_nested(self) -> None:
        """A wrong value in a list of objects is named by its whole path."""
        self.assertEqual(
            self.warnings(order("m1", lines=[{"quantity": 0, "sku": "s"}]))[0]["path"],
            "properties.lines.0.quantity",
        )

    def test_traits(self) -> None:
        """What the plan says of identify and of a page's name is held against those calls."""
        call = track("m1", type="identify", traits={"plan": 5})
        self.assertEqual([path for path, _ in self.paths(call)], ["traits.plan"])

    def test_null(self) -> None:
        """A null that a SemanticEvent cannot say is not missing where the plan allows null."""
        properties = {key: str(value) for key, value in ORDER.items() if value is not None}
        event = semantic("m1", "Order Completed", {**properties, "lines": '[{"quantity": 1, "sku": "s"}]'})
        self.assertEqual(self.warnings(event), [])
        call = order("m2")
        del call["properties"]["coupon"]
        self.assertEqual(self.paths(call), [("properties.coupon", "missing")])


class Strict(CollectorCase):
    """A strict collector."""

    options: ClassVar = {"write_key": WRITE_KEY, "strict": True}

    def test_rejected(self) -> None:
        """What would be a warning is a rejection, and the events beside it are stored."""
        problem = self.assert_problem(
            self.post("/v1/track", article("m1", word_count="x")), 400, "invalid_event"
        )
        self.assertEqual(problem["errors"][0]["path"], "properties.word_count")
        self.assert_success(self.post("/v1/batch", {"batch": [track("m2"), article("m3")]}))
        self.assertEqual(self.message_ids(), ["m3"])
        kinds = [call["errors"][0]["type"] for call in self.get("/api/rejected")["rejected"]]
        self.assertEqual(kinds, ["unknown_event", "int_type"])


class Packages(CollectorCase):
    """What can be named as a catalogue."""

    def test_none(self) -> None:
        """What is no generated package is refused with what to do."""
        with TemporaryDirectory() as folder:
            Path(folder, "catalogue.json").write_text("{}")
            for name in ("no_such_module", "json", "", folder):
                with (
                    self.subTest(name=name),
                    self.assertRaisesRegex(InvalidValueError, "segment-codegen generate"),
                ):
                    Collector(catalogue=name)
