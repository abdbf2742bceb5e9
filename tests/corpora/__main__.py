"""Generates a package of every plan and schema in a folder, uses it, and prints how far it went.

`python -m tests.corpora DIR` exits 1 where anything that was generated fails; what is refused is counted,
with the reason.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from segment_codegen.build import build_plan
from segment_codegen.errors import SchemaError
from segment_codegen.plans.detect import read_plan
from segment_codegen.plans.model import Rule
from segment_codegen.write import write_folder

from segment_client import SegmentClient
from segment_client.testing import RecordingTransport
from tests.corpora.checkers import mypy, pyright
from tests.corpora.examples import examples
from tests.corpora.sources import inputs, whole_schema

GID = "5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30"
EXAMPLES = 8
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
    folder = parser.parse_args().folder
    scores: dict[str, Score] = {}
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        sys.path.insert(0, name)
        for corpus, file in inputs(folder):
            run(file, out, scores.setdefault(corpus, Score()))
        checked = [("mypy --strict", mypy(out)), ("pyright", pyright(out))]
    for corpus, score in scores.items():
        print(f"\n{corpus}: {', '.join(f'{count} {what}' for what, count in score.counts.items())}")  # noqa: T201 - the figures are what is asked for
        print("".join(f"  {line}\n" for line in (*score.lines, *score.failures)), end="")  # noqa: T201 - the same
    for checker, errors in checked:
        said = "is not installed: pip install pyright" if errors is None else f"{len(errors)} errors"
        print("\n".join((f"{checker}: {said}", *(errors or [])[:20])))  # noqa: T201 - the same
    return (
        1 if any(score.failures for score in scores.values()) or any(errors for _, errors in checked) else 0
    )


def run(file: Path, out: Path, score: Score) -> None:
    """Generate the package of one file and send examples of its events through it."""
    name = f"plan_{len(list(out.iterdir()))}"
    where = f"{file.parent.name}/{file.name}"
    score.counts["files"] += 1
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
    index = json.loads(built.files["catalogue.json"])
    score.counts["methods out"] += len(index)
    for rule in plan.rules:
        entry = next(
            each
            for each in index
            if (each["type"], each["event"], each["version"]) == (rule.type, rule.name, rule.version)
        )
        send(package, rule, entry, where, score)


def send(package: ModuleType, rule: Rule, entry: dict[str, Any], where: str, score: Score) -> None:
    """Send examples of one event and hold what arrives against them."""
    found = list(examples(whole_schema(rule.schema), EXAMPLES))
    if not found:
        score.counts["events of which no example is valid"] += 1
        score.lines.append(f"{where}: {rule.identity}: no example that its schema allows was found")
        return
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
        if json.dumps(arrived, sort_keys=True) != json.dumps(document, sort_keys=True) or name != rule.name:
            score.failures.append(f"{where}: {rule.identity}: {document} arrived as {arrived}")
            return
        score.counts["examples arrived as sent"] += 1


if __name__ == "__main__":
    sys.exit(main())
