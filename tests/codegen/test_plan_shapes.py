"""Every format of a tracking plan says the same in its own way, and so gives the same code."""

import inspect
import unittest

from segment_codegen.build import build_plan
from segment_codegen.errors import SchemaError
from segment_codegen.given import Given
from segment_codegen.named import named
from segment_codegen.plans.detect import read_plan
from segment_codegen.shape import shape

from tests.codegen.plan_shapes import SHAPES, Node, Said, config, public, rudder_v2
from tests.codegen.plans import PlanTest

TEXT: Node = {"type": "string"}
LINE: Node = {
    "type": "object",
    "properties": {"sku": {"type": ["string", "null"]}, "in": {"$ref": "#/definitions/Box"}},
    "required": ["sku"],
}
ORDER = Said(
    "Order #1 Completed",
    {
        "type": "object",
        "properties": {
            "order id": {**TEXT, "description": "The shop's own."},
            "a b": {"type": "array", "items": LINE},
            "a-b": {"type": "object", "properties": {"x": TEXT}},
            "box": {"$ref": "#/definitions/Box"},
        },
        "required": ["order id"],
    },
    doc="A customer paid.",
    definitions={"Box": {"type": "object", "properties": {"of": {"$ref": "#/definitions/Box"}, "w": {}}}},
)
SEEN = Said("Seen", {"type": "object", "properties": {}}, version=2)
FREE = Said("", {"type": "object", "properties": {"plan": TEXT}}, type="identify", version=None)
TEAM = Said("", {"type": "object", "properties": {"name": TEXT}}, type="group", version=None)
EVENTS = (ORDER, SEEN, FREE, TEAM)


class ShapeTest(PlanTest):
    """One plan in five formats."""

    def test_bytes(self) -> None:
        """Each format gives a package of the same bytes."""
        packages = {name: self.built(make(EVENTS)) for name, make in SHAPES.items()}
        self.assertIn("event_models/order_1_completed.py", packages["public"])
        for name, files in packages.items():
            with self.subTest(name):
                self.assertEqual(files, packages["public"])

    def test_calls(self) -> None:
        """The events of each format are sent by their exact names, from methods of the same names."""
        events = self.imported(self.built(rudder_v2(EVENTS))).Events(self.scope)
        events.order_1_completed(order_id="o")
        events.identify(plan="free")
        events.group(group_id="g", name="Team")
        self.assertEqual(
            self.sent(),
            [
                {"type": "track", "event": "Order #1 Completed", "properties": {"order id": "o"}},
                {"type": "identify", "traits": {"plan": "free"}},
                {"type": "group", "groupId": "g", "traits": {"name": "Team"}},
            ],
        )

    def test_plan(self) -> None:
        """Each format says by its own words what the plan is."""
        for name, make in SHAPES.items():
            plan = read_plan(self.write("plan.json", make(EVENTS)))
            with self.subTest(name):
                self.assertEqual(
                    (plan.id, plan.name, plan.version), ("rs_1", "Shop", "2024-05-06T07:08:09.000Z")
                )

    def test_answers(self) -> None:
        """The answer of the Public API is read as it was saved, but not one page of several."""
        answer = {"data": {"rules": public(EVENTS)["rules"], "pagination": {"current": "a", "next": None}}}
        self.assertEqual(self.built(answer), self.built({"rules": public(EVENTS)["rules"]}))
        answer["data"]["pagination"]["next"] = "b"
        with self.assertRaises(SchemaError) as caught:
            self.built(answer)
        (problem,) = caught.exception.diagnostics
        self.assertEqual((problem.rule, problem.pointer), ("more-pages", "/data/pagination"))

    def test_identity_section(self) -> None:
        """RudderStack's traits may stand in the context; the call that sends them is the same."""
        plan = rudder_v2([FREE])
        (event,) = plan["events"]
        traits = event["rules"]["properties"].pop("traits")
        event["rules"]["properties"]["context"] = {"type": "object", "properties": {"traits": traits}}
        event["identitySection"] = "context.traits"
        self.assertEqual(self.built(plan), self.built(public([FREE])))
        for wrong in ("properties", "context", None, ["traits"]):
            event["identitySection"] = wrong
            with self.subTest(wrong), self.assertRaises(SchemaError) as caught:
                self.built(plan)
            (problem,) = caught.exception.diagnostics
            self.assertEqual(
                (problem.rule, problem.pointer), ("identity-section", "/events/0/identitySection")
            )

    def test_traits(self) -> None:
        """The Config API's traits are read where they are a schema; a list of them has no known form."""
        plan = config([SEEN])
        plan["rules"]["identify_traits"] = {"name": "", "rules": FREE.envelope}
        self.assertEqual(self.built(plan), self.built(config([SEEN, FREE])))
        plan["rules"]["identify_traits"] = [{"name": "plan"}]
        with self.assertRaises(SchemaError) as caught:
            self.built(plan)
        (problem,) = caught.exception.diagnostics
        self.assertEqual((problem.rule, problem.pointer), ("unread-traits", "/rules/identify_traits"))

    def built(self, root: Node) -> dict[str, str]:
        """Generate the package of a plan in memory."""
        return dict(build_plan(self.write("plan.json", root)).files)


class VersionTest(PlanTest):
    """Several versions of one event."""

    def versions(self, *deprecated: int) -> dict[str, tuple[int, bool]]:
        """Answer the version and the deprecation behind each method of an event with three versions."""
        schema = {"type": "object", "properties": {"a": TEXT}}
        plan = public([Said("Paid", schema, version=each) for each in (10, 9, 1)])
        for each in plan["rules"]:
            if each["version"] in deprecated:
                each["deprecatedAt"] = "2024-01-01T00:00:00.000Z"
        shaped = shape(read_plan(self.write("plan.json", plan))).events
        events, _ = named(shaped, Given(), ())
        return {str(each.method): (int(each.version), each.deprecated) for each in events}

    def test_latest(self) -> None:
        """The latest version has the plain method; each older one has its version in the name."""
        self.assertEqual(self.versions(), {"paid": (10, False), "paid_v1": (1, False), "paid_v9": (9, False)})

    def test_deprecated(self) -> None:
        """A deprecated version is current only where all are."""
        self.assertEqual(
            self.versions(10), {"paid": (9, False), "paid_v1": (1, False), "paid_v10": (10, True)}
        )
        self.assertEqual(
            self.versions(1, 9, 10), {"paid": (10, True), "paid_v1": (1, True), "paid_v9": (9, True)}
        )

    def test_never(self) -> None:
        """Segment's time for never, and a time that is left out, deprecate nothing."""
        for never in ("0001-01-01T00:00:00.000Z", "0001-01-01T00:00:00+00:00", "", None):
            plan = public([SEEN])
            plan["rules"][0]["deprecatedAt"] = never
            (rule,) = read_plan(self.write("plan.json", plan)).rules
            self.assertFalse(rule.deprecated, never)

    def test_sent(self) -> None:
        """Each version's method says which it is, checks that version's properties and sends the one name."""
        old = {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False}
        new = {"type": "object", "properties": {"b": TEXT}, "additionalProperties": False}
        plan = public([Said("Paid", old), Said("Paid", new, version=2)])
        events = self.imported(dict(build_plan(self.write("plan.json", plan)).files)).Events(self.scope)
        events.paid(b="x")
        events.paid_v1(a="x")
        self.assertEqual(
            self.sent(),
            [{"type": "track", "event": "Paid", "properties": {key: "x"}} for key in ("b", "a")],
        )
        doc = str(inspect.getdoc(events.paid))
        self.assertEqual(doc.splitlines()[0], "Sent by `track` as 'Paid', version 2.")
        self.assertEqual(
            str(inspect.getdoc(events.paid_v1)).splitlines()[0],
            "Version 1, which is not the current one. Sent by `track` as 'Paid', version 1.",
        )

    def test_folder(self) -> None:
        """A schema's version is what it says, what `self` says, or its file's name in the event's folder."""
        schema = {"type": "object", "properties": {}}
        self.write("s/a/1-0-9.json", schema)
        self.write("s/a/v1-0-10.json", schema)
        self.write("s/a/any.json", {**schema, "x-event": "a", "x-version": "0.9"})
        self.write("s/b.json", {**schema, "self": {"vendor": "v", "name": "b", "version": "2-0-0"}})
        rules = read_plan(self.folder / "s").rules
        self.assertEqual(
            [(each.name, each.version, each.is_current) for each in rules],
            [("a", "0.9", False), ("a", "1-0-9", False), ("a", "1-0-10", True), ("b", "2-0-0", True)],
        )

    def test_repeated(self) -> None:
        """One version of an event that is described twice is refused, with both places."""
        plan = public([SEEN, ORDER, SEEN])
        with self.assertRaises(SchemaError) as caught:
            read_plan(self.write("plan.json", plan))
        (problem,) = caught.exception.diagnostics
        self.assertEqual(problem.rule, "repeated-event")
        self.assertEqual(problem.pointer, "/rules/2/jsonSchema/properties/properties")
        self.assertIn("#/rules/0/jsonSchema/properties/properties too", problem.message)


if __name__ == "__main__":
    unittest.main()
