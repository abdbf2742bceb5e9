"""Runs the measurements: every client in turn, round after round, so that the machine's moods hit all alike.

Each measurement is a process of its own, in the environment of its client.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.request import urlopen

from benchmarks.adapters import ADAPTERS
from benchmarks.environments import PEERS, ROOT, VARIABLES, python

__all__ = ["FIELDS", "THREADS", "Plan", "Samples", "compare", "scale", "serving"]

FIELDS = (10, 50, 300)
THREADS = (1, 2, 4, 8, 16)

_CLIENTS = ("ours", *PEERS)
_IMPORTS = {"bare": "pass", "package": "import segment_client"}
_LONG = 10_000
"""From more events on than these, one round is enough."""

_LIMIT = 900
"""Seconds after which a measurement hangs."""


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    events: int
    scales: Sequence[int]


@dataclass
class Samples:
    """What was measured, by client and measure, round after round; and how many events were lost."""

    values: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    lost: int = 0

    def add(self, client: str, measure: str, value: float) -> None:
        """Keep a figure."""
        self.values[client, measure].append(value)


def compare(plan: Plan, tell: Callable[[str], None]) -> Samples:
    """Measure our client beside the others, and the floors."""
    samples = Samples()
    with serving() as url:
        for client in _CLIENTS:
            _sizes(samples, client, url)
        for number in range(plan.rounds):
            tell(f"round {number + 1} of {plan.rounds}")
            for client in _CLIENTS:
                _imports(samples, client)
                _first(samples, client, url)
            for client in (*_CLIENTS, "ready"):
                for threads in (1, 8):
                    _load(samples, client, url, plan.events, threads)
            for threads in (1, 8):
                _load_plain(samples, url, plan.events, threads)
            for client in ("ours", "ready"):
                figures = _measure(samples, client, "direct", url, f"--events={plan.events // 10}")
                samples.add(client, "direct_us", figures["call_us"])
    return samples


def scale(plan: Plan, tell: Callable[[str], None]) -> Samples:
    """Measure our client with more events, fields and threads: microseconds of CPU an event."""
    samples = Samples()
    cases: dict[str, tuple[str, ...]] = {f"{count} events": (f"--events={count}",) for count in plan.scales}
    cases |= {f"{count} fields": (f"--events={plan.events}", f"--fields={count}") for count in FIELDS}
    cases |= {f"{count} threads": (f"--events={plan.events}", f"--threads={count}") for count in THREADS}
    long = {f"{count} events" for count in plan.scales if count > _LONG}
    with serving() as url:
        for number in range(plan.rounds):
            tell(f"scaling, round {number + 1} of {plan.rounds}")
            for name, options in cases.items():
                if number and name in long:
                    continue  # a long one is its own average
                figures = _measure(samples, "ours", "load", url, *options)
                for measure in ("cpu_us", "events_per_s"):
                    samples.add(name, measure, figures[measure])
    return samples


def _load(samples: Samples, client: str, url: str, events: int, threads: int) -> None:
    figures = _measure(samples, client, "load", url, f"--events={events}", f"--threads={threads}")
    samples.add(client, f"events_per_s_{threads}", figures["events_per_s"])
    if threads == 1:
        for measure in ("call_us", "call_p99_us", "cpu_us"):
            samples.add(client, measure, figures[measure])


def _load_plain(samples: Samples, url: str, events: int, threads: int) -> None:
    """Measure ours without gzip: what is posted ready-made has none."""
    options = (f"--events={events}", f"--threads={threads}", "--no-gzip")
    figures = _measure(samples, "ours", "load", url, *options)
    samples.add("ours", f"plain_events_per_s_{threads}", figures["events_per_s"])
    floor = samples.values["ready", f"events_per_s_{threads}"][-1]
    samples.add("ready", f"plain_events_per_s_{threads}", floor)


def _sizes(samples: Samples, client: str, url: str) -> None:
    """Bytes and memory are the same in every round."""
    more = () if client == "snowplow" else ("--gzip",)  # it has none
    figures = _measure(samples, client, "load", url, "--events=2000", *more)
    samples.add(client, "bytes", figures["bytes"])
    figures = _measure(samples, client, "memory", url, "--events=20000")
    samples.add(client, "memory_mb", figures["megabytes"])


def _imports(samples: Samples, client: str) -> None:
    """The time of an import is that of the process, less that of a process that imports nothing."""
    bare = _seconds(client, _IMPORTS["bare"])
    samples.add(client, "import_ms", (_seconds(client, ADAPTERS[client].modules) - bare) * 1e3)
    if client == "ours":
        samples.add(client, "package_ms", (_seconds(client, _IMPORTS["package"]) - bare) * 1e3)


def _seconds(client: str, statement: str) -> float:
    began = time.perf_counter()
    subprocess.run([python(client), "-c", statement], check=True, env=VARIABLES, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def _first(samples: Samples, client: str, url: str) -> None:
    _ask(url, "/reset")
    began = time.monotonic()
    _measure(samples, client, "first", url)
    samples.add(client, "first_ms", (_ask(url, "/count")["first"] - began) * 1e3)


def _measure(samples: Samples, client: str, what: str, url: str, *options: str) -> Mapping[str, float]:
    command = [python(client), "-m", "benchmarks.measure", client, what, f"--url={url}", *options]
    done = subprocess.run(
        command, cwd=ROOT, env=VARIABLES, capture_output=True, text=True, timeout=_LIMIT, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    samples.lost += round(figures["lost"])
    return figures


def _ask(url: str, path: str) -> dict[str, float]:
    with urlopen(url + path, timeout=10) as answer:  # noqa: S310  # our own server, on loopback
        parsed: dict[str, float] = json.load(answer)
    return parsed


@contextmanager
def serving() -> Iterator[str]:
    """Run the server that counts, in a process of its own; yield its URL."""
    command = [sys.executable, "-m", "benchmarks.server"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
