"""What a plan calls deprecated: how it is marked in its package, and that it warns where it is sent."""

import inspect
import typing
import unittest
import warnings
from importlib import import_module
from typing import Any

import typing_extensions

from tests.codegen.plans import Node, PlanTest, rule

TEXT: Node = {"type": "string"}
INNER: Node = {
    "type": "object",
    "properties": {
        "sku": {**TEXT, "deprecated": True, "description": 'Say "id"\\.'},
        "gift to": {"type": ["string", "null"], "deprecated": True},
        "id": TEXT,
    },
    "required": ["sku"],
}
ORDER: Node = {
    "type": "object",
    "properties": {
        "a b": {**TEXT, "deprecated": True, "description": "Of old."},
        "total": {"type": "number", "minimum": 0, "deprecated": True},
        "lines": {"type": "array", "items": INNER},
        "new": TEXT,
    },
    "required": ["total"],
}
PLAIN = "its tracking plan wants no new code to send it"
LINE = {"sku": 'Say "id"\\.', "gift to": PLAIN}


def marks(hint: object) -> list[str]:
    """Answer what the marks in an annotation say."""
    own = [
        one.message
        for one in getattr(hint, "__metadata__", ())
        if isinstance(one, typing_extensions.deprecated)
    ]
    return [*own, *(each for inner in typing.get_args(hint) for each in marks(inner))]


class MarkTest(PlanTest):
    """The marks: `typing_extensions.deprecated`, and pydantic's own on the fields of models."""

    def test_keywords(self) -> None:
        """A method's keyword for a deprecated property is marked with its description, and no other is."""
        events = self.events(rule("E", ORDER))
        module = vars(import_module(type(events).__module__))
        names = {**module, "ELinesItem": dict, "ELinesItemDict": dict}
        found = {
            name: marks(eval(str(each.annotation), names))  # noqa: S307 - the annotations of our own code
            for name, each in inspect.signature(events.e).parameters.items()
            if name in {"a_b", "total", "lines", "new"}
        }
        self.assertEqual(found, {"a_b": ["Of old."], "total": [PLAIN], "lines": [], "new": []})

    def test_objects(self) -> None:
        """So are the keys of a TypedDict, and the fields of a model, as pydantic marks them."""
        package = self.imported(self.files(rule("E", ORDER)))
        hints = typing.get_type_hints(package.ELinesItemDict, include_extras=True)
        told = {key: marks(hint) for key, hint in hints.items()}
        self.assertEqual(told, {"sku": [LINE["sku"]], "gift to": [PLAIN], "id": []})
        fields = import_module(f"{package.__name__}.event_models").ELinesItem.model_fields
        told = {each.alias or name: each.deprecation_message for name, each in fields.items()}
        self.assertEqual(told, {**LINE, "id": None})
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            line = import_module(f"{package.__name__}.event_models").ELinesItem(
                **{"sku": "s", "gift to": None}
            )
            self.assertEqual(line.model_dump(by_alias=True), {"sku": "s", "gift to": None})
        self.assertEqual(caught, [])


class DeprecationTest(PlanTest):
    """What warns, and where."""

    def old(self, **properties: Node) -> Node:
        """Answer a deprecated event."""
        event = rule("Old", {"type": "object", "properties": properties})
        return {**event, "deprecatedAt": "2025-01-01T00:00:00Z"}

    def warned(self, call: Any, **given: Any) -> list[tuple[str, str]]:
        """Answer the texts and files of the warnings of a call."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call(**given)
        self.assertEqual({each.category for each in caught} - {DeprecationWarning}, set())
        return [(str(each.message), each.filename) for each in caught]

    def test_event(self) -> None:
        """A deprecated event says so to editors, its docstring, and one warning at the caller's line."""
        events = self.events(self.old(), rule("New", {"type": "object"}))
        text = "'Old' is deprecated: its tracking plan wants no new code to send it"
        self.assertEqual(self.warned(events.old), [(text, __file__)])
        self.assertEqual((events.old.__deprecated__, self.warned(events.new)), (text, []))
        self.assertIn("Deprecated: the tracking plan wants no new code to send it.", events.old.__doc__)

    def test_properties(self) -> None:
        """Deprecated properties are noted; one warning at the caller's line names those that are sent."""
        inner = {"type": "object", "properties": {"sku": {**TEXT, "deprecated": True}}}
        properties = {
            "a b": {**TEXT, "deprecated": True, "description": "Of old."},
            "lines": {"type": "array", "items": inner},
            "new": TEXT,
        }
        events = self.events(rule("E", {"type": "object", "properties": properties}))
        self.assertEqual(self.warned(events.e, new="x", lines=[{}]), [])
        text = "'E' is sent with what its schema calls deprecated: a b, lines/*/sku"
        self.assertEqual(self.warned(events.e, a_b="x", lines=[{"sku": "x"}]), [(text, __file__)])
        self.assertIn("a_b: Deprecated. Of old.", events.e.__doc__)

    def test_both(self) -> None:
        """Within a deprecated event the warning is at the caller's line too."""
        events = self.events(self.old(a={**TEXT, "deprecated": True}))
        self.assertEqual([file for _, file in self.warned(events.old, a="x")], [__file__, __file__])


if __name__ == "__main__":
    unittest.main()
