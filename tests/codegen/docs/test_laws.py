"""Whatever a plan's schemas are, there is something to say of them."""

import unittest

from hypothesis import given
from segment_codegen.errors import SchemaError
from segment_codegen.plan_rules.table import advise

from tests.codegen.docs.pages import Node, documented
from tests.codegen.laws.strategies import DIALECT, ordinary, schemas
from tests.codegen.plan_rules.cases import plan
from tests.codegen.plans import rule
from tests.laws import law


class LawTest(unittest.TestCase):
    """Schemas of every kind."""

    @law(60)
    @given(schemas | ordinary)
    def test_schemas(self, schema: Node) -> None:
        """A schema is refused with diagnostics, or it is judged and has pages, with a call that is Python."""
        definitions: Node = {
            "$schema": DIALECT,
            "$defs": {"node": schema if isinstance(schema, dict) else {}},
        }
        own: Node = {"properties": {"a": schema, "b": {"$ref": "#/$defs/node"}}, "required": ["a"]}
        try:
            for each in advise(plan({"x-event": "A", **definitions, **own})):
                self.assertTrue(each.message and each.hint)
            page = documented(rule("A", own, **definitions))["events/a.md"]
        except SchemaError as error:
            self.assertTrue(error.diagnostics)
            return
        compile(page.partition("```python\n")[2].partition("\n```")[0], "events/a.md", "exec")


if __name__ == "__main__":
    unittest.main()
