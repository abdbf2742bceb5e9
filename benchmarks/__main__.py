"""`make bench`: our client beside the others of the field, on one machine, in one run.

Prints two Markdown tables (the comparison, and how cost grows with the work), and writes all samples as JSON
and the comparison as a chart. It is no test: slow figures are figures. Only lost events fail it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import environments
from benchmarks.chart import chart
from benchmarks.report import as_json, machine, scaling_table, table
from benchmarks.runs import Plan, compare, scale

__all__ = ["main"]

_FULL = Plan(rounds=11, events=10_000, scales=(1_000, 10_000, 100_000, 1_000_000))
_QUICK = Plan(rounds=5, events=2_000, scales=(1_000, 10_000))


def main(argv: Sequence[str] | None = None) -> int:
    """Install the clients, measure, and report."""
    parser = argparse.ArgumentParser(description="Measure our client beside the others of the field.")
    parser.add_argument("--quick", action="store_true", help="fewer and smaller rounds, in about a minute")
    parser.add_argument("--out", type=Path, help="the folder for benchmark.json and benchmark.svg")
    given = parser.parse_args(argv)
    plan = _QUICK if given.quick else _FULL
    out = given.out or environments.ROOT / (".benchmarks" if given.quick else "docs")
    environments.install()
    comparison = compare(plan, _tell)
    scaling = scale(plan, _tell)
    (out / "benchmark.json").write_text(json.dumps(as_json(comparison, scaling), indent=1) + "\n", "utf-8")
    (out / "benchmark.svg").write_text(chart(comparison), "utf-8")
    sys.stdout.write(f"{machine()}; medians of {plan.rounds} rounds\n\n")
    sys.stdout.write(f"{table(comparison)}\n{scaling_table(scaling)}")
    lost = comparison.lost + scaling.lost
    if lost:
        sys.stderr.write(f"{lost} events were lost\n")
    return 1 if lost else 0


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
