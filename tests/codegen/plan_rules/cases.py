"""Plans in memory, and what a rule finds in them."""

import unittest
from typing import Any

from segment_codegen.load import Document
from segment_codegen.places import Place
from segment_codegen.plan_rules.model import Remark
from segment_codegen.plan_rules.table import advise
from segment_codegen.plans.model import Plan, Rule

__all__ = ["TEXT", "Node", "RuleTest", "event", "plan"]

Node = dict[str, Any]

TEXT: Node = {"type": "string", "description": "A text."}


def event(name: str, properties: Node | None = None, /, **words: Any) -> Node:
    """Answer the schema of an event; `words` are further keywords of it."""
    return {"x-event": name, "description": "It happened.", "properties": properties or {}, **words}


def plan(*events: Node) -> Plan:
    """Answer the plan of these schemas, each in a file of its own: 0.json, 1.json, ..."""
    documents = tuple(Document(f"{number}.json", root) for number, root in enumerate(events))
    rules = tuple(
        Rule(
            each.root.get("x-type", "track"),  # type: ignore[arg-type]  # a test names a call
            str(each.root["x-event"]),
            "",
            str(each.root.get("description", "")),
            Place(each, each.root),
        )
        for each in documents
    )
    return Plan("p", "P", "1", rules, documents=documents)


class RuleTest(unittest.TestCase):
    """A test of one rule."""

    rule = ""

    def remarks(self, *events: Node) -> list[Remark]:
        """Answer the rule's remarks on a plan."""
        return [each for each in advise(plan(*events)) if each.rule == self.rule]

    def subjects(self, *events: Node) -> list[str]:
        """Answer what the rule remarks on."""
        return [each.subject for each in self.remarks(*events)]

    def properties(self, **properties: Node) -> list[str]:
        """Answer which properties of one event the rule remarks on."""
        return [each.partition("#")[2] for each in self.subjects(event("Order Completed", properties))]
