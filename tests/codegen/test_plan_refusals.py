"""What is said of files that are no tracking plan, of rules that cannot be read, and of limits on a call."""

from segment_codegen.errors import Diagnostic, SchemaError
from segment_codegen.plans.detect import read_plan

from tests.codegen.plan_shapes import Node, Said, config, public, rudder_v2
from tests.codegen.plans import PlanTest

SEEN = Said("Seen", {"type": "object", "properties": {"a": {"type": "string"}}})
WHERE = "/rules/0/jsonSchema"


class RefusalTest(PlanTest):
    """Plans that are refused."""

    def refused(self, root: Node) -> tuple[Diagnostic, ...]:
        """Answer what is said of a plan that is refused."""
        with self.assertRaises(SchemaError) as caught:
            read_plan(self.write("plan.json", root))
        return caught.exception.diagnostics

    def said(self, root: Node) -> list[tuple[str, str]]:
        """Answer the rule and the pointer of each error."""
        return [(each.rule, each.pointer) for each in self.refused(root)]

    def test_no_plan(self) -> None:
        """A file of no known format is refused with what it holds, and with all that was looked for."""
        roots: tuple[Node, ...] = (
            {},
            {"rules": {}},
            {"rules": []},
            {"rules": [{"key": "a"}]},
            {"events": ["a"]},
            {"data": {}},
        )
        for root in roots:
            (problem,) = self.refused(root)
            with self.subTest(root):
                self.assertEqual((problem.rule, problem.pointer), ("no-plan", ""))
                held = ", ".join(map(repr, root)) or "nothing"
                self.assertEqual(problem.message, f"the file is no tracking plan: at its root it has {held}")
                for words in ("Public API", "Typewriter", "Config API v1", "RudderStack", "JSON Schema"):
                    self.assertIn(words, problem.hint)

    def test_near(self) -> None:
        """Answers of the APIs that hold no rules are told by what they are, with the one to save instead."""
        self.assertEqual(self.said({"data": {"trackingPlan": {"id": "tp_1"}}}), [("no-plan", "/data")])
        for word in ("tracking_plans", "trackingPlans"):
            self.assertEqual(self.said({word: [config([SEEN])]}), [("no-plan", f"/{word}")])

    def test_schema(self) -> None:
        """The folder of a whole schema is refused with the option that takes it, and where its events are."""
        self.write("schema/semantic_event.schema.json", {"type": "object"})
        self.write("schema/events/a.schema.json", {"type": "object", "properties": {}})
        with self.assertRaises(SchemaError) as caught:
            read_plan(self.folder / "schema")
        (problem,) = caught.exception.diagnostics
        folder = (self.folder / "schema").as_posix()
        self.assertEqual(problem.rule, "no-plan")
        self.assertIn(f"--schema {folder}, or for its events alone --plan {folder}/events", problem.hint)

    def test_empty(self) -> None:
        """A plan without events is refused, whatever its format."""
        common = {"type": "COMMON", "key": None, "jsonSchema": {"required": ["context"]}}
        roots: tuple[Node, ...] = (
            config([]),
            {"rules": {"events": [], "identify": {}}},
            {**public([]), "rules": [common]},
        )
        for root in roots:
            with self.subTest(root):
                self.assertIn("empty-plan", [each.rule for each in self.refused(root)])

    def test_in_folder(self) -> None:
        """A whole plan among the schemas of a folder is refused, with how it is named by itself."""
        self.write("s/a.json", SEEN.schema)
        file = self.write("s/plan.json", rudder_v2([SEEN]))
        with self.assertRaises(SchemaError) as caught:
            read_plan(self.folder / "s")
        (problem,) = caught.exception.diagnostics
        self.assertEqual((problem.rule, problem.file), ("plan-in-folder", file.as_posix()))
        self.assertIn(f"--plan {file.as_posix()}", problem.hint)

    def test_rules(self) -> None:
        """Every rule that cannot be read is reported, by the words of its format, in one go."""
        good = public([SEEN])["rules"][0]
        broken: tuple[tuple[object, str, str], ...] = (
            ("Seen", "rule-type", ""),
            ({**good, "type": "ALIAS"}, "rule-type", "/type"),
            ({**good, "key": ""}, "event-name", "/key"),
            ({**good, "key": None}, "event-name", "/key"),
            ({**good, "key": 1}, "event-name", "/key"),
            ({**good, "version": True}, "event-version", "/version"),
            ({**good, "version": 1.5}, "event-version", "/version"),
            ({**good, "jsonSchema": "{}"}, "no-schema", "/jsonSchema"),
            ({**good, "jsonSchema": {"properties": []}}, "envelope", "/jsonSchema/properties"),
            (
                {**good, "jsonSchema": {"properties": {"properties": False}}},
                "no-schema",
                "/jsonSchema/properties/properties",
            ),
        )
        for rule, name, pointer in broken:
            with self.subTest(rule):
                self.assertEqual(self.said({"rules": [good, rule]}), [(name, f"/rules/1{pointer}")])
        self.assertEqual(len(self.refused({"rules": [each[0] for each in broken]})), len(broken))

    def test_schemas(self) -> None:
        """A schema that names its event or call wrongly is refused."""
        for word, value, name in (
            ("x-event", 1, "event-name"),
            ("x-event", "", "event-name"),
            ("x-version", 1, "event-name"),
            ("x-type", "alias", "rule-type"),
        ):
            with self.subTest(value):
                self.assertEqual(self.said({**SEEN.schema, word: value}), [(name, f"/{word}")])


class CallTest(PlanTest):
    """Limits on a call that are no limits on the event's own properties or traits."""

    def notes(self, **envelope: object) -> list[tuple[str, str]]:
        """Answer the rule and the pointer of each note on a track event in such an envelope."""
        root = public([SEEN])
        root["rules"][0]["jsonSchema"] = {**SEEN.envelope, **envelope}
        plan = read_plan(self.write("plan.json", root))
        self.assertEqual({each.severity for each in plan.notes} - {"note"}, set())
        return [(each.rule, each.pointer) for each in plan.notes]

    def test_silent(self) -> None:
        """What every call fulfils needs no note."""
        parts = {
            "context": {"type": ["object"], "properties": {"traits": {}}, "required": []},
            "traits": True,
        }
        self.assertEqual(self.notes(), [])
        self.assertEqual(
            self.notes(
                properties={**parts, "properties": SEEN.schema},
                required=["type", "event", "properties"],
                additionalProperties=True,
                title="Seen",
                labels={"a": "b"},
            ),
            [],
        )

    def test_said(self) -> None:
        """A limit on another part, on what a call has, or on the call as a whole is a note at its place."""
        limited = {"properties": {"locale": {"type": "string"}}}
        own = {"properties": SEEN.schema}
        at = f"{WHERE}/properties/context"
        self.assertEqual(self.notes(properties={**own, "context": limited}), [("call-rule", at)])
        self.assertEqual(self.notes(properties={**own, "context": False}), [("call-rule", at)])
        self.assertEqual(self.notes(required=["userId"]), [("call-rule", f"{WHERE}/required")])
        self.assertEqual(self.notes(anyOf=[{}]), [("call-rule", f"{WHERE}/anyOf")])
        self.assertEqual(
            self.notes(additionalProperties=False), [("call-rule", f"{WHERE}/additionalProperties")]
        )

    def test_common(self) -> None:
        """A rule for the calls of all events is a note if it limits anything, in each format that has one."""
        limited = {"type": "object", "properties": {"context": {"required": ["ip"]}}}
        for node, count in ((limited, 1), (Said("", {"type": "object"}).envelope, 0)):
            common = {"type": "COMMON", "key": None, "jsonSchema": node}
            plans: list[Node] = [
                {"rules": [*public([SEEN])["rules"], common]},
                {"rules": {**config([SEEN])["rules"], "global": node}},
                {**rudder_v2([SEEN]), "global": node},
            ]
            for root in plans:
                notes = read_plan(self.write("plan.json", root)).notes
                with self.subTest(root):
                    self.assertEqual([each.rule for each in notes], ["common-rule"] * count)
