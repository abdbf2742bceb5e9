"""The models against the schema: for each field and each value, pydantic and jsonschema-rs say the same."""

import json
import random
import unittest

from tests.codegen.differences import DIFFERENCES, known
from tests.codegen.subjects import SUBJECTS, Subject
from tests.codegen.values import VALUES

WHOLE_EVENTS = 400


class AgreementTest(unittest.TestCase):
    """What the schema accepts the models accept, and nothing else, the known differences aside."""

    def assert_agreed(self, subject: Subject, document: dict[str, object]) -> bool:
        """Assert that both judge a document alike and that it comes out as it went in; answer the verdict."""
        accepted = subject.model_accepts(document)
        self.assertEqual(subject.schema_accepts(document), accepted, (subject.name, document))
        if accepted:
            dumped = json.loads(subject.dumped(document))
            expected = subject.canonical(subject.definition, document)
            self.assertEqual(subject.canonical(subject.definition, dumped), expected, subject.name)
        return accepted

    def test_every_field(self) -> None:
        """Each field, given each value, is judged alike, and what is accepted comes out as it went in."""
        for subject in SUBJECTS.values():
            minimal = subject.minimal
            for field, node in subject.definition["properties"].items():
                verdicts = {
                    self.assert_agreed(subject, {**minimal, field: value})
                    for value in VALUES
                    if not self.differs(subject, subject.kind(node), value)
                }
                self.assertEqual(verdicts, {True, False}, (subject.name, field))

    def differs(self, subject: Subject, kind: str, value: object) -> bool:
        """Tell a known difference; in the catalogue null is a value like others."""
        return known(kind, value) and not (subject.is_event and value is None)

    def test_missing_and_unknown(self) -> None:
        """A missing required field and a key that is not listed are judged alike."""
        for subject in SUBJECTS.values():
            minimal = subject.minimal
            for field in minimal:
                without = {key: value for key, value in minimal.items() if key != field}
                self.assertFalse(self.assert_agreed(subject, without), (subject.name, field))
            is_open = subject.definition["additionalProperties"] is not False
            for value in VALUES:
                if not known("value", value):
                    self.assertEqual(self.assert_agreed(subject, {**minimal, "unlisted": value}), is_open)

    def test_whole_events(self) -> None:
        """Whole events of random fields, some with a flaw, are judged alike and come out the same."""
        subject = SUBJECTS["SemanticEvent"]
        verdicts = [
            self.assert_agreed(subject, subject.document(random.Random(seed)))  # noqa: S311 - documents, no secrets
            for seed in range(WHOLE_EVENTS)
        ]
        self.assertGreater(verdicts.count(True), WHOLE_EVENTS / 10)
        self.assertGreater(verdicts.count(False), WHOLE_EVENTS / 10)

    def test_differences(self) -> None:
        """Each known difference is one: model and schema judge all of its examples otherwise."""
        for difference in DIFFERENCES:
            for name, field, value in difference.examples:
                with self.subTest(reason=difference.reason, field=field):
                    subject = SUBJECTS[name]
                    document = {**subject.minimal, field: value}
                    self.assertIs(subject.model_accepts(document), difference.models_accept)
                    self.assertIsNot(subject.schema_accepts(document), difference.models_accept)

    def test_absent(self) -> None:
        """None for an optional field is left out of the JSON, and None for a required one is refused."""
        for subject in SUBJECTS.values():
            if subject.is_event:
                continue
            minimal = subject.minimal
            optional = [name for name in subject.definition["properties"] if name not in minimal]
            self.assertEqual(
                subject.dumped({**minimal, **dict.fromkeys(optional)}), subject.dumped(minimal), subject.name
            )
            for field in minimal:
                self.assertFalse(subject.model_accepts({**minimal, field: None}), (subject.name, field))


if __name__ == "__main__":
    unittest.main()
