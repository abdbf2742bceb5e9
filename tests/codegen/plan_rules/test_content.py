"""The rules `missing-description`, `personal-data` and `unused-definition`."""

import unittest
from typing import Any

from tests.codegen.plan_rules.cases import TEXT, Node, RuleTest, event


class DescriptionTest(RuleTest):
    """Events and properties are described."""

    rule = "missing-description"

    def test_event(self) -> None:
        """An event without a description is remarked on, and a blank one is none."""
        found = self.remarks(event("A", description=" "), event("", description="", **{"x-type": "identify"}))
        self.assertEqual(
            [each.message for each in found],
            ["the event 'A' has no description", "the identify call has no description"],
        )

    def test_property(self) -> None:
        """A property without a description is remarked on where it stands."""
        (found,) = self.remarks(event("A", {"b/c": {"type": "string"}, "d": TEXT}))
        self.assertEqual((found.pointer, found.subject), ("/properties/b~1c", "track/A#b/c"))

    def test_nested(self) -> None:
        """Properties of objects in lists, maps, branches and definitions are looked at too."""
        bare: Node = {"properties": {"x": {}}}
        wrapped: dict[str, Node] = {
            "items": {"items": bare},
            "rest": {"additionalProperties": bare},
            "either": {"oneOf": [bare]},
            "named": {"$ref": "#/$defs/Named"},
        }
        found = self.subjects(
            event(
                "A",
                {name: {"description": "It.", **node} for name, node in wrapped.items()},
                **{"$defs": {"Named": {"properties": {"y": {}, "again": {"$ref": "#/$defs/Named"}}}}},
            )
        )
        self.assertEqual(
            {each.partition("#")[2] for each in found},
            {"items.*.x", "rest.*.x", "either.x", "named.y", "named.again"},
        )

    def test_elsewhere(self) -> None:
        """A description at the definition, or at another place that describes the property, is enough."""
        definition: Node = {"$defs": {"Id": TEXT}}
        self.assertEqual(self.subjects(event("A", {"id": {"$ref": "#/$defs/Id"}}, **definition)), [])
        branch = {
            "if": {"properties": {"kind": {"const": 1}}},
            "then": {"properties": {"kind": {"minimum": 1}}},
        }
        self.assertEqual(self.subjects(event("A", {"kind": TEXT}, **branch)), [])


class PersonalDataTest(RuleTest):
    """Data about persons is marked."""

    rule = "personal-data"

    def test_names(self) -> None:
        """Names that say that a value is about a person are found in every spelling."""
        names = (
            "email",
            "userEmail",
            "Phone Number",
            "client_ip",
            "IP",
            "birthday",
            "shipping-address",
            "lastName",
        )
        found = self.properties(**dict.fromkeys(names, TEXT))
        self.assertEqual(found, sorted(names))

    def test_formats(self) -> None:
        """A format that only personal data has is found, whatever the name."""
        self.assertEqual(
            self.properties(contact={"format": "email"}, host={"type": "string", "format": "ipv4"}),
            ["contact", "host"],
        )

    def test_others(self) -> None:
        """What only sounds so is left alone: whole words count; statuses, flags and choices are none."""
        self.assertEqual(
            self.properties(
                ship=TEXT,
                email_status=TEXT,
                has_email={"type": ["boolean", "null"]},
                address={"enum": ["home", "work"]},
                mailing_list_domain=TEXT,
            ),
            [],
        )

    def test_marked(self) -> None:
        """A mark settles it, also one that says no, at the definition, or on the object around it."""
        marks: tuple[dict[str, Any], ...] = (
            {"x-pii": True},
            {"pii": True},
            {"x-personal": True},
            {"x-pii": False},
        )
        for mark in marks:
            self.assertEqual(self.properties(email={**TEXT, **mark}), [])
        inner: Node = {"properties": {"email": TEXT, "city": TEXT}}
        self.assertEqual(self.properties(user={**inner, "x-pii": True}), [])
        self.assertEqual(self.properties(user=inner), ["user.email"])
        self.assertEqual(
            self.subjects(event("A", {"email": {"$ref": "#/$defs/E"}}, **{"$defs": {"E": {"x-pii": True}}})),
            [],
        )

    def test_whole(self) -> None:
        """An object whose every property is marked need not be marked itself."""
        marked = {**TEXT, "x-pii": True}
        self.assertEqual(self.properties(address={"properties": {"city": marked, "zip": marked}}), [])
        self.assertEqual(self.properties(address={"properties": {"city": TEXT, "zip": marked}}), ["address"])


class DefinitionTest(RuleTest):
    """Definitions are referred to."""

    rule = "unused-definition"

    def found(self, listed: Node, /, **properties: Node) -> list[str]:
        """Answer the pointers of the definitions that are remarked on."""
        return [each.pointer for each in self.remarks(event("A", properties, **{"$defs": listed}))]

    def test_unused(self) -> None:
        """A definition to which nothing refers is remarked on; one that is referred to is not."""
        definitions = {"Used": TEXT, "Unused": TEXT}
        self.assertEqual(self.found(definitions, a={"$ref": "#/$defs/Used"}), ["/$defs/Unused"])

    def test_chain(self) -> None:
        """What only itself or an unused definition refers to is unused."""
        definitions: Node = {
            "Self": {"items": {"$ref": "#/$defs/Self"}},
            "First": {"items": {"$ref": "#/$defs/Second"}},
            "Second": TEXT,
            "Third": {"items": {"$ref": "#/$defs/Fourth/items"}},
            "Fourth": {"items": TEXT},
        }
        self.assertEqual(
            self.found(definitions, a={"$ref": "#/$defs/Third"}),
            ["/$defs/First", "/$defs/Second", "/$defs/Self"],
        )

    def test_names(self) -> None:
        """Properties that are called like keywords are properties."""
        named: Node = {"definitions": {"type": "object", "x": {"y": 1}}, "default": {"$ref": "#/$defs/Used"}}
        self.assertEqual(self.found({"Used": TEXT}, **named), [])

    def test_files(self) -> None:
        """A definition that another file refers to is used."""
        shared = event("A", **{"$defs": {"Id": TEXT, "Old": TEXT}})
        found = self.remarks(shared, event("B", {"id": {"$ref": "0.json#/$defs/Id"}}))
        self.assertEqual([(each.file, each.pointer) for each in found], [("0.json", "/$defs/Old")])


if __name__ == "__main__":
    unittest.main()
