"""A program that tracks numbered events into a spool, and says of each call that returned what it returned.

`python -m tests.soak.tracking_program URL SPOOL WORKER FIRST LAST RATE BEGAN START`, run by `lives`. A line
on stdout is an event's number, its message id, and the clock's times before and after the call. When all that
is in the spool has left it, events of other processes too, the last line is the client's counts, as JSON.
"""

import json
import logging
import os
import sys
from dataclasses import asdict
from pathlib import Path

from tests.client.support import ROOT, USER
from tests.soak.client import SECONDS, soak_client
from tests.soak.clock import FastClock

__all__ = ["main"]


def main(url: str, path: Path, worker: str, numbers: range, clock: FastClock) -> None:
    """Track the numbers, then wait until nothing is left."""
    with soak_client(url, clock, worker, spool=path, flush_interval=0.1) as client:
        for number in numbers:
            before = clock.now().isoformat()
            receipt = client.track(ROOT, "Soaked", user_id=USER, properties={"n": number})
            _say(f"{number} {receipt.message_id} {before} {clock.now().isoformat()}")
        if not client.flush(SECONDS):
            raise TimeoutError(f"{client.stats()} after {SECONDS} s")
        _say(json.dumps(asdict(client.stats())))


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # at once: what is in a buffer does not outlive SIGKILL


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    target, spool, name, first, last, rate, began, start = sys.argv[1:]
    main(
        target,
        Path(spool),
        name,
        range(int(first), int(last)),
        FastClock(float(rate), float(began), float(start)),
    )
