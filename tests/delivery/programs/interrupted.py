"""Tracks while a signal handler raises in the middle of calls; says what the calls returned for."""

import itertools
import os
import random
import signal
import sys
from typing import Any

from tests.delivery.processes import server_client
from tests.delivery.support import track

INTERRUPTS = 400


class Interrupt(BaseException):
    """What the handler raises, as Python's own raises KeyboardInterrupt."""


def interrupt(*_: object) -> None:
    """Raise wherever the program is."""
    raise Interrupt


def main(options: dict[str, Any]) -> None:
    """Track in bursts, each ended by an interrupt; then flush, and hold the counts against the calls."""
    client = server_client(**options)
    signal.signal(signal.SIGALRM, interrupt)
    moments = random.Random(1)  # noqa: S311  # nothing secret: when to interrupt
    returned, numbers = list[int](), itertools.count()
    for _ in range(INTERRUPTS):
        try:
            signal.setitimer(signal.ITIMER_REAL, moments.uniform(1e-4, 1e-3))
            while True:
                number = next(numbers)
                track(client, 1, number)
                returned.append(number)
        except Interrupt:
            continue
    assert client.flush(20), client.stats()
    stats = client.stats()
    assert stats.accepted == stats.delivered >= len(returned), stats
    assert client.close()
    os.write(1, "".join(f"{number}\n" for number in returned).encode())


if __name__ == "__main__":
    main({"spool": sys.argv[1]} if sys.argv[1:] else {"max_queue": 1_000_000})
