"""Remembered that stay: what a package calls a thing once, it calls so for ever."""

import json
import tempfile
import unittest
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from segment_codegen.build import build_plan
from segment_codegen.cli import main
from segment_codegen.errors import SchemaError
from segment_codegen.given import Given, Remembered
from segment_codegen.index import INDEX, catalogue_index, read_names
from segment_codegen.named import named
from segment_codegen.plans.detect import read_plan
from segment_codegen.shape import shape
from segment_codegen.write import read_folder

from tests.codegen.plans import Node, PlanTest, public_plan, rule
from tests.codegen.schemas import run
from tests.laws import law

TEXT: Node = {"type": "string"}
LETTERS: Node = {"type": "object", "properties": {"a b": TEXT}}
WIRES = st.sampled_from(
    ["site id", "site-id", "siteId", "site_id", "class", "copy", "item", "Item", "Literal"]
)
EVENTS = st.sampled_from(
    ["Order", "order", "Order Item", "Order-Item", "order_item", "Field", "2FA", "😀", "Dict"]
)
KINDS = st.sampled_from(["TRACK", "PAGE", "SCREEN"])


def objects(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Make schemas of objects."""
    listed = st.dictionaries(WIRES, children, max_size=4)
    return st.builds(lambda properties: {"type": "object", "properties": properties}, listed)


SCHEMAS = objects(st.recursive(st.just(TEXT), objects, max_leaves=4))
RULES = st.lists(st.tuples(KINDS, EVENTS, SCHEMAS), unique_by=lambda each: each[:2], min_size=1, max_size=6)


def names(rules: list[tuple[str, str, Node]], memory: Remembered) -> Remembered:
    """Answer the names of the things of a plan, by way of the index of its package."""
    plan = public_plan(*(rule(name, schema, kind=kind) for kind, name, schema in rules))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(plan), encoding="utf-8")
        events, problems = named(shape(read_plan(file)).events, Given(memory), {"user_id"})
        (Path(folder) / INDEX).write_text(catalogue_index(events), encoding="utf-8")
        assert not problems
        return read_names(Path(folder))


class LawTest(unittest.TestCase):
    """What holds for the names of any plan."""

    @law()
    @given(RULES, RULES)
    def test_nothing_renamed(
        self, old: list[tuple[str, str, Node]], new: list[tuple[str, str, Node]]
    ) -> None:
        """Events and properties that are added or stand in another order rename nothing."""
        before = names(old, {})
        met = {each[:2] for each in old}
        more = [*(each for each in new if each[:2] not in met), *reversed(old)]
        after = names(more, before)
        self.assertEqual({key: after[key] for key in before}, dict(before))

    @law()
    @given(RULES)
    def test_settled(self, rules: list[tuple[str, str, Node]]) -> None:
        """A package that is generated again has the names that it has."""
        before = names(rules, {})
        self.assertEqual(names(rules, before), before)

    @law()
    @given(RULES)
    def test_different(self, rules: list[tuple[str, str, Node]]) -> None:
        """No two methods, classes of the package, or keywords of a method have one name."""
        found = names(rules, {})
        for kind in ("method", "class"):
            listed = [name for (each, _), name in found.items() if each == kind]
            self.assertEqual(len(set(listed)), len(listed))
        keywords = [(key.partition("#")[0], name) for (each, key), name in found.items() if each == "keyword"]
        self.assertEqual(len(set(keywords)), len(keywords))
        self.assertNotIn("user_id", [name for _, name in keywords])


class PackageTest(PlanTest):
    """The memory of a package on disk."""

    def generate(self, *rules: Node, expected: int = 0, command: str = "generate") -> str:
        """Run a command on a plan; answers what it says."""
        plan = self.write("plan.json", public_plan(*rules))
        with redirect_stderr(StringIO()) as said:
            self.assertEqual(
                main([command, "--plan", str(plan), "--out", str(self.folder / "out")]), expected
            )
        return said.getvalue()

    def keywords(self) -> dict[str, Node]:
        """Answer the keywords of each method."""
        index = json.loads((self.folder / "out" / INDEX).read_text("utf-8"))
        return {each["method"]: each["properties"] for each in index}

    def test_property(self) -> None:
        """A property that comes later with a name that is taken leaves the first one's alone."""
        self.generate(rule("Paid", {"properties": {"site id": TEXT}}))
        later = rule("Paid", {"properties": {"site id": TEXT, "site_id": TEXT}})
        self.generate(later)
        (found,) = self.keywords().values()
        self.assertEqual(found["site id"], "site_id")
        self.assertRegex(found["site_id"], "^site_id_[0-9a-f]{6}$")
        self.generate(later, command="check")

    def test_up_to_date(self) -> None:
        """A package that was just generated is up to date, also where names met."""
        nested = {"type": "object", "properties": {"site_id": TEXT, "site id": TEXT}}
        collided = {"properties": {"Site ID": TEXT, "site_id": TEXT, "place": nested, "Place": nested}}
        rules = rule("Shop Paid", collided), rule("shop_paid", collided)
        self.generate(*rules)
        self.generate(*rules, command="check")

    def test_version(self) -> None:
        """A new version takes the method over, and the old one keeps the keywords that it had."""
        paid = rule("Paid", {"properties": {"site id": TEXT}})
        self.generate(paid)
        newer = rule("Paid", {"properties": {"site id": TEXT, "site_id": TEXT}})
        old = {**paid, "jsonSchema": newer["jsonSchema"]}
        self.generate(old, {**newer, "version": 2})
        self.assertEqual(
            {name: each["site id"] for name, each in self.keywords().items()},
            {"paid": "site_id", "paid_v1": "site_id"},
        )

    def test_hash_seed(self) -> None:
        """The bytes are the same whatever the hash seed."""
        limited = {
            "a": {"type": "number", "minimum": 0, "maximum": 9, "multipleOf": 0.5},
            "b": {
                "type": ["string", "array", "null"],
                "minLength": 1,
                "maxLength": 9,
                "minItems": 1,
                "maxItems": 9,
            },
        }
        plan = public_plan(rule("Limited", {"type": "object", "properties": limited}))
        self.write("plan.json", plan)
        made = []
        for seed in ("1", "2"):
            arguments = ("generate", "--plan", "plan.json", "--out", f"out{seed}")
            done = run(
                "-m", "segment_codegen", *arguments, cwd=self.folder, environment={"PYTHONHASHSEED": seed}
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            made.append(read_folder(self.folder / f"out{seed}"))
        self.assertEqual(made[0], made[1])

    def test_broken(self) -> None:
        """An index that cannot be read stops the work, since all names would be made anew."""
        paid = rule("Paid", {"properties": {}})
        self.generate(paid)
        for text in ("<<<<<<< HEAD", "{}x", "[1]", '[{"type": "track"}]', '{"a": 1}'):
            (self.folder / "out" / INDEX).write_text(text, encoding="utf-8")
            self.assertIn("[broken-index]", self.generate(paid, expected=2))

    def test_older_index(self) -> None:
        """An index of an earlier release, which has fewer names, is read for those that it has."""
        entry = {
            "type": "track",
            "event": "Paid",
            "version": "1",
            "method": "bought",
            "properties": {"a b": "c"},
        }
        self.write("out/catalogue.json", [entry])  # type: ignore[arg-type]  # the index is a list
        self.generate(rule("Paid", {"properties": {"a b": TEXT}}))
        self.assertEqual(self.keywords(), {"bought": {"a b": "c"}})


class PinTest(PlanTest):
    """Remembered that a user pins."""

    PLAN = (
        rule("Order Completed", {"properties": {"site id": TEXT, "from": LETTERS}}),
        rule("Order", {"properties": {"site id": TEXT}}),
    )

    def pinned(self, pins: dict[str, str]) -> list[Node]:
        """Answer the index of the plan's package under some pins."""
        plan = self.write("plan.json", public_plan(*self.PLAN))
        self.write("segment-codegen.json", {"names": pins})
        built = build_plan(plan, {("method", "track/Order"): "old"})
        index: list[Node] = json.loads(built.files[INDEX])
        return index

    def test_pinned(self) -> None:
        """A pin goes before what is remembered and what would be made, for each kind of name."""
        done, order = self.pinned(
            {
                "track/Order Completed": "order_done",
                "track/Order Completed#site id": "site",
                "track/Order Completed#/properties/from": "Origin",
                "track/Order Completed#/properties/from#a b": "letters",
                "track/Order": "ordered",
            }
        )
        self.assertEqual((done["method"], order["method"]), ("order_done", "ordered"))
        self.assertEqual(done["properties"], {"from": "from_property", "site id": "site"})
        self.assertEqual(done["classes"], {"/properties/from": "Origin", "": "OrderDone"})
        self.assertEqual(done["fields"]["/properties/from#a b"], "letters")
        self.assertEqual(done["fields"]["site id"], "site")

    def test_refused(self) -> None:
        """A pin that fits nothing, twice the same, or that is no such name is an error where it stands."""
        cases: dict[str, dict[str, str]] = {
            "unused-pin": {"track/Gone": "gone"},
            "repeated-pin": {"track/Order": "same", "track/Order Completed": "same"},
            "refused-pin": {"track/Order": "class"},
        }
        others = [{"track/Order": each} for each in ("Order", "_order", "order done", "str", "", "a\u2170")]
        others += [{"track/Order#site id": each} for each in ("user_id", "self", "_x", "a b", "call")]
        others += [{"track/Order#": each} for each in ("order", "Literal", "OrderDict", "O_O", "None")]
        for key, pins in [*cases.items(), *(("refused-pin", each) for each in others)]:
            with self.subTest(pins), self.assertRaises(SchemaError) as caught:
                self.pinned(pins)
            found = {(each.rule, each.file) for each in caught.exception.diagnostics}
            self.assertEqual(found, {(key, (self.folder / "segment-codegen.json").as_posix())})


if __name__ == "__main__":
    unittest.main()
