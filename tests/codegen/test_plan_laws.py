"""What holds for any plan: in each format, in any order, as JSON Schemas, and damaged anywhere."""

import json
import random
import tempfile
import unittest
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from segment_codegen.errors import SchemaError
from segment_codegen.given import Given
from segment_codegen.ir import Event
from segment_codegen.named import named
from segment_codegen.plans.detect import read_plan
from segment_codegen.schema_files import schema_files
from segment_codegen.shape import shape
from segment_codegen.write import write_folder

from tests.codegen.plan_shapes import SHAPES, Node, Said, public, schema_file
from tests.laws import law

TEXT: Node = {"type": "string"}
BOX: Node = {"$ref": "#/definitions/Box"}
BOXES: Node = {"type": "object", "properties": {"of": BOX, "w": {}}, "maxProperties": 1}
LINE: Node = {"type": "array", "items": BOX}
EVENTS = (
    Said("Sold", {"type": "object", "properties": {"a b": LINE, "c": TEXT}}, definitions={"Box": BOXES}),
    Said("", {"type": "object", "properties": {"plan": TEXT}}, type="identify", version=None),
)


class LawTest(unittest.TestCase):
    """What holds for any plan: formats keep no order, so none is read from them."""

    @law(60)
    @given(st.data())
    def test_shuffled(self, data: st.DataObject) -> None:
        """A plan gives the same events in any format, in any order of rules, properties, keys and names."""
        plan = data.draw(plans())
        make = data.draw(st.sampled_from(sorted(SHAPES)))
        chance = random.Random(data.draw(st.integers(0, 1000)))  # noqa: S311 - nothing secret: an order
        self.assertEqual(read(shuffled(SHAPES[make](plan), chance)), read(public(plan)))

    @law(30)
    @given(st.data())
    def test_imported(self, data: st.DataObject) -> None:
        """A plan gives the same events as the files that it is imported to."""
        plan = data.draw(plans())
        make = data.draw(st.sampled_from(sorted(SHAPES)))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "plan.json").write_text(json.dumps(SHAPES[make](plan)), encoding="utf-8")
            files = schema_files(read_plan(folder / "plan.json"))
            write_folder(folder / "schemas", files)
            events, _ = named(shape(read_plan(folder / "schemas")).events, Given(), ())
            self.assertEqual(events, read(public(plan)))

    @law(150)
    @given(st.data())
    def test_damaged(self, data: st.DataObject) -> None:
        """A plan with anything in the place of anything is read, or refused with diagnostics."""
        make = data.draw(st.sampled_from((*SHAPES.values(), schema_file)))
        root = damaged(make(EVENTS), data)
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "plan.json"
            file.write_text(json.dumps(root), encoding="utf-8")
            for use in (shape, schema_files):
                with suppress(SchemaError):
                    use(read_plan(file))


ANYTHING: tuple[Any, ...] = (None, True, 0, -1.5, "", "x", "#/definitions/Box", [], {}, [None], [{}], {"": 1})


def damaged(node: Any, data: st.DataObject) -> Any:
    """Answer the node with something else in the place of one of those in it."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    key = data.draw(st.sampled_from([None, *keys]) if keys else st.none())
    if key is None:
        return data.draw(st.sampled_from(ANYTHING))
    made = copy(node)
    made[key] = damaged(node[key], data)
    return made


def plans() -> st.SearchStrategy[list[Said]]:
    """Answer plans whose events want the same names, and whose objects do too."""
    definitions = st.fixed_dictionaries({"A b": objects(1), "a-b": objects(1)})

    def said(name: str, schema: Node, defined: Node) -> Said:
        kind = "track" if name else "identify"
        return Said(name, schema, kind, "Doc.", version=3 if name else None, definitions=defined)

    names = st.sampled_from(["A b", "a B", "a-b", "x", "😀", ""])
    return st.lists(
        st.builds(said, names, objects(2), definitions),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each.name,
    )


def objects(depth: int) -> st.SearchStrategy[Node]:
    """Answer objects whose keys, nested objects and checks want the same names."""
    references = [{"$ref": "#/definitions/A%20b"}, {"$ref": "#/definitions/a-b"}]
    values: st.SearchStrategy[Node] = st.sampled_from([TEXT, {"type": ["integer", "null"]}, {}, *references])
    if depth:
        values |= objects(depth - 1)
        values |= st.builds(lambda items: {"type": "array", "items": items}, objects(depth - 1))
    keys = st.sampled_from(["a b", "a-b", "a_b", "aB", "id", "class"])
    return st.dictionaries(keys, values, max_size=4).flatmap(
        lambda listed: st.builds(
            lambda required, limits: {
                "type": "object",
                "properties": listed,
                "required": required,
                **limits,
            },
            st.lists(st.sampled_from(sorted(listed)), unique=True) if listed else st.just([]),
            st.sampled_from([{}, {"maxProperties": 3}]),
        )
    )


def read(root: Node) -> tuple[Event, ...]:
    """Answer the events of a plan, of which all of a package is made."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(root), encoding="utf-8")
        return named(shape(read_plan(file)).events, Given(), ())[0]


def shuffled(node: Any, chance: random.Random) -> Any:
    """Answer the node with everything that has no order in another one."""
    if isinstance(node, dict):
        items = [(key, shuffled(value, chance)) for key, value in node.items()]
        return dict(chance.sample(items, len(items)))
    if isinstance(node, list):
        return chance.sample([shuffled(each, chance) for each in node], len(node))
    return node


if __name__ == "__main__":
    unittest.main()
