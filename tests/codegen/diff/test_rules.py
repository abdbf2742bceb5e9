"""Each rule, shown by a small pair of schemas: what it is about, whom it breaks, and the bump it needs."""

import unittest
from typing import NamedTuple

from segment_codegen.diff.verdicts import RULES

from tests.codegen.diff.cases import Node, compared


class Case(NamedTuple):
    """A pair of schemas, the only change between them, and its verdict."""

    old: Node
    new: Node
    rule: str
    path: str
    producers: str
    bump: str


TEXT: Node = {"type": "string"}
NUMBER: Node = {"type": "number"}


def closed(*required: str, **properties: Node) -> Node:
    """Answer a closed object."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,
    }


def opened(*required: str, **properties: Node) -> Node:
    """Answer an open object."""
    return {**closed(*required, **properties), "additionalProperties": True}


def of(old: Node, new: Node, rule: str, producers: str, bump: str) -> Case:
    """Answer the case of a change to one property."""
    return Case(closed(a=old), closed(a=new), rule, "a", producers, bump)


A, B, C = ({"const": each} for each in "abc")
FORM_A, FORM_B = closed("a", a=TEXT), closed("b", b=NUMBER)
IF: Node = {"properties": {"a": {"const": "x"}}}

CASES = [
    Case(closed(), closed(a=TEXT), "property-added", "a", "fine", "minor"),
    Case(opened(), opened(a={}), "property-added", "a", "fine", "minor"),
    Case(opened(), opened(a=TEXT), "property-added-open", "a", "may break", "minor"),
    Case(closed(), closed("a", a=TEXT), "required-property-added", "a", "breaks", "major"),
    Case(opened(), opened("a", a={"default": 1}), "required-property-added", "a", "breaks", "major"),
    Case(closed(a=TEXT), closed(), "property-removed", "a", "breaks", "major"),
    Case(opened(a=TEXT), opened(), "property-removed-open", "a", "fine", "major"),
    Case(
        closed(a=TEXT),
        closed(b={**TEXT, "x-renamed-from": "a"}),
        "property-renamed",
        "b",
        "breaks",
        "major",
    ),
    Case(closed(a=TEXT), closed("a", a=TEXT), "property-required", "a", "breaks", "major"),
    Case(closed("a", a=TEXT), closed(a=TEXT), "property-optional", "a", "fine", "major"),
    Case(
        closed("a", a={**TEXT, "x-clickhouse": "Nullable(String)"}),
        closed(a={**TEXT, "x-clickhouse": "Nullable(String)"}),
        "property-optional-nullable",
        "a",
        "fine",
        "minor",
    ),
    Case(
        closed("a", a={"type": ["string", "null"]}),
        closed(a={"type": ["string", "null"]}),
        "property-optional-nullable",
        "a",
        "fine",
        "minor",
    ),
    of({"type": "integer"}, NUMBER, "type-widened", "fine", "major"),
    of({"type": "integer"}, {"type": ["integer", "string"]}, "type-widened", "fine", "major"),
    of(TEXT, {}, "type-widened", "fine", "major"),
    of(NUMBER, {"type": "integer"}, "type-narrowed", "breaks", "major"),
    of({"type": ["integer", "string"]}, {"type": "integer"}, "type-narrowed", "breaks", "major"),
    of(TEXT, NUMBER, "type-changed", "breaks", "major"),
    of(TEXT, {"type": ["string", "null"]}, "null-admitted", "fine", "major"),
    of(TEXT, {"anyOf": [TEXT, {"type": "null"}]}, "null-admitted", "fine", "major"),
    of({"type": ["string", "null"]}, TEXT, "null-refused", "breaks", "major"),
    of({"enum": ["a", "b"]}, {"enum": ["b", "a", "c"]}, "enum-value-added", "fine", "minor"),
    of({"oneOf": [A, B]}, {"oneOf": [A, B, C]}, "enum-value-added", "fine", "minor"),
    of({"const": "a"}, {"enum": ["a", "b"]}, "enum-value-added", "fine", "minor"),
    of({"enum": ["a", "b"]}, {"enum": ["b"]}, "enum-value-removed", "breaks", "major"),
    of({"enum": ["a", "b"]}, {"oneOf": [A]}, "enum-value-removed", "breaks", "major"),
    of(TEXT, {**TEXT, "enum": ["a"]}, "enum-imposed", "breaks", "major"),
    of({**TEXT, "enum": ["a"]}, TEXT, "enum-lifted", "fine", "minor"),
    of(TEXT, {**TEXT, "pattern": "^a$"}, "pattern-imposed", "breaks", "major"),
    of({**TEXT, "pattern": "^a"}, {**TEXT, "pattern": "^ab"}, "pattern-edited", "breaks", "major"),
    of({**TEXT, "pattern": "^a$"}, {**TEXT, "pattern": "^(a|b)$"}, "pattern-edited", "breaks", "major"),
    of({**TEXT, "pattern": "^a$"}, TEXT, "pattern-lifted", "fine", "minor"),
    of({**TEXT, "maxLength": 9}, {**TEXT, "maxLength": 8}, "limit-tightened", "breaks", "major"),
    of(NUMBER, {**NUMBER, "minimum": 0}, "limit-tightened", "breaks", "major"),
    of(
        {**NUMBER, "minimum": 0},
        {**NUMBER, "exclusiveMinimum": 0},
        "limit-tightened",
        "breaks",
        "major",
    ),
    of({**NUMBER, "multipleOf": 2}, {**NUMBER, "multipleOf": 4}, "limit-tightened", "breaks", "major"),
    of({"type": "array"}, {"type": "array", "uniqueItems": True}, "limit-tightened", "breaks", "major"),
    of({**TEXT, "maxLength": 8}, {**TEXT, "maxLength": 9}, "limit-loosened", "fine", "minor"),
    of({**TEXT, "minLength": 1}, TEXT, "limit-loosened", "fine", "minor"),
    of({**NUMBER, "multipleOf": 0.2}, {**NUMBER, "multipleOf": 0.1}, "limit-loosened", "fine", "minor"),
    of(TEXT, {**TEXT, "format": "email"}, "format-imposed", "breaks", "major"),
    of({**TEXT, "format": "email"}, {**TEXT, "format": "uri"}, "format-changed", "breaks", "major"),
    of({**TEXT, "format": "email"}, TEXT, "format-lifted", "fine", "minor"),
    Case(opened(), closed(), "object-closed", "", "breaks", "major"),
    Case(opened(), {**closed(), "additionalProperties": TEXT}, "object-closed", "", "breaks", "major"),
    Case(
        {**closed(), "patternProperties": {"^a": TEXT}},
        closed(),
        "object-closed",
        "",
        "breaks",
        "major",
    ),
    Case(closed(), opened(), "object-opened", "", "fine", "minor"),
    Case({**closed(), "additionalProperties": TEXT}, opened(), "object-opened", "", "fine", "minor"),
    of({"oneOf": [FORM_A]}, {"oneOf": [FORM_A, FORM_B]}, "branch-added", "fine", "minor"),
    of(FORM_A, {"oneOf": [FORM_A, FORM_B]}, "branch-added", "fine", "minor"),
    of({"anyOf": [FORM_A, FORM_B]}, {"anyOf": [FORM_B]}, "branch-removed", "breaks", "major"),
    Case(opened(), {**opened(), "dependentRequired": {"a": ["b"]}}, "condition-added", "", "breaks", "major"),
    Case(
        opened(),
        {**opened(), "if": IF, "then": {"required": ["b"]}},
        "condition-added",
        "",
        "breaks",
        "major",
    ),
    of({"type": "array"}, {"type": "array", "contains": TEXT}, "condition-added", "breaks", "major"),
    of(TEXT, {**TEXT, "not": {"const": "a"}}, "condition-added", "breaks", "major"),
    of(
        {**TEXT, "not": {"const": "a"}},
        {**TEXT, "not": {"const": "b"}},
        "condition-changed",
        "breaks",
        "major",
    ),
    of({**TEXT, "not": {"const": "a"}}, TEXT, "condition-removed", "fine", "minor"),
    of({**TEXT, "default": "a"}, {**TEXT, "default": "b"}, "default-changed", "fine", "minor"),
    of(
        {**TEXT, "x-clickhouse": "String"},
        {**TEXT, "x-clickhouse": "UUID"},
        "column-changed",
        "fine",
        "major",
    ),
    of({**TEXT, "x-segment": "a"}, {**TEXT, "x-segment": "b"}, "wire-path-changed", "fine", "major"),
    of(TEXT, {**TEXT, "x-pii": True}, "personal-data-marked", "fine", "minor"),
    of({**TEXT, "x-pii": True}, TEXT, "personal-data-unmarked", "fine", "minor"),
    of(TEXT, {**TEXT, "description": "A."}, "note-changed", "fine", "patch"),
    of(TEXT, {**TEXT, "deprecated": True}, "note-changed", "fine", "patch"),
    of({"enum": ["a"]}, {**TEXT, "enum": ["a"]}, "rewritten", "fine", "patch"),
]
"""Cases in the order of the rules; those of whole events are tested with the command."""

ELSEWHERE = {
    "branch-overlap",
    "event-added",
    "event-removed",
    "event-renamed",
    "rewritten-unproved",
    "unexplained-break",
    "version-removed",
}


class RulesTest(unittest.TestCase):
    """The table of changes."""

    def test_cases(self) -> None:
        """Each pair gives one change, by its rule, at its property, with its verdict."""
        for number, case in enumerate(CASES):
            with self.subTest(number, rule=case.rule):
                found = compared(case.old, case.new)
                assert found is not None
                self.assertEqual(
                    [(each.rule, each.subject) for each in found.changes],
                    [(case.rule, f"track/A#{case.path}".rstrip("#"))],
                )
                verdict = found.changes[0].verdict
                self.assertEqual((verdict.producers, verdict.bump), (case.producers, case.bump))
                self.assertEqual(found.needed, case.bump)

    def test_overlap(self) -> None:
        """A form more in oneOf may refuse what two forms then allow, unless that is disproved."""
        forms = [{**NUMBER, "maximum": 1}, TEXT]
        for form, expected in (
            ({**NUMBER, "minimum": 0}, {"branch-overlap": "may break", "unexplained-break": "breaks"}),
            ({"type": "array"}, {}),
        ):
            found = compared({"oneOf": forms}, {"oneOf": [*forms, form]})
            assert found is not None
            verdicts = {each.rule: each.verdict.producers for each in found.changes}
            self.assertEqual(verdicts.pop("branch-added"), "fine")
            self.assertEqual(verdicts, expected)

    def test_unexplained(self) -> None:
        """Where no change breaks anybody by itself, and yet values are provably refused, that is a change."""
        old = {"additionalProperties": TEXT, "properties": {"a": NUMBER}}
        new = {"allOf": [{"additionalProperties": TEXT}, {"properties": {"a": NUMBER}}]}
        found = compared(old, new)
        assert found is not None
        self.assertEqual(found.proof, "no")
        self.assertEqual([each.rule for each in found.changes if each.is_breaking], ["unexplained-break"])

    def test_proved(self) -> None:
        """A change that provably refuses nothing is fine for producers, whatever else changed there."""
        found = compared(
            closed(a={**TEXT, "format": "ipv4"}, b=NUMBER),
            closed(a={**TEXT, "maxLength": 45}),
        )
        assert found is not None
        verdicts = {each.rule: (each.verdict.producers, each.verdict.bump) for each in found.changes}
        self.assertEqual(
            verdicts,
            {
                "format-lifted": ("fine", "minor"),
                "limit-tightened": ("fine", "minor"),
                "property-removed": ("breaks", "major"),
            },
        )

    def test_rewritten(self) -> None:
        """Other words are fine where they provably mean the same, and may break where nobody knows."""
        same = {"anyOf": [TEXT, NUMBER]}, {"oneOf": [TEXT, NUMBER]}
        forms = [{**TEXT, "pattern": "^(a+)+$"}, {**TEXT, "pattern": "^b(?=c)"}]
        other = {"anyOf": forms}, {"oneOf": forms}
        for (old, new), rule, producers in (
            (same, "rewritten", "fine"),
            (other, "rewritten-unproved", "may break"),
        ):
            found = compared(closed(a=old), closed(a=new))
            assert found is not None
            self.assertEqual(
                [(each.rule, each.verdict.producers) for each in found.changes], [(rule, producers)], rule
            )

    def test_every_rule(self) -> None:
        """Every rule has a pair."""
        self.assertEqual({case.rule for case in CASES} | ELSEWHERE, RULES.keys())
        self.assertFalse({case.rule for case in CASES} & ELSEWHERE)


if __name__ == "__main__":
    unittest.main()
