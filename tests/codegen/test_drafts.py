"""Schemas of older drafts, read as draft 2020-12 would write them."""

import unittest
from pathlib import PurePath

from segment_codegen.drafts import Keyword, dialect, modern
from segment_codegen.load import Document
from segment_codegen.places import Place

META = {
    "04": "http://json-schema.org/draft-04/schema#",
    "06": "http://json-schema.org/draft-06/schema",
    "07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}


def place(draft: str, **keywords: object) -> Place:
    """Answer a schema that names its draft."""
    return Place(Document(str(PurePath("x.json")), {"$schema": META[draft], **keywords}), {**keywords})


def read(draft: str, **keywords: object) -> dict[str, tuple[object, tuple[str | int, ...]]]:
    """Answer each keyword's value and steps."""
    return {word: (each.value, each.steps) for word, each in modern(place(draft, **keywords)).items()}


class DraftsTest(unittest.TestCase):
    """A keyword of an older draft means what its successor means, and is still where it stands."""

    def test_dialect(self) -> None:
        """The draft is what the root names; Iglu's schemas are of draft 04, and 2020-12 is the default."""
        for draft in META:
            self.assertEqual(dialect(place(draft)), draft)
        iglu = "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#"
        for named, draft in ((iglu, "04"), ("https://example.com/own", "2020-12"), ("", "2020-12")):
            self.assertEqual(dialect(Place(Document("x", {"$schema": named}), {})), draft)

    def test_exclusive_limits(self) -> None:
        """A boolean exclusive of draft 04 makes the limit beside it exclusive; later drafts have a number."""
        self.assertEqual(
            read("04", minimum=1, exclusiveMinimum=True, maximum=9, exclusiveMaximum=False),
            {"exclusiveMinimum": (1, ("minimum",)), "maximum": (9, ("maximum",))},
        )
        self.assertEqual(read("04", exclusiveMinimum=True), {})
        self.assertEqual(read("07", exclusiveMinimum=3), {"exclusiveMinimum": (3, ("exclusiveMinimum",))})

    def test_items(self) -> None:
        """A list of items is prefixItems, and additionalItems are the items after it."""
        old = {"items": [{}, True], "additionalItems": False}
        new = {"prefixItems": ([{}, True], ("items",)), "items": (False, ("additionalItems",))}
        self.assertEqual(read("2019-09", **old), new)
        self.assertEqual(read("07", items={}), {"items": ({}, ("items",))})

    def test_dependencies(self) -> None:
        """Dependencies part into those of names and those of schemas."""
        self.assertEqual(
            read("07", dependencies={"a": ["b"], "c": {}}),
            {
                "dependentRequired": ({"a": ["b"]}, ("dependencies",)),
                "dependentSchemas": ({"c": {}}, ("dependencies",)),
            },
        )

    def test_beside_reference(self) -> None:
        """Up to draft 07 a reference hides what stands beside it, from 2019-09 on it does not."""
        given = {"$ref": "#/$defs/a", "minLength": 1, "description": "x"}
        self.assertEqual(set(read("07", **given)), {"$ref", "description"})
        self.assertEqual(set(read("2019-09", **given)), set(given))

    def test_names(self) -> None:
        """What names schemas, and definitions by their old word, is no keyword to look at."""
        self.assertEqual(read("04", id="/properties/a", definitions={}), {})
        self.assertEqual(modern(place("07", type="string")), {"type": Keyword("string", ("type",))})


if __name__ == "__main__":
    unittest.main()
