"""How fast a spool takes events on, and how fast a client delivers what waits in one.

`python -m benchmarks.spool [--events N] [--rounds N] [--folder DIR]`. The first table has calls and appends
that return when their event is on disk: whole calls of a client that cannot send meanwhile, then of one
that does; events that are appended to the file alone; the same with `fsync="power"`, which flushes the disk
each time. The second one has what clients deliver by HTTP of events that wait, from memory and from a spool
in turn, to a server in a process of its own that answers a batch of 100 after so many milliseconds. All
figures are medians of the rounds, of events a second, with how far apart the rounds lay.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import uuid4

from benchmarks.runs import serving
from segment_client import SegmentClient
from segment_client.clock import SystemClock
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.spool import Fsync, Spool
from segment_client.http import RequestsTransport
from segment_client.transport import Request, Response

__all__ = ["main"]

_THREADS = (1, 8)
_ANSWERS = {0: 1, 10: 2, 50: 8}
"""After how many milliseconds the server answers, and how many times fewer events are enough then."""

_POWER_SHARE = 10
"""How many times fewer events are enough where each call flushes the disk."""

_LEAST_EVENTS = 8 * max(_POWER_SHARE, *_ANSWERS.values())
_WARM_UP = 200
_BODY = b'{"type":"track","event":"Report Exported","properties":{"path":"/pricing","text":"%s"}}' % (
    b"x" * 500
)

_Track = Callable[[int], object]
"""Makes the call for the event of a number."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure round after round, and print the tables."""
    parser = argparse.ArgumentParser(description="How fast a spool takes events on, and how fast they leave.")
    parser.add_argument("--events", type=int, default=10_000, help="events to measure a way by")
    parser.add_argument("--rounds", type=int, default=5, help="how often each way is measured")
    parser.add_argument("--folder", type=Path, help="where to put the spool: on the disk to measure")
    given = parser.parse_args(argv)
    if given.events < _LEAST_EVENTS or given.rounds < 1:
        parser.error(f"too few to measure by: pass --events {_LEAST_EVENTS} and --rounds 1 at least")
    taken: dict[tuple[str, int], list[float]] = defaultdict(list)
    left: dict[tuple[int, str], list[float]] = defaultdict(list)
    with serving() as url:
        for number in range(given.rounds):
            sys.stderr.write(f"round {number + 1} of {given.rounds}\n")
            with tempfile.TemporaryDirectory(dir=given.folder) as folder:
                _round(url, given.events, (Path(folder) / f"{each}.db" for each in count()), taken, left)
    sys.stdout.write(f"load average {os.getloadavg()[0]:.1f}, medians of {given.rounds} rounds\n\n")
    sys.stdout.write(f"{'durable, a second':<28}{'threads':>8}{'':>14}\n")
    for (what, threads), rates in taken.items():
        sys.stdout.write(f"{what:<28}{threads:>8}{_figure(rates)}\n")
    sys.stdout.write(f"\n{'delivered a second, answers':<28}{'memory':>21}{'spool':>21}{'ratio':>8}\n")
    for milliseconds in _ANSWERS:
        memory, spool = left[milliseconds, "memory"], left[milliseconds, "spool"]
        ratio = median(spool) / median(memory)
        line = f"{f'after {milliseconds} ms':<28}{_figure(memory)}{_figure(spool)}{ratio:>8.2f}\n"
        sys.stdout.write(line)
    return 0


def _round(
    url: str,
    events: int,
    paths: Iterator[Path],
    taken: dict[tuple[str, int], list[float]],
    left: dict[tuple[int, str], list[float]],
) -> None:
    for threads in _THREADS:
        taken["track()", threads].append(_calls(url, next(paths), threads, events, sends=False))
    for threads in _THREADS:
        taken["track(), sending", threads].append(_calls(url, next(paths), threads, events, sends=True))
    for threads in _THREADS:
        taken["append", threads].append(_appends(next(paths), "process", threads, events))
    for threads in _THREADS:
        taken['append, fsync="power"', threads].append(
            _appends(next(paths), "power", threads, events // _POWER_SHARE)
        )
    for milliseconds, share in _ANSWERS.items():
        for name, path in (("memory", None), ("spool", next(paths))):
            rate = _deliver(f"{url}/after/{milliseconds}", path, events // share)
            left[milliseconds, name].append(rate)


class _Gated(RequestsTransport):
    """Sends nothing before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def send(self, request: Request) -> Response:
        """Send a request, when it is time."""
        self.go.wait()
        return super().send(request)


@contextmanager
def _client(url: str, path: Path | None, events: int) -> Iterator[tuple[_Track, _Gated, SegmentClient]]:
    """Yield what tracks the event of a number, what keeps it from being sent, and the client."""
    gate, root = _Gated(), uuid4()
    with SegmentClient(
        "key", uuid4(), "default", url, delivery="background", max_queue=events, spool=path, transport=gate
    ) as client:

        def track(number: int) -> None:
            properties = {"report": "Revenue by region", "format": "pdf", "rows": number, "path": "/reports"}
            client.track(root, "Report Exported", user_id=f"user-{number % 1000}", properties=properties)

        for number in range(_WARM_UP):
            track(number)
        yield track, gate, client
        gate.go.set()
        if not client.flush(600):
            raise TimeoutError(f"after 600 s: {client.stats()}")


def _calls(url: str, path: Path, threads: int, events: int, *, sends: bool) -> float:
    """Return how many calls a second return, of a client that can send meanwhile or not."""
    with _client(url, path, events) as (track, gate, _):
        if sends:
            gate.go.set()
        return _rate(threads, events, track)


def _appends(path: Path, fsync: Fsync, threads: int, events: int) -> float:
    """Return how many events a second are appended."""
    spool = Spool(
        path,
        1,
        SystemClock(),
        lease=60.0,
        max_age=3600.0,
        max_bytes=10_000_000_000,
        fsync=fsync,
        on_written=lambda _: None,
        lands=fsync == "process",
    )
    event = Outgoing(_BODY, "track", str(uuid4()), uuid4(), False)
    rate = _rate(threads, events, lambda _: spool.append(event))
    spool.close()
    return rate


def _deliver(url: str, path: Path | None, events: int) -> float:
    """Return how many of the events that wait a client delivers in a second."""
    with _client(url, path, events + _WARM_UP) as (track, gate, client):
        for number in range(events):
            track(number)
        began = perf_counter()
        gate.go.set()
        if not client.flush(600):
            raise TimeoutError(f"after 600 s: {client.stats()}")
        return (events + _WARM_UP) / (perf_counter() - began)


def _rate(threads: int, events: int, work: Callable[[int], object]) -> float:
    """Return how often a second so many threads do work that is done so often in all."""
    each = events // threads
    start = threading.Barrier(threads + 1)

    def run() -> None:
        start.wait()
        for number in range(each):
            work(number)

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    start.wait()
    began = perf_counter()
    for worker in workers:
        worker.join()
    return each * threads / (perf_counter() - began)


def _figure(rates: Sequence[float]) -> str:
    middle = median(rates)
    return f"{middle:>14,.0f} ±{(max(rates) - min(rates)) / middle / 2:>4.0%}"


if __name__ == "__main__":
    sys.exit(main())
