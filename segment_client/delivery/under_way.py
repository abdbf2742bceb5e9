"""What a worker has claimed of a queue in memory, and not settled yet."""

from __future__ import annotations

from collections.abc import Sequence

from segment_client.delivery.outgoing import Outgoing

__all__ = ["UnderWay", "weight"]


class UnderWay:
    """The events under way, and their weight. The queue's lock is held by whoever asks."""

    def __init__(self) -> None:
        self._events: list[Outgoing] = []
        self.weight = 0

    def __len__(self) -> int:
        return len(self._events)

    def begin(self, events: Sequence[Outgoing], weight_of_all: int) -> None:
        """Take events on that were claimed."""
        self._events += events
        self.weight += weight_of_all

    def end(self, events: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """Let go of events; return those of them that were under way."""
        if len(events) == len(self._events):  # all of them: others are asked for only where none is left
            self._events, self.weight = [], 0
            return events
        asked = set(map(id, events))
        ended = [event for event in self._events if id(event) in asked]
        self._events = [event for event in self._events if id(event) not in asked]
        self.weight -= weight(ended)
        return ended

    def end_all(self) -> list[Outgoing]:
        """Let go of all events; return them."""
        events, self._events, self.weight = self._events, [], 0
        return events


def weight(events: Sequence[Outgoing]) -> int:
    """Return the bytes that events take in a batch, with a comma after each."""
    return sum([len(event.body) for event in events]) + len(events)
