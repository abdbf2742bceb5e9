"""Measures one client once, in the environment of that client, and prints the figures as JSON.

`python -m benchmarks.measure CLIENT load|direct|memory|first --url URL ...` imports nothing but the client
and the standard library. `load` counts from the first call until the server has all events, `direct` takes
the calls that return when their event was sent, `memory` queues events for a server that never answers,
`first` sends one event and ends.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.adapters import ADAPTERS, Adapter, Track

__all__ = ["main"]

Figures = dict[str, float]

_WARM_UP = 200
_PATIENCE = 30.0
"""Seconds after which events that have not come are lost."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure one client once.")
    parser.add_argument("client", choices=sorted(ADAPTERS))
    parser.add_argument("what", choices=sorted(_MEASURES))
    parser.add_argument("--url", required=True)
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--gzip", action=argparse.BooleanOptionalAction, help="else the client's default")
    parser.add_argument("--fields", type=int, default=0, help="properties of an event; ours only")
    given = parser.parse_args(argv)
    queue = given.events + _WARM_UP
    path = "/hang" if given.what == "memory" else ""
    adapter = ADAPTERS[given.client](given.url + path, queue, gzip=given.gzip, fields=given.fields)
    figures = _MEASURES[given.what](adapter, given)
    sys.stdout.write(json.dumps(figures))
    sys.stdout.flush()
    if given.what == "memory":
        os._exit(0)  # what waits is never answered
    return 0


def _load(adapter: Adapter, given: argparse.Namespace) -> Figures:
    track = adapter.connect()
    for number in range(_WARM_UP):
        track(number)
    adapter.finish()
    _counted(given.url, _WARM_UP)
    _ask(given.url, "/reset")
    each = given.events // given.threads
    spent: list[int] = []
    cpu, began = time.process_time(), time.monotonic()
    _in_threads(given.threads, lambda: spent.extend(_timed(track, each)))
    called = time.monotonic() - began
    adapter.finish()
    cpu = time.process_time() - cpu
    count = each * given.threads
    got = _counted(given.url, count)
    spent.sort()
    return {
        "call_us": spent[count // 2] / 1e3,
        "call_p99_us": spent[count * 99 // 100] / 1e3,
        "calls_per_s": count / called,
        "events_per_s": count / (got["last"] - began),
        "cpu_us": cpu / count * 1e6,
        "bytes": got["bytes"] / count,
        "lost": count - got["events"],
    }


def _direct(adapter: Adapter, given: argparse.Namespace) -> Figures:
    track = adapter.connect_direct()
    for number in range(_WARM_UP // 2):
        track(number)
    _counted(given.url, _WARM_UP // 2)
    _ask(given.url, "/reset")
    spent = sorted(_timed(track, given.events))
    got = _counted(given.url, given.events)
    return {"call_us": spent[given.events // 2] / 1e3, "lost": given.events - got["events"]}


def _memory(adapter: Adapter, given: argparse.Namespace) -> Figures:
    track = adapter.connect()
    track(0)  # what is loaded with the first event is no part of the queue
    before = _peak()
    for number in range(given.events):
        track(number)
    return {"megabytes": (_peak() - before) / 1024, "lost": 0.0}


def _first(adapter: Adapter, _: argparse.Namespace) -> Figures:
    adapter.connect_direct()(0)
    return {"lost": 0.0}


_MEASURES: dict[str, Callable[[Adapter, argparse.Namespace], Figures]] = {
    "load": _load,
    "direct": _direct,
    "memory": _memory,
    "first": _first,
}


def _timed(track: Track, count: int) -> list[int]:
    """Return the nanoseconds of each call."""
    clock = time.perf_counter_ns
    spent = []
    for number in range(count):
        began = clock()
        track(number)
        spent.append(clock() - began)
    return spent


def _in_threads(count: int, work: Callable[[], None]) -> None:
    if count == 1:
        work()
        return
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _counted(url: str, events: int) -> dict[str, Any]:
    """Wait until the server has counted so many events, or no longer than is patient; return its counts."""
    until = time.monotonic() + _PATIENCE
    while (got := _ask(url, "/count"))["events"] < events and time.monotonic() < until:
        time.sleep(0.001)
    return got


def _ask(url: str, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(url + path, timeout=10) as answer:  # noqa: S310  # our own server, on loopback
        parsed: dict[str, Any] = json.load(answer)
    return parsed


def _peak() -> float:
    """Return the largest resident size so far, in KB."""
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    sys.exit(main())
