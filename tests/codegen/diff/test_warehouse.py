"""What `segment-codegen diff` says of the warehouse's table."""

import copy
import json
import unittest

from tests.codegen.diff.command import DiffTest
from tests.schema_files import EVENT_FILE, load

STATEMENT = (
    "ALTER TABLE `semantic_events` ADD COLUMN IF NOT EXISTS `page.language` LowCardinality(String)"
    " COMMENT 'The language of the page.' AFTER `page.url`;"
)


class WarehouseTest(DiffTest):
    """The schema of this project, and what may come of it."""

    def setUp(self) -> None:
        """Write the schema twice."""
        super().setUp()
        self.schema = load(EVENT_FILE)
        for name in ("old", "new"):
            self.write(f"{name}/semantic_event.schema.json", self.schema)

    def change(self) -> None:
        """Write the new schema as it is now."""
        self.write("new/semantic_event.schema.json", self.schema)

    def test_added(self) -> None:
        """A field that is new is a statement, in text and in JSON."""
        language = copy.deepcopy(self.schema["$defs"]["Page"]["properties"]["title"])
        language["description"] = "The language of the page."
        self.schema["$defs"]["Page"]["properties"]["language"] = language
        self.change()
        self.assertIn(f"The warehouse's table:\n  {STATEMENT}\n", self.diff("old", "new", expected=0)[0])
        told = json.loads(self.diff("old", "new", "--format", "json", expected=0)[0])
        self.assertEqual(told["warehouse"], {"statements": [STATEMENT], "refused": []})

    def test_refused(self) -> None:
        """An enum value that may be stored does not leave the table: exit code 1, and said to GitHub."""
        kind = self.schema["$defs"]["Access"]["properties"]["type"]
        kind |= {
            "enum": ["Whitelisted"],
            "x-clickhouse": "Enum8('Whitelisted'=2)",
            "examples": ["Whitelisted"],
        }
        self.change()
        said = self.diff("old", "new", expected=1)[0]
        self.assertIn("  refused: access.type: values that are stored would be lost: leave Blacklisted", said)
        self.assertNotIn("ALTER TABLE", said)
        marked = self.diff("old", "new", "--format", "github", expected=1)[0]
        self.assertRegex(
            marked, r"::error file=new/semantic_event\.schema\.json.*table-loses-data.*access\.type"
        )

    def test_none(self) -> None:
        """Without a change of the table nothing is said of it."""
        self.assertNotIn("table", self.diff("old", "new", expected=0)[0])


if __name__ == "__main__":
    unittest.main()
