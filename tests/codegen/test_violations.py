"""What a plan's package does with what the plan refuses, and says of its origin."""

import logging
import unittest
import warnings
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from pydantic_core import MISSING

from tests.codegen.plans import Node, PlanTest, rule

TEXT: Node = {"type": "string"}
SECRET = "ada@example.com"
PAID = rule(
    "Paid",
    {
        "type": "object",
        "properties": {
            "total": {"type": "number", "minimum": 0},
            "to/~": {"type": ["string", "integer", "null"]},
            "email": {**TEXT, "x-pii": True, "maxLength": 3},
            "lines": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"sku": TEXT, "gift to": {"$ref": "#/definitions/Person"}},
                    "required": ["sku"],
                },
            },
            "by": {"$ref": "#/definitions/Person"},
            "kind": {"enum": [1, 2]},
        },
        "required": ["total"],
        "additionalProperties": False,
        "dependencies": {"kind": ["by"]},
    },
    definitions={
        "Person": {
            "type": "object",
            "properties": {"name": {**TEXT, "pii": True}, "age": {"type": "integer"}},
            "required": ["name"],
        }
    },
)


class PolicyTest(PlanTest):
    """`on_violation`."""

    def setUp(self) -> None:
        """Generate the package."""
        super().setUp()
        self.package = self.imported(self.files(PAID))

    def made(self, policy: Any) -> Any:
        """Answer events with a policy."""
        return self.package.Events(self.scope, on_violation=policy)

    def violations(self, answer: object = None, **given: Any) -> list[tuple[str, object]]:
        """Answer the pointers and values that a callable is told of one call."""
        told: list[Any] = []

        def tell(violation: Any) -> object:
            told.append(violation)
            return answer

        self.made(tell).paid(**given)
        self.assertEqual({each.event for each in told} - {"Paid"}, set())
        return [(each.pointer, each.value) for each in told]

    def test_raise(self) -> None:
        """By default a violation raises pydantic's ValidationError, of checks too, and nothing is sent."""
        for events in (self.package.Events(self.scope), self.made("raise")):
            for wrong in ({"total": -1}, {"total": 1, "kind": 3}, {"total": 1, "kind": 1}):
                with self.subTest(wrong), self.assertRaises(ValidationError):
                    events.paid(**wrong)
        self.assertEqual(self.sent(), [])

    def test_warn(self) -> None:
        """With "warn" the event is sent as given, and one warning at the caller's line names every place."""
        with self.assertWarns(self.package.ViolationWarning) as caught:
            receipt = self.made("warn").paid(total=-1, lines=[{"gift to": {"name": 5}}])
        self.assertEqual((receipt.status, caught.filename), ("delivered", __file__))
        properties = {"total": -1, "lines": [{"gift to": {"name": 5}}]}
        self.assertEqual(self.sent()[0]["properties"], properties)
        self.assertEqual(
            str(caught.warning),
            "'Paid' is sent against its schema: /total: Input should be greater than or equal to 0; "
            "/lines/0/sku: Field required; /lines/0/gift to/name: Input should be a valid string",
        )

    def test_drop(self) -> None:
        """With "drop" nothing is sent and the method answers None; what is right is sent."""
        events = self.made("drop")
        self.assertIsNone(events.paid(total=-1))
        self.assertEqual(events.paid(total=1).status, "delivered")
        self.assertEqual(len(self.sent()), 1)

    def test_callable(self) -> None:
        """A callable is told each violation, by pointer and value; the answer False holds the event back."""
        found = self.violations(total="x", to=[])
        self.assertEqual(found, [("/total", "x"), ("/to~1~0", [])])
        self.assertEqual(self.violations(total=-1, lines=[{}]), [("/total", -1), ("/lines/0/sku", MISSING)])
        self.assertEqual(len(self.sent()), 2)
        self.assertEqual(self.violations(False, total=-1, lines=[{}])[:1], [("/total", -1)])
        self.assertEqual(len(self.sent()), 2)

    def test_callable_raises(self) -> None:
        """What a callable raises comes through, and nothing is sent."""

        def refuse(violation: Any) -> None:
            raise LookupError(violation.pointer)

        with self.assertRaisesRegex(LookupError, "^/total$"):
            self.made(refuse).paid(total=-1)
        self.assertEqual(self.sent(), [])

    def test_union(self) -> None:
        """What no member of a union takes is one violation, with what each would take."""
        told: list[Any] = []
        self.made(told.append).paid(total=1, to=[])
        (only,) = told
        self.assertRegex(only.message, "integer; or .*string")

    def test_personal(self) -> None:
        """No value that is personal data, or holds some, is told, in whatever way the event is refused."""
        withheld = self.package.WITHHELD
        wrong: tuple[tuple[Node, str], ...] = (
            ({"email": SECRET}, "/email"),
            ({"by": {"name": [SECRET]}}, "/by/name"),
            ({"by": {"age": SECRET, "name": "a"}}, ""),
            ({"by": [{"name": SECRET}]}, "/by"),
            ({"lines": [{"sku": "s", "gift to": {"name": {"x": SECRET}}}]}, "/lines/0/gift to/name"),
        )
        for given, pointer in wrong:
            with self.subTest(given):
                if pointer:
                    self.assertEqual(self.violations(total=1, **given), [(pointer, withheld)])
                    with self.assertRaises(ValidationError) as caught:
                        self.made("raise").paid(total=1, **given)
                    self.assertNotIn(SECRET, f"{caught.exception} {caught.exception.errors()}")
                    self.assertIsNone(caught.exception.__context__)
                with self.assertWarns(self.package.ViolationWarning) as warned:
                    self.made("warn").paid(total=1, **given)
                self.assertNotIn(SECRET, str(warned.warning))

    def test_silent(self) -> None:
        """A violation's text and repr hold no value, of whatever kind."""
        told: list[Any] = []
        self.made(told.append).paid(total=SECRET)
        self.assertNotIn(SECRET, f"{told} {told[0]}")
        self.assertEqual(told[0].value, SECRET)
        withheld = self.package.WITHHELD
        self.assertEqual((repr(withheld), str(withheld)), ("<withheld>", "<withheld>"))

    def test_never_sent(self) -> None:
        """What cannot be JSON at all raises under every policy."""
        for policy in ("raise", "warn", "drop", lambda _: None):
            with self.subTest(policy), warnings.catch_warnings(), self.assertRaises((TypeError, ValueError)):
                warnings.simplefilter("ignore")
                if self.made(policy).paid(total=object()) is None:
                    raise TypeError("it was dropped")
        self.assertEqual(self.sent(), [])

    def test_decimal(self) -> None:
        """A Decimal is no number: it would be sent as text."""
        with self.assertRaisesRegex(ValidationError, "valid number"):
            self.made("raise").paid(total=Decimal("1.5"))

    def test_keywords(self) -> None:
        """A keyword that does not fit is a TypeError which names the event, and what is wrong with it."""
        unscoped = self.package.Events(self.client)
        cases: tuple[tuple[Any, Node, str], ...] = (
            (
                self.made("raise"),
                {"colour": 1},
                "'colour' is neither a property of the event nor a keyword of its call",
            ),
            (
                self.made("raise"),
                {"event_name": "E"},
                "'event_name' is not to be passed: the event says it itself",
            ),
            (
                unscoped,
                {"user_id": "u"},
                "missing a required argument: 'root_event_gid': pass it, or bind it to a",
            ),
        )
        for events, given, text in cases:
            with self.subTest(given), self.assertRaisesRegex(TypeError, f"^'Paid': {text}"):
                events.paid(total=1, **given)
        with self.assertRaisesRegex(TypeError, "^integrations is a list"):
            self.made("raise").paid(total=1, integrations=[])

    def test_wrong_policy(self) -> None:
        """Another policy is a ValueError that lists those there are."""
        with self.assertRaisesRegex(ValueError, "on_violation is 'explode': pass 'raise', 'warn', 'drop' or"):
            self.made("explode")

    def test_silence(self) -> None:
        """No policy logs anything."""
        with self.assertNoLogs(level=logging.DEBUG):
            self.made("drop").paid(total=-1)


class ProvenanceTest(PlanTest):
    """What an event of a plan says of it."""

    def test_said(self) -> None:
        """Each event says what generated its method, of which plan, and its own version and digest."""
        package = self.imported(self.files({**PAID, "version": 7}, rule("Other", {"type": "object"})))
        events = package.Events(self.scope)
        events.paid(total=1)
        events.other(context={"protocols": {"plan": "mine"}})
        package.Events(self.scope, provenance=False).other()
        first, second, third = (each["context"].get("protocols") for each in self.transport.events)
        self.assertRegex(first.pop("generator"), r"^segment-codegen \d+\.\d+\.\d+")
        self.assertRegex(first.pop("digest"), "^[0-9a-f]{16}$")
        self.assertEqual(first, {"plan": "tp_1", "eventVersion": "7"})
        self.assertEqual((second["plan"], second["eventVersion"], third), ("mine", "1", None))

    def test_digest(self) -> None:
        """The digest is that of the event's own schema: another event's change leaves it."""
        digests = []
        for properties in ({"a": TEXT}, {"a": {"type": "integer"}}):
            files = self.files(rule("Other", {"type": "object", "properties": properties}), PAID)
            parts = [files[f"event_models/{name}.py"].partition("digest=")[2] for name in ("other", "paid")]
            digests.append([part[:18] for part in parts])
        self.assertEqual(digests[0][1], digests[1][1])
        self.assertNotEqual(digests[0][0], digests[1][0])


if __name__ == "__main__":
    unittest.main()
