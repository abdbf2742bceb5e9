"""A program that tracks events while its server hangs, and says what that took, as JSON.

`python -m tests.soak.hung_program URL CALLS MAX_BYTES [SPOOL]`, run by soak_hung.
"""

import json
import resource
import sys
import threading
from collections import Counter
from collections.abc import Mapping

from segment_client import SegmentClient
from segment_client.http import RequestsTransport
from segment_client.transport import Request, Response
from tests.client.support import ENTITY, KEY, ROOT, USER

__all__ = ["main"]

_WARM_UP = 100


class _Watch:
    """Notes what each thread does with the network: Python's own audit events, and requests to send."""

    def __init__(self) -> None:
        self.on_caller: Counter[str] = Counter()
        self.on_worker: Counter[str] = Counter()
        self._caller = threading.get_ident()
        sys.addaudithook(lambda event, _: self.note(event))

    def note(self, event: str) -> None:
        """Count an event of the network by the thread that it happens in."""
        if event.startswith(("socket.", "http.client.", "transport.")):
            counts = self.on_caller if threading.get_ident() == self._caller else self.on_worker
            counts[event] += 1


class _WatchedTransport:
    """Sends by HTTP. A socket's own `send` is no audit event; to be asked to send is one here."""

    def __init__(self, watch: _Watch) -> None:
        self._watch = watch
        self._http = RequestsTransport()

    def send(self, request: Request) -> Response:
        """Note the request, then post it."""
        self._watch.note("transport.send")
        return self._http.send(request)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def main(url: str, calls: int, max_bytes: int, spool: str | None = None) -> Mapping[str, object]:
    """Track so many events, and return the counts, the growth of memory in bytes and the network's use."""
    watch = _Watch()
    client = SegmentClient(
        KEY,
        ENTITY,
        "default",
        url,
        delivery="background",
        transport=_WatchedTransport(watch),
        timeout=300.0,
        max_queue=10 * calls,
        max_queue_bytes=max_bytes,
        spool=spool,
        spool_max_bytes=max_bytes,
    )
    _track(client, range(_WARM_UP))  # what is imported and started by the first call is no growth
    client.flush(0.5)
    before = _peak()
    statuses = _track(client, range(_WARM_UP, calls))
    growth = _peak() - before
    stats = client.stats()
    client.close(0)
    return {
        "statuses": statuses,
        "growth": growth,
        "accepted": stats.accepted,
        "pending": stats.pending,
        "spooled": stats.spooled,
        "dropped": stats.dropped,
        "on_caller": watch.on_caller,
        "on_worker": watch.on_worker,
    }


def _peak() -> int:
    """Return the most bytes of memory that this process has had so far, those of SQLite included."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _track(client: SegmentClient, numbers: range) -> Counter[str]:
    return Counter(
        client.track(ROOT, "Tracked", user_id=USER, properties={"n": number}).status for number in numbers
    )


if __name__ == "__main__":
    target, count, limit, *path = sys.argv[1:]
    sys.stdout.write(json.dumps(main(target, int(count), int(limit), *path)))
