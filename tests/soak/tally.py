"""What a server did with each event, counted by the server itself."""

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tests.soak.fates import Fate

__all__ = ["Tally", "number_of"]


def number_of(event: Mapping[str, Any]) -> int:
    """Return the number that an event of a soak carries."""
    return int(event["properties"]["n"])


class Tally:
    """Counts by the events' numbers; what is counted is counted before the client can know of it.

    `taken` says how often an event was taken, `lost` how often the answer to that was withheld. `refused`
    has (number, status) for each event that was refused alone. `order` lists for each worker the events that
    it was the first to bring, `last` those that its last request settled. `fates` counts the requests by what
    became of them. `stamps` has the message id and timestamp of each event that was taken. `changed` names
    events that came again with another message id, timestamp or content.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._contents: dict[int, int] = {}
        self._answered = 0
        self.taken: Counter[int] = Counter()
        self.lost: Counter[int] = Counter()
        self.refused: Counter[tuple[int, int]] = Counter()
        self.fates: Counter[Fate] = Counter()
        self.order: defaultdict[str, list[int]] = defaultdict(list)
        self.last: dict[str, Sequence[int]] = {}
        self.stamps: dict[int, tuple[str, str]] = {}
        self.changed: list[int] = []

    @property
    def answered(self) -> int:
        """How often an event was taken and the answer not withheld."""
        with self._lock:
            return self._answered

    @property
    def refusals(self) -> int:
        """How often an event was refused alone."""
        with self._lock:
            return self.refused.total()

    def begin(self, worker: str, fate: Fate) -> None:
        """Count a worker's request."""
        with self._lock:
            self.fates[fate] += 1
            self.last[worker] = ()

    def take(self, worker: str, events: Sequence[Mapping[str, Any]], *, lost: bool) -> None:
        """Count events that the server takes, and those among them whose answer is withheld."""
        with self._lock:
            for event in events:
                number = number_of(event)
                content = hash(json.dumps(event, sort_keys=True))
                if self._contents.setdefault(number, content) != content:
                    self.changed.append(number)
                if not self.taken[number]:
                    self.order[worker].append(number)
                    self.stamps[number] = (event["messageId"], event["timestamp"])
                self.taken[number] += 1
                self.lost[number] += lost
            if not lost:
                self._answered += len(events)
                self.last[worker] = tuple(map(number_of, events))

    def refuse(self, worker: str, event: Mapping[str, Any], status: int) -> None:
        """Count an event that is refused alone."""
        with self._lock:
            self.refused[number_of(event), status] += 1
            self.last[worker] = (number_of(event),)
