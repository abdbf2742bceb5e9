"""Generates a package of every plan and schema in a folder, uses it, and prints how far it went.

`python -m tests.corpora DIR --pyright PYTHON` exits 1 where anything that was generated fails, or a diff of
two versions says what an independent validator refutes; what is refused is counted, with the reason.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

from segment_codegen.build import build_plan
from segment_codegen.diff.verdicts import BUMPS
from segment_codegen.errors import Diagnostic, SchemaError, pointer
from segment_codegen.plans.detect import read_plan
from segment_codegen.plans.model import Rule
from segment_codegen.write import write_folder

from segment_client import SegmentClient
from segment_client.testing import RecordingTransport
from tests.corpora.checkers import mypy, pyright
from tests.corpora.examples import examples
from tests.corpora.histories import History, histories
from tests.corpora.mutants import mutants
from tests.corpora.sources import inputs, validator, whole_schema

GID = "5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30"
EXAMPLES = 8
NEAR = 3
"""Of how many examples documents are made that are nearly right."""
Node = dict[str, Any]
IMPORT = """
import importlib, pkgutil, {0}
for module in pkgutil.walk_packages({0}.__path__, "{0}."):
    importlib.import_module(module.name)
"""


@dataclass
class Score:
    """What became of one corpus."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def main() -> int:
    """Run over the folder that is named; answers the exit status."""
    parser = argparse.ArgumentParser(prog="tests.corpora", description=__doc__)
    parser.add_argument(
        "folder", type=Path, help="a folder of plans and schemas, in a folder for each corpus"
    )
    parser.add_argument(
        "--pyright", type=Path, required=True, metavar="PYTHON", help="a Python that has pyright"
    )
    given = parser.parse_args()
    scores: dict[str, Score] = {}
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        sys.path.insert(0, name)
        for corpus, file in inputs(given.folder):
            run(file, out, scores.setdefault(corpus, Score()))
        checked = {"mypy --strict": mypy(out), "pyright": pyright(out, given.pyright)}
    scores["version histories"] = compared(list(histories(given.folder)))
    for corpus, score in scores.items():
        print(f"\n{corpus}: {', '.join(f'{count} {what}' for what, count in score.counts.items())}")  # noqa: T201 - the figures are what is asked for
        print("".join(f"  {line}\n" for line in (*score.lines, *score.failures)), end="")  # noqa: T201 - the same
    for checker, errors in checked.items():
        print("\n".join((f"{checker}: {len(errors)} errors", *errors[:20])))  # noqa: T201 - the same
    failed = not scores or any(score.failures for score in scores.values()) or any(checked.values())
    return 1 if failed else 0


def compared(found: Sequence[History]) -> Score:
    """Compare the versions of each schema that the folder has several of."""
    score = Score()
    for each in found:
        each.run()
        score.lines += each.short
        score.failures += each.failures
    needed = Counter(bump for each in found for bump in each.needed)
    score.counts["histories"] = len(found)
    score.counts["diffed"] = sum(len(each.needed) == len(each.files) - 1 for each in found)
    score.counts["steps"] = needed.total()
    score.counts.update({f"need {bump}": needed[bump] for bump in reversed(BUMPS) if needed[bump]})
    score.counts["examples held against the next version"] = sum(each.held for each in found)
    return score


def run(file: Path, out: Path, score: Score) -> None:
    """Generate the package of one file and send examples of its events through it."""
    name = f"plan_{len(list(out.iterdir()))}"
    where = f"{file.parent.name}/{file.name}"
    score.counts["files"] += 1
    score.counts["generated"] += 0
    try:
        plan = read_plan(file)
        score.counts["events in"] += len(plan.rules)
        built = build_plan(file)
    except SchemaError as error:
        score.counts["refused"] += 1
        score.lines += [f"{where}: refused: {each.message} [{each.rule}]" for each in error.diagnostics]
        return
    score.lines += [f"{where}: note: {each.message} [{each.rule}]" for each in built.notes]
    write_folder(out / name, built.files)
    fresh = subprocess.run(
        [sys.executable, "-c", IMPORT.format(name)], cwd=out, capture_output=True, text=True, check=False
    )
    if fresh.returncode:
        score.failures.append(f"{where}: {fresh.stderr}")
        return
    importlib.invalidate_caches()
    package = importlib.import_module(name)
    score.counts["generated"] += 1
    index = json.loads(built.files["catalogue.json"])
    score.counts["methods out"] += len(index)
    for rule in plan.rules:
        entry = next(
            each
            for each in index
            if (each["type"], each["event"], each["version"]) == (rule.type, rule.name, rule.version)
        )
        schema = whole_schema(rule.schema)
        if found := list(examples(schema, EXAMPLES)):
            send(package, rule, entry, found, where, score)
            event = importlib.import_module(f"{name}.event_models.{entry['method']}").event
            judge(event, schema, found[:NEAR], f"{where}: {rule.identity}", score)
        else:
            admits_nothing(rule, built.notes, where, score)


def admits_nothing(rule: Rule, notes: Sequence[Diagnostic], where: str, score: Score) -> None:
    """Count an event without examples: where the generator says that nothing is valid, that is in order."""
    below = pointer(*rule.schema.steps)
    if any(each.rule == "admits-nothing" and each.pointer.startswith(below) for each in notes):
        score.counts["events whose schema allows nothing"] += 1
    else:
        score.failures.append(f"{where}: {rule.identity}: no example that its schema allows was found")


def judge(event: Any, schema: Node, found: Sequence[Node], where: str, score: Score) -> None:
    """Hold what a package says of documents that are nearly right against what the schema says."""
    valid = validator(schema).is_valid
    for document in chain.from_iterable(map(mutants, found)):
        if valid(document) != (event.refusal(document) is None):
            score.failures.append(f"{where}: the package and the schema differ on {document}")
            return
        score.counts["nearly right documents judged alike"] += 1


def send(
    package: ModuleType,
    rule: Rule,
    entry: dict[str, Any],
    found: Sequence[Node],
    where: str,
    score: Score,
) -> None:
    """Send examples of an event, and hold what arrives against them and the schema."""
    valid = validator(whole_schema(rule.schema)).is_valid
    score.counts["events sent"] += 1
    section = "traits" if rule.type in {"identify", "group"} else "properties"
    for document in found:
        transport = RecordingTransport()
        with SegmentClient("key", GID, "test", transport=transport, typed_properties=True) as client:
            events = package.Events(client.bind(root_event_gid=GID, user_id="u"))
            keywords = {
                entry["properties"][key]: value
                for key, value in document.items()
                if key in entry["properties"]
            }
            if rest := {key: value for key, value in document.items() if key not in entry["properties"]}:
                keywords["extra_properties"] = rest
            if rule.type == "group":
                keywords["group_id"] = "g"
            try:
                getattr(events, entry["method"])(**keywords)
            except Exception as error:  # noqa: BLE001 - whatever is raised is a failure to report
                score.failures.append(f"{where}: {rule.identity}: {document} was refused: {error!r}")
                return
        arrived = transport.events[0].get(section, {})
        name = transport.events[0].get("event" if rule.type == "track" else "name", "")
        is_same = json.dumps(arrived, sort_keys=True) == json.dumps(document, sort_keys=True)
        if not is_same or name != rule.name or not valid(arrived):
            score.failures.append(f"{where}: {rule.identity}: {document} arrived as {arrived}")
            return
        score.counts["examples arrived as sent"] += 1


if __name__ == "__main__":
    sys.exit(main())
