"""What holds for any two schemas."""

import unittest
from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from segment_codegen.diff.changes import changes
from segment_codegen.diff.cover import Prover
from segment_codegen.diff.verdicts import Proof, verdict
from segment_codegen.library import Library
from segment_codegen.places import Place

from tests.codegen.diff.cases import DIALECT, Node, compared, rules, side
from tests.codegen.laws.strategies import documents, ordinary, schemas
from tests.laws import law

LAW = law(
    150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
)


class Unproved(Prover):
    """A prover that knows nothing, so that the rules alone decide."""

    def covers(self, new: Place, old: Place) -> Proof:  # noqa: ARG002 - it looks at neither
        """Answer that it is not known."""
        return "unknown"


def event(schema: Any) -> Node:
    """Answer a schema as an event's, with the definition that the references of others lead to."""
    return {"allOf": [schema], "$defs": {"node": {"type": ["string", "object"]}}}


def edits(schema: Any) -> st.SearchStrategy[Any]:
    """Answer schemas that differ from one by a keyword or so, as those do that people edit."""
    if not isinstance(schema, dict) or not schema:
        return schemas
    words = st.sampled_from(sorted(schema))
    without = words.map(lambda word: {key: each for key, each in schema.items() if key != word})
    added = schemas.map(lambda other: {**schema, **other} if isinstance(other, dict) else schema)
    inner = words.flatmap(lambda word: _edited(schema[word]).map(lambda each: {**schema, word: each}))
    return st.one_of(without, added, inner)


def _edited(value: Any) -> st.SearchStrategy[Any]:
    """Answer the value of a keyword with one of the schemas in it edited."""
    if isinstance(value, dict) and value:
        return st.sampled_from(sorted(value)).flatmap(
            lambda key: edits(value[key]).map(lambda each: {**value, key: each})
        )
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        number = st.integers(0, len(value) - 1)
        return number.flatmap(
            lambda at: edits(value[at]).map(lambda each: [*value[:at], each, *value[at + 1 :]])
        )
    return st.just(value)


def is_schema(schema: Node) -> bool:
    """Tell whether an edit has left a schema."""
    return bool(jsonschema_rs.meta.is_valid({"$schema": DIALECT, **schema}))


def refused(old: Node, new: Node, tried: list[Any]) -> list[Any]:
    """Answer the documents that one schema allows and the other does not."""
    before, after = (
        jsonschema_rs.validator_for({"$schema": DIALECT, **each}, validate_formats=True)
        for each in (old, new)
    )
    return [each for each in tried if before.is_valid(each) and not after.is_valid(each)]


NAMES = st.sampled_from(["a", "b", "c"])
PAIRS = st.one_of(schemas, ordinary).flatmap(lambda each: st.tuples(st.just(each), edits(each)))
DOCUMENTS = st.lists(documents, min_size=10, max_size=20)


class LawsTest(unittest.TestCase):
    """Diffs of schemas in any composition."""

    @LAW
    @given(st.one_of(schemas, ordinary))
    def test_same(self, schema: Any) -> None:
        """Nothing has changed from a schema to itself, wherever it stands."""
        self.assertIsNone(compared(event(schema), event(schema)))

    @LAW
    @given(PAIRS, DOCUMENTS)
    def test_fine(self, pair: tuple[Any, Any], tried: list[Any]) -> None:
        """Where all changes are fine for producers, what was valid is valid."""
        old, new = map(event, pair)
        assume(is_schema(old) and is_schema(new))
        found = compared(old, new)
        if found is None or all(each.verdict.producers == "fine" for each in found.changes):
            self.assertEqual(refused(old, new, tried), [])

    @LAW
    @given(PAIRS, DOCUMENTS)
    def test_fine_by_rules(self, pair: tuple[Any, Any], tried: list[Any]) -> None:
        """So it is where nothing can be proved, and the rules decide alone."""
        old, new = map(event, pair)
        assume(is_schema(old) and is_schema(new))
        before, after = side("old", old), side("new", new)
        found = changes(
            before.entries[0].schema,
            Library(before.documents),
            after.entries[0].schema,
            Library(after.documents),
            Unproved((), ()),
        )
        if all(verdict(each.rule, is_proved=False).producers == "fine" for each in found):
            self.assertEqual(refused(old, new, tried), [])

    @LAW
    @given(PAIRS)
    def test_every_change(self, pair: tuple[Any, Any]) -> None:
        """Where the new schema provably refuses something, a change says that it may."""
        old, new = map(event, pair)
        assume(is_schema(old) and is_schema(new))
        found = compared(old, new)
        if found is not None and found.proof == "no":
            self.assertTrue(any(each.verdict.producers != "fine" for each in found.changes))

    @LAW
    @given(st.dictionaries(NAMES, ordinary, max_size=2), NAMES, ordinary, st.booleans())
    def test_added(self, properties: Node, name: str, schema: Any, is_closed: bool) -> None:
        """An optional property more is fine in a closed object and may break in an open one; removing it
        breaks the closed one.
        """
        assume(name not in properties and schema not in ({}, True))
        old: Node = {"type": "object", "properties": properties, "$defs": {"node": {}}}
        if is_closed:
            old["additionalProperties"] = False
        new = {**old, "properties": {**properties, name: schema}}
        rule = "property-added" if is_closed else "property-added-open"
        self.assertEqual(rules(old, new), [(rule, name)])
        self.assertEqual(
            rules(new, old), [("property-removed" if is_closed else "property-removed-open", name)]
        )


if __name__ == "__main__":
    unittest.main()
