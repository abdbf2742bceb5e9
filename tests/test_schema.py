"""The schema files against the laws that the generator, the wire and the warehouse rely on."""

import json
import re
import unittest

import jsonschema_rs

from tests.schema_files import (
    CATALOGUE_FILES,
    EVENT_FILE,
    column_schema,
    fields,
    is_leaf,
    load,
    objects,
    sample,
    validator,
)

REQUIRED = {
    "SemanticEvent": {
        "entity_gid",
        "event",
        "event_gid",
        "message_id",
        "partition",
        "root_event_gid",
        "timestamp",
        "type",
    },
    "Classification": {"type", "value"},
    "Sentiment": {"type", "sentiment"},
    "Analysis": {"item", "provider", "variant"},
    "BaseEvent": {"event_gid", "timestamp", "entity_gid"},
    "Access": {"type", "user_gid"},
}
PERSONAL = {
    "SemanticEvent": {"user_id", "user_gid", "anonymous_id", "anonymous_gid", "previous_id"},
    "Context": {"ip", "ipv6"},
    "Device": {"mac_address", "advertising_id", "token"},
    "Access": {"user_gid"},
}
ENUMS = {
    ("SemanticEvent", "type"): "track, page, screen, identify, group, alias",
    (
        "Classification",
        "type",
    ): "Intent, Intent Category, Category, Subcategory, Tag, Segmentation, Age Group, "
    "Inbox, Keyword, Priority, Other",
    ("Sentiment", "type"): "Praise, Criticism, Complaint, Abuse, Threat, Opinion, Other",
    ("Access", "type"): "Blacklisted, Whitelisted",
}
IMPERSONAL_TRAITS = {"plan", "logins", "employees", "industry", "total_billed"}
TYPING = {"type", "format", "items", "additionalProperties", "minimum", "maximum", "minItems", "maxItems"}
ANNOTATIONS = {"x-segment", "x-segment-mirror", "x-clickhouse", "x-clickhouse-codec", "x-pii"}


class EveryFileTest(unittest.TestCase):
    """Laws that hold for the SemanticEvent and for the catalogue."""

    files = (EVENT_FILE, *CATALOGUE_FILES)

    def test_meta_schema(self) -> None:
        """Every file is a valid draft 2020-12 schema with a version."""
        for path in self.files:
            with self.subTest(path.name):
                schema = load(path)
                self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
                self.assertRegex(schema["x-version"], r"^\d+\.\d+\.\d+$")
                self.assertTrue(jsonschema_rs.meta.is_valid(schema))

    def test_layout(self) -> None:
        """Every file is laid out the one way that keeps its diffs small."""
        for path in self.files:
            with self.subTest(path.name):
                text = json.dumps(load(path), indent=2, ensure_ascii=False) + "\n"
                self.assertEqual(path.read_text(encoding="utf-8"), text)

    def test_descriptions(self) -> None:
        """Every object and every property says in one line what it is."""
        for path in self.files:
            schema = load(path)
            described = [*objects(schema).items(), *((f"{o}.{f}", prop) for o, f, prop in fields(schema))]
            for name, definition in described:
                with self.subTest(path.name, of=name):
                    self.assertRegex(definition["description"], r"^[A-Z][^\n]{8,}\.$")

    def test_names(self) -> None:
        """Every property is named in snake case."""
        for path in self.files:
            for owner, field, _ in fields(load(path)):
                with self.subTest(path.name, of=f"{owner}.{field}"):
                    self.assertRegex(field, r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")

    def test_required(self) -> None:
        """Every required name is a property, and named once."""
        for path in self.files:
            for name, definition in objects(load(path)).items():
                with self.subTest(path.name, of=name):
                    required = definition.get("required", [])
                    self.assertEqual(len(required), len(set(required)))
                    self.assertLessEqual(set(required), set(definition["properties"]))

    def test_examples(self) -> None:
        """Every leaf has an example, and every example is valid."""
        for path in self.files:
            schema = load(path)
            for owner, field, prop in fields(schema):
                with self.subTest(path.name, of=f"{owner}.{field}"):
                    self.assertTrue(prop.get("examples") or not is_leaf(prop))
                    check = validator(schema, prop)
                    self.assertEqual([e for e in prop.get("examples", []) if not check.is_valid(e)], [])

    def test_whole_document(self) -> None:
        """The document that all examples make together is valid."""
        for path in self.files:
            with self.subTest(path.name):
                schema = load(path)
                validator(schema, schema).validate(sample(schema, schema))


class SemanticEventTest(unittest.TestCase):
    """Laws of the SemanticEvent alone."""

    schema = load(EVENT_FILE)

    def annotated(self, keyword: str) -> dict[str, set[str]]:
        """Return the fields that carry a keyword as true, by object."""
        found: dict[str, set[str]] = {}
        for owner, field, prop in fields(self.schema):
            if prop.get(keyword):
                self.assertIs(prop[keyword], True)
                found.setdefault(owner, set()).add(field)
        return found

    def test_size(self) -> None:
        """The schema holds the 323 fields of the inventory in 26 objects."""
        self.assertEqual(len(objects(self.schema)), 26)
        self.assertEqual(len(list(fields(self.schema))), 323)

    def test_required_fields(self) -> None:
        """Exactly the fields of the inventory are required, none of them with a nullable column."""
        required = {n: set(d["required"]) for n, d in objects(self.schema).items() if "required" in d}
        self.assertEqual(required, REQUIRED)
        for owner, field, prop in fields(self.schema):
            if field in required.get(owner, ()):
                self.assertNotIn("Nullable", prop["x-clickhouse"], f"{owner}.{field}")

    def test_closed(self) -> None:
        """Every object refuses an unknown field, but Traits."""
        for name, definition in objects(self.schema).items():
            with self.subTest(name):
                document = {**sample(self.schema, definition), "no_such_field": "x"}
                self.assertEqual(validator(self.schema, definition).is_valid(document), name == "Traits")

    def test_custom_traits(self) -> None:
        """A custom trait takes any JSON value but null."""
        traits = validator(self.schema, self.schema["$defs"]["Traits"])
        for value in ("text", 1, 1.5, True, [None], {"a": None}):
            self.assertTrue(traits.is_valid({"favourite": value}), value)
        self.assertFalse(traits.is_valid({"favourite": None}))

    def test_never_null(self) -> None:
        """No field accepts null."""
        for owner, field, prop in fields(self.schema):
            with self.subTest(f"{owner}.{field}"):
                self.assertFalse(validator(self.schema, prop).is_valid(None))

    def test_enums(self) -> None:
        """Exactly four fields take only listed values, in the order of the inventory."""
        enums = {(o, f): ", ".join(prop["enum"]) for o, f, prop in fields(self.schema) if "enum" in prop}
        self.assertEqual(enums, ENUMS)

    def test_message_id(self) -> None:
        """A message id has 1 to 64 characters that every receiver takes."""
        message_id = validator(self.schema, self.schema["properties"]["message_id"])
        for good in ("a", "a" * 64, "3d1e9f84-52a6-4c0b-9b7d-e8f1a2c3b4d5", "A_1"):
            self.assertTrue(message_id.is_valid(good), good)
        for bad in ("", "a" * 65, "a b", "ä", "a\n"):
            self.assertFalse(message_id.is_valid(bad), bad)

    def test_not_empty(self) -> None:
        """An event has a name and a partition, neither of them empty."""
        for field in ("event", "partition"):
            self.assertFalse(validator(self.schema, self.schema["properties"][field]).is_valid(""), field)

    def test_columns(self) -> None:
        """Every leaf names its column, whose type and range are the field's, and nothing else names one."""
        for owner, field, prop in fields(self.schema):
            with self.subTest(f"{owner}.{field}"):
                self.assertEqual("x-clickhouse" in prop, is_leaf(prop))
                if (owner, field) == ("Context", "extras"):
                    self.assertEqual((prop["type"], prop["x-clickhouse"]), ("object", "String"))
                elif is_leaf(prop):
                    expected = column_schema(prop["x-clickhouse"])
                    stated = {key: prop[key] for key in prop if key in TYPING or key in expected}
                    self.assertEqual(stated, expected)

    def test_personal_data(self) -> None:
        """Exactly the personal fields are marked, so that a reader can mask them."""
        traits = set(self.schema["$defs"]["Traits"]["properties"]) - IMPERSONAL_TRAITS
        self.assertEqual(self.annotated("x-pii"), {**PERSONAL, "Traits": traits})

    def test_read_only(self) -> None:
        """Only what the server sets is read-only."""
        self.assertEqual(self.annotated("readOnly"), {"SemanticEvent": {"received_at", "write_key"}})

    def test_annotations_known(self) -> None:
        """No property carries an annotation that nothing reads."""
        for owner, field, prop in fields(self.schema):
            unknown = {key for key in prop if key.startswith("x-")} - ANNOTATIONS
            self.assertEqual(unknown, set(), f"{owner}.{field}")


class CatalogueTest(unittest.TestCase):
    """Laws of the event catalogue."""

    def test_examples_present(self) -> None:
        """The catalogue holds the events of the examples."""
        names = {load(path)["x-event"] for path in CATALOGUE_FILES}
        wanted = {"Article Completed", "Feature Flag Evaluated", "Item Purchased", "Content Viewed"}
        self.assertLessEqual(wanted, names)

    def test_names(self) -> None:
        """An event is named once, and its file after it."""
        for path in CATALOGUE_FILES:
            schema = load(path)
            expected = re.sub(r"\W+", "_", schema["x-event"].lower()) + ".schema.json"
            self.assertEqual((schema["x-type"], path.name), ("track", expected))

    def test_closed(self) -> None:
        """An event refuses an unknown property, also within its lists."""
        for path in CATALOGUE_FILES:
            schema = load(path)
            for name, definition in objects(schema).items():
                with self.subTest(path.name, of=name):
                    document = {**sample(schema, definition), "no_such_property": "x"}
                    self.assertFalse(validator(schema, definition).is_valid(document))

    def test_required_properties(self) -> None:
        """An event without one of its required properties is refused."""
        for path in CATALOGUE_FILES:
            schema = load(path)
            whole, check = sample(schema, schema), validator(schema, schema)
            for field in schema["required"]:
                with self.subTest(path.name, without=field):
                    self.assertFalse(check.is_valid({k: v for k, v in whole.items() if k != field}))
