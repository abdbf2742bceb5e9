"""A package accepts exactly what its source schema does, by jsonschema-rs, the known differences aside."""

import unittest
from collections.abc import Iterator
from itertools import chain
from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from segment_codegen.checks import CheckCompiler
from segment_codegen.library import Library
from segment_codegen.load import Document
from segment_codegen.places import Place
from segment_codegen.support import checks, forms
from segment_codegen.survey import survey
from segment_codegen.vocabulary import KEYWORDS

from tests.codegen.differences import nested
from tests.codegen.laws.keywords import BY_KEYWORD
from tests.codegen.laws.older import META, older
from tests.codegen.laws.packages import packaged
from tests.codegen.laws.strategies import DIALECT, conditions, documents, objects, ordinary, schemas
from tests.laws import law

IN_ANOTHER = {"then", "else"}
"""Keywords that say nothing without `if`, in whose schemas they are."""


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Answer so many values of a strategy, always the same."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(20260131)
    @given(strategy)
    def take(each: Any) -> None:
        found.append(each)

    take()
    return found[:count]


class PackageTest(unittest.TestCase):
    """What a package accepts."""

    def assert_agreed(self, sources: list[dict[str, Any]], name: str) -> None:
        """Assert that package and schema agree on documents, and that there are such of both verdicts."""
        tried = drawn(objects, 120)
        verdicts: list[bool] = []
        with packaged(sources, name) as judged:
            self.assertGreater(len(judged), len(sources) / 3)
            for each in judged:
                for document in tried:
                    if not each.agrees(document):
                        self.fail(f"{each.schema} and its package differ on {document}")
                verdicts += map(each.is_valid, tried[:10])
        self.assertGreater(verdicts.count(True), len(verdicts) / 20)
        self.assertGreater(verdicts.count(False), len(verdicts) / 20)

    def test_keywords(self) -> None:
        """Each keyword decides in a package as it does in the source, and each is among those tried."""
        self.assertEqual(BY_KEYWORD.keys() | IN_ANOTHER, KEYWORDS)
        self.assert_agreed([*chain.from_iterable(BY_KEYWORD.values())], "law_keywords")

    def test_compositions(self) -> None:
        """So do keywords in any composition, as the event's own schema and as those of its properties."""
        pairs = drawn(st.tuples(schemas, schemas, schemas), 60)
        self.assert_agreed([*chain.from_iterable(_events(*each) for each in pairs)], "law_compositions")

    def test_ordinary(self) -> None:
        """So do typed schemas, most of which the models hold without a check."""
        pairs = drawn(st.tuples(ordinary, ordinary, ordinary), 80)
        self.assert_agreed([*chain.from_iterable(_events(*each) for each in pairs)], "law_ordinary")

    def test_conditions(self) -> None:
        """So do typed schemas beside whose keywords conditions stand, which are left to the checks alone."""
        drawn_sources = drawn(st.tuples(ordinary, ordinary, conditions, conditions, ordinary), 70)
        sources = (_conditioned(*each) for each in drawn_sources)
        self.assert_agreed([*chain.from_iterable(map(_allowed, sources))], "law_conditions")


def _events(one: Any, other: Any, node: Any) -> Iterator[dict[str, Any]]:
    shared = {"$defs": {"node": node}}
    alone = {"type": "object", "properties": {"a": one, "b": other}, **shared}
    for each in (alone, {"type": "object", "allOf": [one], **shared}):
        yield from _allowed(each)


def _conditioned(one: Any, other: Any, inner: Any, outer: Any, node: Any) -> dict[str, Any]:
    properties = {"a": {**one, **({} if "$ref" in one else inner)}, "b": other}
    return {"type": "object", "properties": properties, **outer, "$defs": {"node": node}}


def _allowed(*events: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in events:
        document = Document("plan.json", {"$schema": DIALECT, **each})
        problems = survey(Place(document, document.root), Library([document]))
        if not any(problem.severity == "error" for problem in problems):
            yield each


class CheckTest(unittest.TestCase):
    """What a check that is compiled of a whole schema accepts."""

    @law(100, suppress_health_check=list(HealthCheck))
    @given(schemas, schemas, st.lists(documents, min_size=5, max_size=10))
    def test_whole(self, schema: Any, node: Any, tried: list[Any]) -> None:
        """It accepts what the schema does, for values of every type."""
        self.assert_agreed({"$schema": DIALECT, "$defs": {"node": node}, "allOf": [schema]}, tried)

    @law(100, suppress_health_check=list(HealthCheck))
    @given(schemas, schemas, st.sampled_from(sorted(META)), st.lists(documents, min_size=5, max_size=10))
    def test_older(self, schema: Any, node: Any, draft: str, tried: list[Any]) -> None:
        """So it does for the older drafts, which have other words for some and no word for others."""
        shared = {"$defs": {"node": older(node, draft)}}
        self.assert_agreed({"$schema": META[draft], **shared, "allOf": [older(schema, draft)]}, tried)

    def assert_agreed(self, root: dict[str, Any], tried: list[Any]) -> None:
        """Assert that the check and an independent validator agree, if the schema is not refused."""
        document = Document("plan.json", root)
        place, library = Place(document, root), Library([document])
        if any(each.severity == "error" for each in survey(place, library)):
            return
        check = compiled(place, library)
        validator = jsonschema_rs.validator_for(root, validate_formats=True)
        for each in tried:
            self.assertEqual(check.holds(each), validator.is_valid(each), (root, each))

    def test_equal(self) -> None:
        """Numbers are equal as numbers, 1 and 1.0, and never to a boolean, however deep they are."""
        for schema in ({"enum": [1, [1], {"a": 0}]}, {"uniqueItems": True}, {"const": [True, 0.0]}):
            root: dict[str, Any] = {"$schema": DIALECT, **schema}
            document = Document("plan.json", root)
            check = compiled(Place(document, root), Library([document]))
            validator = jsonschema_rs.validator_for(root)
            for each in (
                1,
                1.0,
                True,
                [1.0],
                [True],
                {"a": 0.0},
                {"a": False},
                [1, True],
                [1, 1.0],
                [True, 0],
            ):
                self.assertEqual(check.holds(each), validator.is_valid(each), (root, each))

    def test_deep(self) -> None:
        """A check of what holds itself follows a value to any depth that free JSON is taken to."""
        root: dict[str, Any] = {
            "$schema": DIALECT,
            "type": ["object", "string"],
            "additionalProperties": {"$ref": "#"},
        }
        document = Document("plan.json", root)
        check = compiled(Place(document, root), Library([document]))
        self.assertTrue(check.holds(nested(150)))
        self.assertFalse(check.holds({"a": {"a": {"b": 1}}}))


def compiled(place: Place, library: Library) -> checks.Check:
    """Answer the check of a whole schema."""
    compiler = CheckCompiler(place, library)
    code = compiler.whole(place) or "forms.AllOf()"
    definitions: dict[str, checks.Check] = {}
    names = {"checks": checks, "forms": forms, "DEFINITIONS": definitions}
    for name, each in compiler.definitions.items():
        definitions[name] = eval(each, names)  # noqa: S307 - what the compiler wrote, as a package would run it
    made: checks.Check = eval(code, names)  # noqa: S307 - the same
    return made


if __name__ == "__main__":
    unittest.main()
