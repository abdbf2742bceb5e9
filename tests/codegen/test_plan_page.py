"""docs/tracking-plans.md: what it shows works, and what it names is there."""

import copy
import json
import re
import shlex
import tempfile
import unittest
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

from segment_codegen.build import build_plan
from segment_codegen.cli import main

from tests.pages import PLANS
from tests.sources import ROOT

PAGE = PLANS.text


class PageTest(unittest.TestCase):
    """The examples."""

    def test_options(self) -> None:
        """The options hold for the page's plan, with the events that they name beside it."""
        plan: dict[str, Any] = json.loads(PLANS.blocks("json")[0][1])
        order = plan["rules"][0]
        refunded = {**copy.deepcopy(order), "key": "Order Refunded"}
        called = {**copy.deepcopy(order), "key": "Order Called"}
        called["jsonSchema"]["required"] = ["anonymousId"]
        common = {**copy.deepcopy(called), "key": "", "type": "COMMON"}
        plan["rules"] += [refunded, common, called, {**copy.deepcopy(order), "version": 1}]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
            (folder / "segment-codegen.json").write_text(PLANS.blocks("json")[1][1], encoding="utf-8")
            (folder / "templates").mkdir()
            built = build_plan(folder / "plan.json")
        index = {each["event"]: each for each in json.loads(built.files["catalogue.json"])}
        done = index["Order Completed"]
        self.assertEqual(sorted(index), ["Order Called", "Order Completed"])
        self.assertEqual((done["method"], done["properties"]["order id"]), ("order_done", "order"))
        self.assertEqual(done["classes"], {"/properties/lines/items": "OrderLine", "": "OrderDone"})
        self.assertEqual(built.notes, ())

    def test_identities(self) -> None:
        """The table of identities names things as the index of a package does."""
        rows = re.findall(r"^\| .* \| `([^`]+)` \|$", PAGE, re.MULTILINE)
        self.assertEqual(len(rows), 5)
        self.assertTrue(all(each.startswith("track/Order Completed") for each in rows))
        self.assertIn("/properties/lines/items#sku", rows[-1])

    def test_commands(self) -> None:
        """Each command that is shown is understood."""
        shown = re.findall(r"^(?:- run: )?segment-codegen (.+)$", PAGE, re.MULTILINE)
        self.assertEqual(len(shown), 6)
        for line in shown:
            with self.subTest(line):
                self.assert_understood(shlex.split(line, comments=True))

    def test_hooks(self) -> None:
        """The hooks that are named are those that the repository offers, and run commands that there are."""
        hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
        offered = dict(
            re.findall(r"^- id: (.+)\n(?:  .+\n)*?  entry: segment-codegen (.+)$", hooks, re.MULTILINE)
        )
        self.assertEqual(set(offered), set(re.findall(r"`(segment-codegen-\w+)`", PAGE)))
        (arguments,) = re.findall(r"args: \[(.+)\]", PAGE)
        for command in offered.values():
            self.assert_understood([command, *arguments.split(", ")])

    def assert_understood(self, words: list[str]) -> None:
        """Run a command, watching apart, where there is no plan: its arguments are right, and it says so."""
        with redirect_stderr(StringIO()) as said:
            self.assertEqual(main([each for each in words if each != "--watch"]), 2)
        self.assertIn("plan.json", said.getvalue())


if __name__ == "__main__":
    unittest.main()
