"""A tracking plan's whole way: read, generated, imported, and its events sent."""

import json
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from pydantic import ValidationError
from segment_codegen.build import build_plan
from segment_codegen.cli import main
from segment_codegen.errors import SchemaError

from tests.codegen.plans import Node, PlanTest, public_plan, rule

TEXT: Node = {"type": "string"}
LINE: Node = {"type": "object", "properties": {"sku": TEXT, "gift": {"type": "boolean"}}, "required": ["sku"]}
ORDER = rule(
    "Order Completed",
    {
        "type": "object",
        "properties": {
            "order id": {**TEXT, "description": "The shop's own."},
            "coupon": {"type": ["string", "null"]},
            "total": {"type": "number", "minimum": 0},
            "lines": {"type": "array", "items": LINE},
        },
        "required": ["order id", "coupon"],
    },
    description="A customer paid.",
)


class SendTest(PlanTest):
    """What the methods of a plan's package send."""

    def test_track(self) -> None:
        """A method sends the event's exact name and its properties by their exact keys, as given."""
        events = self.events(ORDER)
        receipt = events.order_completed(
            order_id="a1",
            coupon=None,
            total=5,
            lines=[{"sku": "x"}],
            extra_properties={'"&<{{ }} 😀': [None]},
        )
        self.assertEqual(receipt.status, "delivered")
        properties = {"order id": "a1", "coupon": None, "total": 5, "lines": [{"sku": "x"}]}
        expected = {"type": "track", "event": "Order Completed"}
        self.assertEqual(self.sent(), [{**expected, "properties": {**properties, '"&<{{ }} 😀': [None]}}])

    def test_names(self) -> None:
        """An event's name reaches the wire byte for byte, whatever is in it, by a callable method."""
        names = [
            '2FA "Page" Viewed',
            "class",
            "None",
            "__init__",
            "{{ x }} <&>'",
            "😀",
            "Заказ",
            "a\nb\\",
            '"""',
        ]
        events = self.events(*(rule(name, {"type": "object"}) for name in names))
        methods = [name for name in dir(events) if not name.startswith("_")]
        for method in methods:
            getattr(events, method)()
        self.assertEqual(sorted(each["event"] for each in self.sent()), sorted(names))
        self.assertLessEqual({"event_2fa_page_viewed", "class_event", "init", "заказ"}, set(methods))

    def test_calls(self) -> None:
        """Each type of rule makes its own call: traits on identify and group, names on page and screen."""
        closed = {"type": "object", "properties": {"plan": TEXT}, "additionalProperties": False}
        kinds = {"IDENTIFY": "", "GROUP": "", "PAGE": "Home", "SCREEN": ""}
        events = self.events(*(rule(name, closed, kind=kind) for kind, name in kinds.items()))
        events.identify(plan="free")
        events.group(group_id="g", plan="team")
        events.page_home(plan="p")
        events.screen(name="Cart", plan="s")
        self.assertEqual(
            self.sent(),
            [
                {"type": "identify", "traits": {"plan": "free"}},
                {"type": "group", "groupId": "g", "traits": {"plan": "team"}},
                {"type": "page", "name": "Home", "properties": {"plan": "p"}},
                {"type": "screen", "name": "Cart", "properties": {"plan": "s"}},
            ],
        )

    def test_refused(self) -> None:
        """What the plan refuses raises, and nothing is sent."""
        events = self.events(ORDER)
        good = {"order_id": "a1", "coupon": None}
        wrong: tuple[Node, ...] = (
            {"order_id": None},
            {"order_id": 1},
            {"total": None},
            {"total": -1},
            {"total": float("nan")},
            {"lines": [{"gift": True}]},
        )
        for each in wrong:
            with self.subTest(each), self.assertRaises(ValidationError):
                events.order_completed(**{**good, **each})
        with self.assertRaisesRegex(ValueError, "holds 'order id': pass it by the keyword"):
            events.order_completed(**good, extra_properties={"order id": "b"})
        for extra in (None, ["a"]):
            with self.assertRaisesRegex(TypeError, "^extra_properties is .*: pass a dict"):
                events.order_completed(**good, extra_properties=extra)
        with self.assertRaises(TypeError):
            events.order_completed(coupon=None)
        self.assertEqual(self.sent(), [])

    def test_recursive(self) -> None:
        """An object that holds itself is checked to any depth."""
        node: Node = {"type": "object", "properties": {"next": {"$ref": "#/definitions/Node"}, "id": TEXT}}
        tree = {"type": "object", "properties": {"root": {"$ref": "#/definitions/Node"}}}
        events = self.events(rule("Tree Cut", tree, definitions={"Node": node}))
        events.tree_cut(root={"next": {"next": {"id": "leaf"}}})
        with self.assertRaises(ValidationError):
            events.tree_cut(root={"next": {"next": {"id": 1}}})

    def test_collisions(self) -> None:
        """Names that collide in Python stay apart, and the one spelled so on the wire has the plain name."""
        wires = ["site id", "site_id", "siteId", "class", "class_property", "user_id"]
        events = self.events(
            rule("Seen", {"type": "object", "properties": {wire: {"enum": [wire]} for wire in wires}})
        )
        keywords = {each["method"]: each["properties"] for each in json.loads(self.read("catalogue.json"))}[
            "seen"
        ]
        self.assertEqual(
            {wire: keywords[wire] for wire in ("site_id", "siteId", "class_property", "user_id")},
            {
                "site_id": "site_id",
                "siteId": "siteId",
                "class_property": "class_property",
                "user_id": "user_id_property",
            },
        )
        events.seen(**{keyword: wire for wire, keyword in keywords.items()})
        self.assertEqual(self.sent()[0]["properties"], {wire: wire for wire in wires})

    def test_classes(self) -> None:
        """Objects whose classes would be called the same are kept apart, in one event and in two."""
        inner = {
            "type": "object",
            "properties": {
                "a b": {**LINE},
                "a-b": {"type": "object", "properties": {"sku": {"enum": ["x"]}}},
            },
        }
        events = self.events(rule("v 1", inner), rule("v1", {"type": "object", "properties": {"a b": LINE}}))
        keywords = {each["method"]: each["properties"] for each in json.loads(self.read("catalogue.json"))}
        events.v_1(**{keywords["v_1"]["a b"]: {"sku": "y"}, keywords["v_1"]["a-b"]: {"sku": "x"}})
        events.v1(a_b={"sku": "z"})
        with self.assertRaises(ValidationError):
            events.v_1(**{keywords["v_1"]["a-b"]: {"sku": "y"}})
        self.assertEqual([each["event"] for each in self.sent()], ["v 1", "v1"])

    def read(self, name: str) -> str:
        """Answer the text of a generated file."""
        return (self.folder / f"plan_{id(self)}" / name).read_text("utf-8")


class RefusedTest(PlanTest):
    """What no package is made of."""

    def refused(self, root: Node) -> list[tuple[str, str]]:
        """Answer the rule and the pointer of each problem."""
        with self.assertRaises(SchemaError) as caught:
            build_plan(self.write("plan.json", root))
        return [(each.rule, each.pointer) for each in caught.exception.diagnostics]

    def test_no_plan(self) -> None:
        """A file that is no plan is refused, with the formats that are known."""
        roots: tuple[Node, ...] = (
            {},
            {"rules": {}},
            {"rules": [{"key": "a"}]},
            {"name": "x", "type": "array"},
        )
        for root in roots:
            self.assertEqual(self.refused(root), [("no-plan", "")])

    def test_all_at_once(self) -> None:
        """Every problem of every rule is reported, with its name and where the plan has it."""
        properties = {
            "a": {"$dynamicRef": "#x"},
            "b": {"$ref": "#/definitions/none"},
            "d": {"type": "string", "pattern": r"\p{L}"},
            "e~/": {"type": "array", "items": {"$recursiveRef": "#"}},
        }
        bad = rule("Bad", {"type": "object", "properties": properties, "required": ["g"]})
        at = "/rules/1/jsonSchema/properties/properties"
        self.assertEqual(
            self.refused(public_plan({**ORDER, "type": "ALIAS"}, bad)), [("rule-type", "/rules/0/type")]
        )
        self.assertEqual(
            self.refused(public_plan(ORDER, bad)),
            [
                ("unsupported-keyword", f"{at}/properties/a/$dynamicRef"),
                ("lost-reference", f"{at}/properties/b/$ref"),
                ("unsupported-pattern", f"{at}/properties/d/pattern"),
                ("unsupported-keyword", f"{at}/properties/e~0~1/items/$recursiveRef"),
            ],
        )

    def test_endless(self) -> None:
        """A reference that leads back to itself without a step into the value is refused."""
        for loop in ({"$ref": "#/definitions/A"}, {"allOf": [{"$ref": "#/definitions/A"}]}):
            tree = {"type": "object", "properties": {"a": {"$ref": "#/definitions/A"}}}
            found = self.refused(public_plan(rule("Tree", tree, definitions={"A": loop})))
            self.assertEqual({rule for rule, _ in found}, {"endless-reference"})


class CommandTest(PlanTest):
    """The command with `--plan`."""

    def test_generate_and_check(self) -> None:
        """`generate` writes the package into the named folder, and `check` holds it against the plan."""
        plan, out = self.write("plan.json", public_plan(ORDER)), self.folder / "app" / "analytics"
        arguments = ["--plan", str(plan), "--out", str(out)]
        with redirect_stderr(StringIO()):
            self.assertEqual(main(["generate", *arguments]), 0)
            self.assertEqual(main(["check", *arguments]), 0)
        self.assertEqual(
            sorted(each.name for each in (out / "event_models").glob("o*")), ["order_completed.py"]
        )

    def test_not_generated(self) -> None:
        """`check` says of a package that is not there how to make it, and prints no diff from nothing."""
        plan, out = self.write("plan.json", public_plan(ORDER)), self.folder / "my app"
        with redirect_stdout(StringIO()) as printed, redirect_stderr(StringIO()) as said:
            self.assertEqual(main(["check", "--plan", str(plan), "--out", str(out)]), 1)
        again = f"segment-codegen generate --plan {plan.as_posix()} --out '{out.as_posix()}'"
        told = f"{out.as_posix()} does not exist: run {again} and commit the result\n"
        self.assertEqual((printed.getvalue(), said.getvalue()), ("", told))

    def test_no_folder(self) -> None:
        """A plan without `--out` is refused with a hint, and nothing is written."""
        plan = self.write("plan.json", public_plan(ORDER))
        with redirect_stderr(StringIO()) as said:
            self.assertEqual(main(["generate", "--plan", str(plan)]), 2)
        self.assertIn("--out app/analytics", said.getvalue())


if __name__ == "__main__":
    unittest.main()
