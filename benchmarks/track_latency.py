"""How long `track()` takes the thread that calls it, in background delivery.

`python -m benchmarks.track_latency [--calls N]`. The server is a process of its own. Each line is one state
of it, with a queue that has room for all events; in the last the queue is full. The times are microseconds a
call.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter_ns
from uuid import uuid4

from segment_client import SegmentClient
from segment_client.testing import Answer, FakeServer

__all__ = ["main"]

_ANSWERS = {
    "answers": Answer(),
    "fails": Answer(503, {"Retry-After": "0"}),
    "hangs": Answer(fault="hang"),
}
_WARM_UP = 1_000


def main(argv: Sequence[str] | None = None) -> int:
    """Measure each state of the server, and print a table."""
    parser = argparse.ArgumentParser(description="How long track() takes the thread that calls it.")
    parser.add_argument("--calls", type=int, default=100_000, help="calls to measure a state by")
    calls = parser.parse_args(argv).calls
    if calls < 1:
        parser.error("--calls is less than 1: nothing would be measured")
    logging.disable()  # that the queue is full, or that events are left at the end, is no news here
    sys.stdout.write(f"{calls} calls of track(), microseconds each\n\n")
    sys.stdout.write(f"{'server':<14}{'p50':>10}{'p99':>10}{'p99.9':>10}{'max':>12}{'calls/s':>12}\n")
    roomy = _WARM_UP + calls
    for state, queue in (("answers", roomy), ("fails", roomy), ("hangs", roomy), ("hangs", _WARM_UP)):
        with _server(state) as url:
            name = state if queue == roomy else f"{state}, full"
            sys.stdout.write(_line(name, _measure(url, calls, queue)))
            sys.stdout.flush()
    return 0


def _measure(url: str, calls: int, queue: int) -> list[int]:
    """Return the nanoseconds of each call, sorted, with room for so many events in the queue."""
    client = SegmentClient(
        "key",
        uuid4(),
        "default",
        url,
        delivery="background",
        timeout=600.0,
        max_queue=queue,
        max_queue_bytes=10_000_000_000,
    )
    visit = uuid4()
    spent = []
    for number in range(_WARM_UP + calls):
        properties = {"n": number, "path": "/pricing", "plan": "team"}
        began = perf_counter_ns()
        client.track(visit, "Report Exported", user_id="ada", properties=properties)
        spent.append(perf_counter_ns() - began)
    client.close(0)
    return sorted(spent[_WARM_UP:])


def _line(state: str, spent: Sequence[int]) -> str:
    def share(part: float) -> float:
        return spent[min(int(len(spent) * part), len(spent) - 1)] / 1_000

    rate = len(spent) / (sum(spent) / 1e9)
    figures = f"{share(0.5):>10.1f}{share(0.99):>10.1f}{share(0.999):>10.1f}{share(1):>12.1f}{rate:>12,.0f}"
    return f"{state:<14}{figures}\n"


@contextmanager
def _server(state: str) -> Iterator[str]:
    """Run a server in a process of its own, so that it takes no time of the program's; yield its URL."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(state, theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def _serve(state: str, pipe: Connection) -> None:
    with FakeServer(rule=lambda _: _ANSWERS[state]) as server:
        pipe.send(server.url)
        pipe.recv()


if __name__ == "__main__":
    sys.exit(main())
