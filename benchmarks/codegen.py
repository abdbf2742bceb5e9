"""How long a large tracking plan takes: to generate its package, and to import and use it.

`python -m benchmarks.codegen [--events N] [--properties N]`. The goals for 1,000 events of 15 properties are
under 20 seconds to generate them and under 1.5 seconds to import them. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from segment_codegen.build import build_plan
from segment_codegen.write import write_folder

__all__ = ["main"]

_IMPORT = (
    "import time; start = time.perf_counter(); from plan import Events; done = time.perf_counter() - start"
)
_USE = """
class Client:
    def track(self, **given):
        return given

events = Events(Client())
start = time.perf_counter()
{call}
first = time.perf_counter() - start
start = time.perf_counter()
for _ in range(1000):
    {call}
print(done, first, (time.perf_counter() - start) / 1000)
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Generate a plan's package, use it in a fresh interpreter, and print how long each step takes."""
    parser = argparse.ArgumentParser(description="How long a large tracking plan takes.")
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--properties", type=int, default=15)
    given = parser.parse_args(argv)
    if given.events < 1 or given.properties < 1:
        parser.error("there is nothing to measure: pass numbers from 1 on")
    with TemporaryDirectory() as name:
        folder = Path(name)
        plan = folder / "plan.json"
        plan.write_text(json.dumps(_plan(given.events, given.properties)), encoding="utf-8")
        start, used = perf_counter(), _cpu()
        files = build_plan(plan).files
        write_folder(folder / "plan", files)
        generated, used = perf_counter() - start, _cpu() - used
        cold, warm = _used(folder, given.properties), _used(folder, given.properties)
    sys.stdout.write(f"{given.events} events of {given.properties} properties\n\n")
    lines = sum(text.count("\n") for text in files.values())
    sys.stdout.write(f"{'generate':<28}{generated:>10.2f} s    {len(files)} files, {lines} lines\n")
    sys.stdout.write(f"{'  of which it computes':<28}{used:>10.2f} s\n")
    sys.stdout.write(f"{'import, nothing compiled':<28}{cold[0]:>10.2f} s\n")
    sys.stdout.write(f"{'import':<28}{warm[0]:>10.2f} s\n")
    sys.stdout.write(f"{'first call of an event':<28}{warm[1] * 1e3:>10.2f} ms\n")
    sys.stdout.write(f"{'each further call':<28}{warm[2] * 1e6:>10.2f} us\n")
    return 0


def _cpu() -> float:
    """Answer the seconds that this process and those that it has waited for have computed."""
    return sum(os.times()[:4])


def _plan(events: int, properties: int) -> dict[str, object]:
    """Answer a plan with properties of every common kind."""
    kinds: Sequence[dict[str, object]] = (
        {"type": "string"},
        {"type": "integer", "minimum": 0},
        {"type": ["string", "null"]},
        {"type": "number"},
        {"enum": ["a", "b", "c"]},
        {"type": "boolean"},
        {"type": "string", "format": "date-time"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "properties": {"id": {"type": "string"}, "size": {"type": "integer"}}},
    )
    listed = {
        f"property {number}": {**kinds[number % len(kinds)], "description": f"What property {number} says."}
        for number in range(properties)
    }
    schema = {
        "type": "object",
        "properties": listed,
        "required": ["property 0"],
        "additionalProperties": False,
    }
    envelope = {"type": "object", "properties": {"properties": schema}}
    rules = [
        {"key": f"Event {number}", "type": "TRACK", "version": 1, "jsonSchema": envelope}
        for number in range(events)
    ]
    return {"id": "tp_1", "name": "Large", "rules": rules}


def _used(folder: Path, properties: int) -> tuple[float, float, float]:
    """Answer the seconds of the import, the first and a further call, in an interpreter of their own."""
    second = ", property_1=1" if properties > 1 else ""
    call = f"events.event_0(property_0='x'{second})"
    program = f"{_IMPORT}\n{_USE.format(call=call)}"
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    imported, first, further = map(float, done.stdout.split())
    return imported, first, further


if __name__ == "__main__":
    sys.exit(main())
