"""What is told of a request that was answered: for the access log, and counted for `/metrics`."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Literal, TextIO

from segment_client.collector.head import MASK
from segment_client.collector.paths import find_target, is_reading

__all__ = ["Access", "Log", "LogForm", "Record", "Tally", "shown_path"]

_SETTINGS = re.compile(r"(?P<head>(?:/v1)?/projects/)[^/]+(?P<tail>/.*)?")
_LONGEST = 200
_UNSAFE = re.compile(r"[^!-~]")
LogForm = Literal["plain", "json"]


@dataclass(frozen=True, slots=True)
class Record:
    """A request: who, what, the status (0 where no answer was sent), bytes of the bodies, seconds."""

    client: str
    method: str
    path: str
    status: int
    received: int
    sent: int
    seconds: float

    @property
    def kind(self) -> str:
        """What the request was for: to `receive` events, to `read`, or something `other`."""
        if find_target(self.path):
            return "receive"
        return "read" if is_reading(self.path) else "other"


Access = Callable[[Record], None]


def shown_path(path: str) -> str:
    """Return a path as it may be logged: no write key, no control character, not endless."""
    if find_target(path):
        return path
    found = _SETTINGS.fullmatch(path)
    shown = f"{found['head']}{MASK}{found['tail'] or ''}" if found else path
    return _UNSAFE.sub(lambda each: f"%{ord(each[0]):02X}", shown[:_LONGEST])


class Log:
    """Writes each record as a line: words for people, or with "json" an object for programs."""

    def __init__(self, stream: TextIO, form: LogForm, now: Callable[[], datetime]) -> None:
        self._stream = stream
        self._form = form
        self._now = now

    def __call__(self, record: Record) -> None:
        """Write a line."""
        time, took = self._now().isoformat(timespec="milliseconds"), round(record.seconds * 1000, 1)
        if self._form == "plain":
            said = f"{record.client} {record.method} {record.path} {record.status}"
            line = f"{time} {said} {record.received}>{record.sent} bytes {took} ms"
        else:
            told = {
                "time": time,
                "client": record.client,
                "method": record.method,
                "path": record.path,
                "status": record.status,
                "received_bytes": record.received,
                "sent_bytes": record.sent,
                "duration_ms": took,
            }
            line = json.dumps(told)
        self._stream.write(f"{line}\n")
        self._stream.flush()


class Tally:
    """Counts records, and the time that they took, for a server's lifetime. Safe to use from any thread."""

    LIMITS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
    """The upper bounds of the classes of duration, in seconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.requests: dict[tuple[str, int], int] = {}
        self.durations: dict[str, list[int]] = {}
        self.seconds: dict[str, float] = {}
        self.received = 0

    def __call__(self, record: Record) -> None:
        """Count a record."""
        kind = record.kind
        place = bisect_left(self.LIMITS, record.seconds)
        with self._lock:
            key = (kind, record.status)
            self.requests[key] = self.requests.get(key, 0) + 1
            self.durations.setdefault(kind, [0] * (len(self.LIMITS) + 1))[place] += 1
            self.seconds[kind] = self.seconds.get(kind, 0.0) + record.seconds
            self.received += record.received
