"""How fast a spool takes events on, and gives them out again.

`python -m benchmarks.spool [--events N] [--folder DIR]`. The first lines append events to a new file, each
thread waiting until its event is on disk; `fsync="power"` flushes the disk in each call. The next one claims
and settles them in batches, as the worker of a client does. The last lines deliver what waits, by whole
clients, from memory and from a spool, to a server that answers a batch of 100 after so many milliseconds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep
from uuid import uuid4

from segment_client import SegmentClient
from segment_client.clock import SystemClock
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.spool import Fsync, Spool
from segment_client.transport import Request, Response

__all__ = ["main"]

_BODY = b'{"type":"track","event":"Report Exported","properties":{"path":"/pricing","text":"%s"}}' % (
    b"x" * 500
)
_BATCH = 100
_BATCH_BYTES = 500_000
_POWER_SHARE = 10
"""How many times fewer events are enough where each call flushes the disk."""

_ANSWERS = (0, 10, 50)

_APPENDS: tuple[tuple[Fsync, int], ...] = (("process", 1), ("process", 8), ("power", 1), ("power", 8))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure each way of writing, then reading, and print a table."""
    parser = argparse.ArgumentParser(description="How fast a spool takes events on, and gives them out.")
    parser.add_argument("--events", type=int, default=40_000, help="events to measure a way by")
    parser.add_argument("--folder", type=Path, help="where to put the spool: on the disk to measure")
    arguments = parser.parse_args(argv)
    if arguments.events < _POWER_SHARE * 8:
        parser.error(f"--events is less than {_POWER_SHARE * 8}: too few to measure by")
    sys.stdout.write(f"events of {len(_BODY)} bytes\n\n{'':<8}{'fsync':<10}{'threads':>8}{'events/s':>12}\n")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for fsync, threads in _APPENDS:
            spool = _spool(Path(folder) / f"{fsync}-{threads}.db", fsync)
            count = arguments.events // (_POWER_SHARE if fsync == "power" else 1) // threads
            _tell("append", fsync, threads, count * threads / _append(spool, threads, count))
            if (fsync, threads) == _APPENDS[0]:
                drained = count / _drain(spool)
            spool.close()
    _tell("drain", "process", 1, drained)
    sys.stdout.write(f"\n{'deliver, answers after':<24}{'memory':>12}{'spool':>12}{'ratio':>8}\n")
    for milliseconds in _ANSWERS:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            memory, spooled = (
                _deliver(arguments.events // 4, milliseconds / 1000, path)
                for path in (None, Path(folder) / "delivered.db")
            )
        row = f"{milliseconds} ms", memory, spooled, spooled / memory
        sys.stdout.write("{:<24}{:>12,.0f}{:>12,.0f}{:>8.2f}\n".format(*row))
    return 0


def _spool(path: Path, fsync: Fsync) -> Spool:
    return Spool(
        path,
        1,
        SystemClock(),
        lease=60.0,
        max_age=3600.0,
        max_bytes=10_000_000_000,
        fsync=fsync,
        on_written=lambda _: None,
    )


def _append(spool: Spool, threads: int, count: int) -> float:
    """Return the seconds that so many threads take to append so many events each."""
    start = threading.Barrier(threads + 1)

    def append() -> None:
        events = [Outgoing(_BODY, "track", str(uuid4()), uuid4(), False) for _ in range(count)]
        start.wait()
        for event in events:
            spool.append(event)

    writers = [threading.Thread(target=append) for _ in range(threads)]
    for writer in writers:
        writer.start()
    start.wait()
    began = perf_counter()
    for writer in writers:
        writer.join()
    return perf_counter() - began


def _drain(spool: Spool) -> float:
    """Return the seconds in which all events are claimed and settled."""
    began = perf_counter()
    while batch := spool.claim(_BATCH, _BATCH_BYTES):
        spool.acknowledge(batch, "delivered")
    return perf_counter() - began


class _Server:
    """Answers with 200 after some seconds, once it is open."""

    def __init__(self, seconds: float) -> None:
        self.open = threading.Event()
        self._seconds = seconds

    def send(self, _: Request) -> Response:
        """Take a request."""
        self.open.wait()
        if self._seconds:
            sleep(self._seconds)
        return Response(200)

    def close(self) -> None:
        """Do nothing."""


def _deliver(count: int, seconds: float, path: Path | None) -> float:
    """Return how many events a second a client delivers of those that wait for the server to open."""
    server = _Server(seconds)
    with SegmentClient(
        "key", uuid4(), "default", delivery="background", max_queue=count, spool=path, transport=server
    ) as client:
        root = uuid4()
        for number in range(count):
            client.track(root, "Report Exported", user_id="u", properties={"rows": number})
        began = perf_counter()
        server.open.set()
        if not client.flush(600):
            raise TimeoutError(f"after 600 s: {client.stats()}")
        return count / (perf_counter() - began)


def _tell(what: str, fsync: str, threads: int, rate: float) -> None:
    sys.stdout.write(f"{what:<8}{fsync:<10}{threads:>8}{rate:>12,.0f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
